"""Doing one thing to many reports: each through its own action and permission, none that the person has not read as it is now.

What needs a judgement of each case (verifying, closing, voiding) is never done in bulk.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.in_bulk import MOST, Outcome, Ticked, Unread, one_each, outcome_of

from ..models import Report
from ..routing import Recipient
from . import handling, oversight
from .opening import has_read, note_opening


def _recipient(text: str, row: Report) -> Recipient:
    """`department:3`, or `level:9`: the desk of the town, village or grid in which this very report lies. Raises DomainError."""
    kind, _colon, key = text.partition(":")
    if kind == "department" and key.isdigit():
        department = Department.objects.filter(pk=int(key)).first()
        if department is not None:
            return Recipient(department)
    if kind == "level" and key in {"9", "12", "15"}:
        if len(row.area_code) < int(key):
            raise DomainError(_("It is not known so exactly where it lies."), field="recipient")
        return Recipient(desk_code=row.area_code[: int(key)])
    raise DomainError(_("Choose to whom."), field="recipient")


Deed = Callable[[Actor, Report, Mapping[str, Any], datetime], Any]

DEEDS: dict[str, Deed] = {
    "sign_for": lambda actor, row, data, now: handling.sign_for(actor=actor, report_id=row.pk, now=now),
    "dispatch": lambda actor, row, data, now: handling.dispatch(
        actor=actor, report_id=row.pk, recipient=_recipient(data["recipient"], row), now=now
    ),
    "classify": lambda actor, row, data, now: handling.classify(
        actor=actor, report_id=row.pk, category=data["category"], urgency=data["urgency"], now=now
    ),
    "hasten": lambda actor, row, data, now: oversight.hasten(actor=actor, report_id=row.pk, reason=data["reason"], now=now),
    "add_note": lambda actor, row, data, now: oversight.add_note(actor=actor, report_id=row.pk, reason=data["reason"], now=now),
}
"""What may be done to many at once."""


def do_in_bulk(*, actor: Actor, verb: str, ticked: Iterable[Ticked], data: Mapping[str, Any], now: datetime | None = None) -> list[Outcome]:
    """Do `verb` to each ticked report that the actor may see, one transaction per row; answers what came of each, in order.

    A row that changed since it was ticked, as by the first of two clicks, or that she has not read since it changed, is refused.
    Raises KeyError for a verb that is never done in bulk, DomainError for too many rows.
    """
    deed, chosen = DEEDS[verb], one_each(ticked)
    if not chosen:
        raise DomainError(_("Tick at least one report."))
    if len(chosen) > MOST:
        raise DomainError(_("At most %(most)d reports at once.") % {"most": MOST})
    rows = {row.code: row for row in Report.objects.visible_to(actor.scope).filter(code__in=[one.code for one in chosen])}
    return [_one(actor, deed, one, rows.get(one.code), data, now or clock.now()) for one in chosen]


def _one(actor: Actor, deed: Deed, ticked: Ticked, seen: Report | None, data: Mapping[str, Any], now: datetime) -> Outcome:
    if seen is None:
        return Outcome(ticked.code, "", False, _("There is no such report in your areas."))

    def do() -> None:
        row = Report.objects.locked(pk=seen.pk)
        ticked.refuse_changed(row)
        if not has_read(user_id=actor.user_id, row=row):
            raise Unread(_("You have not opened it since it last changed."))
        deed(actor, row, data, now)
        row.refresh_from_db(fields=["changed_at"])
        note_opening(actor=actor, row=row, now=now)  # what she did herself she knows

    return outcome_of(seen.code, seen.title, do)
