"""From the draft to the end: submit, take back, send back, publish, cancel, expire."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.publish import carries_personal_data

from .. import notices
from ..cap import messages
from ..enums import MessageKind, NoticeState
from ..models import FraudNotice, NoticeArea
from ..settings import NOTICES_PER_DAY
from ..workflow import DONE, STEPS
from . import sending


def codes_of(row: FraudNotice) -> list[str]:
    """The areas of a notice that the action holds."""
    rows = NoticeArea.objects.unscoped("the areas of a notice that the action holds").filter(notice=row)
    return list(rows.order_by("area_code").values_list("area_code", flat=True))


def _take(
    actor: Actor, notice_id: int, verb: str, change: Mapping[str, Any], *, given: Mapping[str, Any] | None = None, reason: str = ""
) -> FraudNotice:
    """Lock, ask the table, change, write the ledger. The caller tells whoever is to hear of it."""
    row = FraudNotice.objects.locked(pk=notice_id)
    taken = STEPS.step(row, verb, may=partial(can, actor), actor_id=actor.user_id, given=given)
    for name, value in {"state": taken.target(row.state), **change}.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *change])
    record(actor=actor, verb=DONE[verb], row=row, reason=reason)
    return row


@transaction.atomic
def submit_notice(*, actor: Actor, notice_id: int, now: datetime | None = None) -> FraudNotice:
    """Submit a draft for approval. Raises NotAllowed, InvalidTransition, DomainError for what is missing."""
    change = {"submitted_by": actor.user, "submitted_at": now or clock.now(), "sent_back_reason": ""}
    row = _take(actor, notice_id, "submit", change)
    notices.tell_approvers(row)
    notices.publish_inside(row, DONE["submit"])
    return row


@transaction.atomic
def take_back(*, actor: Actor, notice_id: int) -> FraudNotice:
    """Make a draft of it again before anybody approved it. Raises NotAllowed, InvalidTransition."""
    row = _take(actor, notice_id, "take_back", {"submitted_by": None, "submitted_at": None})
    notices.publish_inside(row, DONE["take_back"])
    return row


@transaction.atomic
def send_back(*, actor: Actor, notice_id: int, reason: str) -> FraudNotice:
    """Send it back to whoever wrote it, with a reason. Raises NotAllowed, InvalidTransition, DomainError."""
    why = reason.strip()[:500]
    change = {"submitted_by": None, "submitted_at": None, "sent_back_reason": why}
    row = _take(actor, notice_id, "send_back", change, given={"reason": reason}, reason=why)
    notices.tell_writer(row)
    notices.publish_inside(row, DONE["send_back"])
    return row


@transaction.atomic
def discard_notice(*, actor: Actor, notice_id: int, now: datetime | None = None) -> FraudNotice:
    """Give a draft up; it stays for the desk to see. Raises NotAllowed, InvalidTransition."""
    row = _take(actor, notice_id, "discard", {"ended_at": now or clock.now()})
    notices.publish_inside(row, DONE["discard"])
    return row


@transaction.atomic
def publish_notice(*, actor: Actor, notice_id: int, now: datetime | None = None) -> FraudNotice:
    """Approve and publish: the public page, the feed, the desks and the short messages in one transaction; what it replaces ends.

    Raises NotAllowed (also for whoever wrote or submitted it), InvalidTransition, DomainError when the areas had enough messages today.
    """
    moment = now or clock.now()
    row = _take(actor, notice_id, "publish", {"published_by": actor.user, "published_at": moment})
    codes = codes_of(row)
    _replace(actor, row, moment)
    if row.to_residents:
        messages.publish(row, codes, MessageKind.UPDATE if row.replaces_id else MessageKind.ALERT, moment)
    if row.to_followers:
        _check_limit(row, codes, moment)
        sending.begin(row, codes, now=moment)
    notices.publish_outside(row, DONE["publish"], codes)
    notices.tell_the_desks(row, "publicity.updated" if row.replaces_id else "publicity.published", codes)
    return row


def _replace(actor: Actor, row: FraudNotice, now: datetime) -> None:
    """What the notice replaces ends; InvalidTransition where it ended otherwise meanwhile."""
    if row.replaces_id is None:
        return
    old = FraudNotice.objects.locked(pk=row.replaces_id)
    taken = STEPS.step(old, "replace", may=partial(can, actor), actor_id=None)
    old.state, old.ended_at = taken.target(old.state), now
    old.save(update_fields=["state", "ended_at"])
    record(actor=actor, verb=DONE["replace"], row=old, detail={"by": row.number})
    sending.stop(old, now=now)
    # Where the audience or the areas shrank, those who heard of the old one still hear that it ended.
    notices.publish_outside(old, DONE["replace"], codes_of(old))
    if old.to_residents and not row.to_residents:
        messages.publish(old, codes_of(old), MessageKind.CANCEL, now)


def _check_limit(row: FraudNotice, codes: list[str], now: datetime) -> None:
    others = FraudNotice.objects.unscoped("how many messages the areas had").filter(
        to_followers=True, published_at__gt=now - timedelta(days=1)
    )
    for code in codes:
        if others.exclude(pk=row.pk).for_area(code).count() >= NOTICES_PER_DAY:
            words = _("These areas had %(limit)d notices by short message within a day. Publish it without, or later.")
            raise DomainError(words % {"limit": NOTICES_PER_DAY})


@transaction.atomic
def cancel_notice(*, actor: Actor, notice_id: int, reason: str, now: datetime | None = None) -> FraudNotice:
    """Cancel a published notice; the reason is public. Raises NotAllowed, InvalidTransition, DomainError without a reason."""
    moment, why = now or clock.now(), reason.strip()[:500]
    if carries_personal_data(why):
        raise DomainError(_("Leave out telephone and identity numbers of persons: everybody reads this."), field="reason")
    row = _take(actor, notice_id, "cancel", {"ended_at": moment, "end_reason": why}, given={"reason": reason}, reason=why)
    codes = codes_of(row)
    if row.to_residents:
        messages.publish(row, codes, MessageKind.CANCEL, moment)
    sending.stop(row, now=moment)
    notices.publish_outside(row, DONE["cancel"], codes)
    notices.tell_the_desks(row, "publicity.cancelled", codes)
    return row


def expire_due(*, now: datetime | None = None) -> int:
    """For the sweep: end the notices whose period of validity is over; answers how many. CAP says it by `expires`, without a message."""
    moment, actor, number = now or clock.now(), system_actor("publicity"), 0
    due = FraudNotice.objects.unscoped("the sweep ends what is over for everybody").filter(
        state=NoticeState.PUBLISHED, valid_until__lte=moment
    )
    for pk in list(due.order_by("valid_until").values_list("pk", flat=True)[:200]):
        with transaction.atomic():
            row = FraudNotice.objects.locked(pk=pk)
            if row.state != NoticeState.PUBLISHED or row.valid_until > moment:
                continue
            row.state, row.ended_at = STEPS.find(row.state, "expire").target(row.state), moment
            row.save(update_fields=["state", "ended_at"])
            record(actor=actor, verb=DONE["expire"], row=row)
            sending.stop(row, now=moment)
            notices.publish_outside(row, DONE["expire"], codes_of(row))
            number += 1
    return number
