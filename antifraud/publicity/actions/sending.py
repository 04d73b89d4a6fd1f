"""Short messages to registered followers: portion after portion through the outbox of the registrations."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from antifraud.registrations import public as registrations
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import Event, publish_many

from ..enums import RunState
from ..models import FraudNotice, MessageRun, NoticeArea
from ..notices import DESK_TOPIC
from ..settings import MESSAGES_FROM, MESSAGES_UNTIL, PORTION


def begin(row: FraudNotice, codes: Sequence[str], *, now: datetime) -> MessageRun:
    """Write down who is to be reached, in the transaction of the publication: those who follow now, in the areas, each number once."""
    total, upto = registrations.count_followers(codes)
    return MessageRun.objects.create(notice=row, total=total, upto=upto, started_at=now)


def stop(row: FraudNotice, *, now: datetime) -> None:
    """Nobody else is reached: what still waits in the outbox is taken out of it and counts as not sent."""
    run = MessageRun.objects.select_for_update().filter(notice=row, state=RunState.RUNNING).first()
    if run is None:
        return
    registrations.take_back(run.open_ids)
    _settle(run)
    _end(run, RunState.STOPPED, now)


def open_hours(now: datetime) -> timedelta | None:
    """How long messages may still go out today; None in the quiet hours."""
    local = timezone.localtime(now)
    if not MESSAGES_FROM <= local.time() < MESSAGES_UNTIL:
        return None
    return local.replace(hour=MESSAGES_UNTIL.hour, minute=MESSAGES_UNTIL.minute, second=0, microsecond=0) - local


def send_portions(*, now: datetime | None = None) -> int:
    """For the sweep: of every run that goes on, count what is done and queue the next portion; answers how many messages were queued.

    Portion and cursor are one transaction: killed at any moment, a run goes on where it was and reaches nobody twice.
    """
    moment = now or clock.now()
    runs = list(MessageRun.objects.filter(state=RunState.RUNNING).order_by("pk").values_list("pk", flat=True))
    return sum(_go_on(pk, moment) for pk in runs)


@transaction.atomic
def _go_on(pk: int, now: datetime) -> int:
    run = MessageRun.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk, state=RunState.RUNNING).first()
    if run is None:
        return 0
    _settle(run)
    left = open_hours(now)
    if run.open_ids or left is None:
        run.save(update_fields=["open_ids", "sent", "failed"])
        return 0
    codes = NoticeArea.objects.unscoped("the areas of the notice that is sent").filter(notice_id=run.notice_id)
    portion = registrations.queue_for_followers(
        list(codes.values_list("area_code", flat=True)), words=run.notice.sms_text, after=run.last_id, upto=run.upto, limit=PORTION,
        lasts=left, now=now,
    )  # fmt: skip
    if not portion.message_ids:
        _end(run, RunState.DONE, now)
        return 0
    run.open_ids, run.last_id = portion.message_ids, portion.last_id
    run.save(update_fields=["open_ids", "last_id", "sent", "failed"])
    _tell(run)
    return len(portion.message_ids)


def _settle(run: MessageRun) -> None:
    """Count what became of the portion once nothing of it waits. What the outbox no longer knows counts as not sent."""
    if not run.open_ids:
        return
    fate = registrations.fate_of(run.open_ids)
    if fate.waiting:
        return
    run.sent += fate.sent
    run.failed += len(run.open_ids) - fate.sent
    run.open_ids = []


def _end(run: MessageRun, state: RunState, now: datetime) -> None:
    run.state, run.done_at, run.open_ids = state, now, []
    run.save(update_fields=["state", "done_at", "open_ids", "sent", "failed"])
    detail = {"sent": run.sent, "failed": run.failed, "total": run.total}
    record(actor=system_actor("publicity"), verb="fraud_notice.sent_out", row=run.notice, detail=detail)
    _tell(run)


def _tell(run: MessageRun) -> None:
    publish_many([Event(DESK_TOPIC, "fraud_notice.sending", run.notice.area_code, {"notice": run.notice.number})])
