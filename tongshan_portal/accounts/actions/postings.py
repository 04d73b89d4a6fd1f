"""Giving and ending postings."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from grids.areas.codes import is_area_code, level_of
from grids.areas.models import Area
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, InvalidTransition
from tongshan_portal.ledger.public import record

from ..actor import Actor
from ..enums import ADMINISTRATORS, NEEDS_DEPARTMENT, ROLES, Role
from ..models import Department, Posting, User
from ..policy import require
from .telling import tell_access_changed


def _require_fitting(posting: Posting) -> None:
    """The rules that the database repeats, said in sentences."""
    role = Role(posting.role)
    if not is_area_code(posting.area_code) or not Area.objects.filter(pk=posting.area_code).exists():
        raise DomainError(_("There is no area with this code."), field="area")
    if level_of(posting.area_code) not in ROLES[role].levels:
        levels = _(" or ").join(str(level.label) for level in sorted(ROLES[role].levels))
        raise DomainError(_("The role %(role)s is given at the level %(levels)s.") % {"role": role.label, "levels": levels}, field="area")
    if role in NEEDS_DEPARTMENT and posting.department_id is None:
        raise DomainError(_("The role %(role)s needs a department.") % {"role": role.label}, field="department")
    if posting.ends_on is not None and posting.ends_on < posting.starts_on:
        raise DomainError(_("The last day lies before the first."), field="ends_on")


def _require_free(posting: Posting) -> None:
    """No second administrator's role, and not the same posting twice, on any day of it."""
    meeting = Posting.objects.unscoped("a person's postings exclude each other wherever they are").filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=posting.starts_on), user_id=posting.user_id
    )
    if posting.ends_on is not None:
        meeting = meeting.filter(starts_on__lte=posting.ends_on)
    if posting.role in ADMINISTRATORS and meeting.filter(role__in=ADMINISTRATORS).exclude(role=posting.role).exists():
        raise DomainError(
            _("The three administrators are three persons: this one already has another administrator's posting."), field="role"
        )
    if meeting.filter(role=posting.role, area_code=posting.area_code, department=posting.department).exists():
        raise DomainError(_("The person has this posting in that time already."), field="starts_on")


@transaction.atomic
def give_posting(
    *,
    actor: Actor,
    user: User,
    role: Role,
    area_code: str,
    starts_on: date,
    ends_on: date | None = None,
    department: Department | None = None,
) -> Posting:
    """Give a person a role in an area from a day (until another, included). Raises DomainError for what does not fit."""
    user = User.objects.select_for_update().get(pk=user.pk)
    posting = Posting(user=user, role=role, area_code=area_code, department=department, starts_on=starts_on, ends_on=ends_on)
    require(actor, "postings.give", posting)
    _require_fitting(posting)
    _require_free(posting)
    try:
        with transaction.atomic():
            posting.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(_("This posting does not go together with another one of the person.")) from error
    detail = {"user": user.pk, "role": str(role), "from": starts_on.isoformat(), "until": ends_on.isoformat() if ends_on else None}
    record(actor=actor, verb="posting.given", row=posting, area_code=area_code, detail=detail)
    tell_access_changed(user.pk)
    return posting


@transaction.atomic
def end_posting(*, actor: Actor, posting_id: int, last_day: date | None = None, reason: str) -> Posting:
    """End a posting after `last_day` (yesterday when none is given, so at once). It stays as history; one that never began gets one day."""
    posting = Posting.objects.locked(pk=posting_id)
    require(actor, "postings.end", posting)
    today = clock.today()
    if posting.state_on(today) == "ended":
        raise InvalidTransition(_("This posting has ended already."))
    if not reason.strip():
        raise DomainError(_("Say why the posting ends."), field="reason")
    before, after = posting.ends_on, max(last_day or _yesterday(today), posting.starts_on)
    if last_day is not None and last_day < posting.starts_on:
        raise DomainError(_("The last day lies before the first."), field="last_day")
    if before is not None and after > before:
        raise DomainError(_("The posting ends earlier than that: give a new one instead."), field="last_day")
    posting.ends_on = after
    posting.save(update_fields=["ends_on"])
    changed = {"ends_on": [before.isoformat() if before else None, after.isoformat()]}
    record(actor=actor, verb="posting.ended", row=posting, reason=reason, detail={"user": posting.user_id, "changed": changed})
    tell_access_changed(posting.user_id)
    return posting


def _yesterday(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
