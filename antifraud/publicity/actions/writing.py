"""Drafting a notice, correcting it, and drafting its update."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grids.areas.codes import LENGTHS, Level, smallest_cover
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, can, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.publish import carries_personal_data

from .. import notices
from ..enums import NoticeState, Urgency
from ..models import Advice, FraudNotice, NoticeArea
from ..settings import LONGEST, SMS_LENGTH
from ..workflow import STEPS

WORDS = ("title_zh", "title_en", "text_zh", "text_en", "sms_text")
FIELDS = (*WORDS, "advice", "urgency", "to_residents", "to_followers", "to_staff", "valid_until")
"""What the desk writes, beside the areas."""
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST_AREAS = 50


def new_number() -> str:
    """A number for people to name a notice by: `FN-` and eight characters that nobody mistakes for others."""
    return "FN-" + "".join(secrets.choice(ALPHABET) for _place in range(8))


def common_area(codes: Sequence[str]) -> str:
    """The smallest area that holds all of them. Raises DomainError where two districts meet."""
    shared = [length for length in LENGTHS if all(code[:length] == codes[0][:length] and len(code) >= length for code in codes)]
    if not shared:
        raise DomainError(_("Choose areas of one district."), field="areas")
    return codes[0][: shared[-1]]


def check_areas(codes: Sequence[str]) -> list[str]:
    """The areas without those that lie within another one. Raises DomainError for none, too many, or one that is not in force."""
    kept = smallest_cover(list(codes))
    if not kept:
        raise DomainError(_("Choose at least one area."), field="areas")
    if len(kept) > MOST_AREAS:
        raise DomainError(_("At most %(limit)d areas: choose the town instead of its villages.") % {"limit": MOST_AREAS}, field="areas")
    known = set(Area.objects.filter(pk__in=kept, valid_to=None, level__lte=Level.GRID).values_list("pk", flat=True))
    if unknown := [code for code in kept if code not in known]:
        raise DomainError(_("No area in force has the code %(code)s.") % {"code": unknown[0]}, field="areas")
    return kept


def _checked(given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What was given, trimmed. Raises DomainError with the field for what a notice must not be."""
    kept = {name: given[name].strip() if name in WORDS else given[name] for name in FIELDS if name in given}
    for name in ("title_zh", "text_zh"):
        if not kept[name]:
            raise DomainError(_("Write it in Chinese at least."), field=name)
    for name in WORDS:
        if carries_personal_data(kept.get(name, "")):
            raise DomainError(_("Leave out telephone and identity numbers of persons: everybody reads this."), field=name)
    if len(kept["sms_text"]) > SMS_LENGTH:
        raise DomainError(_("A short message has at most %(limit)d characters.") % {"limit": SMS_LENGTH}, field="sms_text")
    if not (kept["to_residents"] or kept["to_followers"] or kept["to_staff"]):
        raise DomainError(_("Say for whom it is."), field="to_residents")
    if kept["urgency"] not in Urgency.values:
        raise DomainError(_("Say how urgent it is."), field="urgency")
    if not now < kept["valid_until"] <= now + LONGEST:
        raise DomainError(_("The end lies in the future, at most %(days)d days away.") % {"days": LONGEST.days}, field="valid_until")
    return kept


def _set_areas(row: FraudNotice, codes: Sequence[str]) -> None:
    rows = NoticeArea.objects.unscoped("the areas of a notice that the action holds").filter(notice=row)
    rows.exclude(area_code__in=codes).delete()
    NoticeArea.objects.bulk_create([NoticeArea(notice=row, area_code=code) for code in codes], ignore_conflicts=True)


@transaction.atomic
def draft_notice(
    *, actor: Actor, areas: Sequence[str], now: datetime | None = None, is_synthetic: bool = False, **given: Any
) -> FraudNotice:
    """Write a notice (`FIELDS`) for areas of the actor's. Raises NotAllowed, DomainError with the field."""
    moment = now or clock.now()
    codes = check_areas(areas)
    require(actor, "publicity.write", Place(common_area(codes)))
    row = FraudNotice(
        number=new_number(), area_code=common_area(codes), written_by=actor.user, written_at=moment, is_synthetic=is_synthetic,
        **_checked(given, moment),
    )  # fmt: skip
    row.save(force_insert=True)
    _set_areas(row, codes)
    record(actor=actor, verb="fraud_notice.drafted", row=row)
    notices.publish_inside(row, "fraud_notice.drafted")
    return row


@transaction.atomic
def correct_notice(*, actor: Actor, notice_id: int, areas: Sequence[str], now: datetime | None = None, **given: Any) -> FraudNotice:
    """Correct a draft. Raises NotAllowed (also for areas outside the actor's), InvalidTransition, DomainError with the field."""
    moment = now or clock.now()
    row = FraudNotice.objects.locked(pk=notice_id)
    STEPS.step(row, "correct", may=partial(can, actor), actor_id=actor.user_id)
    codes = check_areas(areas)
    require(actor, "publicity.write", Place(common_area(codes)))
    wanted = {**_checked(given, moment), "area_code": common_area(codes)}
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    row.save(update_fields=[*changed])
    before = set(NoticeArea.objects.unscoped("the areas of the locked notice").filter(notice=row).values_list("area_code", flat=True))
    _set_areas(row, codes)
    changed += ["areas"] if before != set(codes) else []
    record(actor=actor, verb="fraud_notice.corrected", row=row, detail={"fields": ", ".join(changed)})
    notices.publish_inside(row, "fraud_notice.corrected")
    return row


@transaction.atomic
def draft_update(*, actor: Actor, notice_id: int, now: datetime | None = None) -> FraudNotice:
    """A draft with the words of a published notice, which it will replace.

    Raises NotAllowed, InvalidTransition, Conflict where one waits already.
    """
    moment = now or clock.now()
    old = FraudNotice.objects.locked(pk=notice_id)
    STEPS.step(old, "draft_update", may=partial(can, actor), actor_id=actor.user_id)
    waiting = FraudNotice.objects.unscoped("whether another update waits").filter(replaces=old).exclude(state=NoticeState.DISCARDED).first()
    if waiting is not None:
        raise Conflict(_("The update %(number)s is being written already.") % {"number": waiting.number})
    kept = {name: getattr(old, name) for name in FIELDS}
    row = FraudNotice(
        number=new_number(), area_code=old.area_code, written_by=actor.user, written_at=moment, replaces=old, is_synthetic=old.is_synthetic,
        **{**kept, "to_followers": False},
    )  # fmt: skip
    row.save(force_insert=True)
    _set_areas(
        row, list(NoticeArea.objects.unscoped("the areas of the locked notice").filter(notice=old).values_list("area_code", flat=True))
    )
    record(actor=actor, verb="fraud_notice.drafted", row=row, detail={"replaces": old.number})
    notices.publish_inside(row, "fraud_notice.drafted")
    return row


def advice_in_use(code: str) -> Advice:
    """The type of fraud by its code. Raises DomainError where it is not in use."""
    row = Advice.objects.filter(code=code, in_use=True).first()
    if row is None:
        raise DomainError(_("Choose a type of fraud."), field="advice")
    return row
