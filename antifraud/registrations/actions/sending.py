"""Short messages: written with the change that causes them, handed to the gateway afterwards, tried again, given up visibly."""

import logging
from datetime import datetime, timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tongshan_portal.kernel import clock, queues
from tongshan_portal.kernel.sealed import open_sealed

from .. import sms
from ..enums import Sending
from ..models import Message, PhoneCode

log = logging.getLogger(__name__)
PAUSES = (5, 15, 45, 120)
"""Seconds between attempts; after the last one the message is given up."""
BATCH = 50


def queue_message(*, phone: str, words: str, code: PhoneCode | None, lasts: timedelta, now: datetime) -> Message:
    """Write a message into the outbox, in the caller's transaction, and wake the worker after it."""
    row = Message.objects.create(code=code, phone=phone, words=words, created_at=now, due_at=now, expires_at=now + lasts)
    transaction.on_commit(wake)
    return row


def wake() -> None:
    """Wake the worker. Never raises: what is not woken is found by the sweep."""
    try:
        current_app.send_task(queues.SEND_MESSAGES, queue=queues.MESSAGES, retry=False, ignore_result=True, expires=60)
    except (OperationalError, RedisError, OSError) as error:
        log.warning("the queue did not take a wake-up for messages: %s", type(error).__name__)


def send_due(*, now: datetime | None = None) -> int:
    """Hand over what is due, one by one; answers how many were sent.

    An attempt is written down before the gateway is asked: who is killed in between sends that message once more, and loses none.
    """
    sent = 0
    for _turn in range(BATCH):
        row = _claim(now or clock.now())
        if row is None:
            return sent
        sent += _hand_over(row, now)
    wake()
    return sent


@transaction.atomic
def _claim(now: datetime) -> Message | None:
    rows = Message.objects.select_for_update(skip_locked=True).filter(state=Sending.WAITING, due_at__lte=now)
    # A code that somebody waits for goes first, then what ends soonest: a call for help before notices to many.
    row = rows.order_by(IsNull(F("code"), True), "expires_at", "due_at", "pk").first()
    if row is None:
        return None
    if row.attempts > len(PAUSES):  # killed at its last attempt: not known to be sent
        _finish(row, Sending.FAILED, now, "interrupted")
        return row
    pause = PAUSES[min(row.attempts, len(PAUSES) - 1)]
    row.attempts += 1
    row.due_at = now + timedelta(seconds=pause)
    row.save(update_fields=["attempts", "due_at"])
    return row


def _hand_over(row: Message, now: datetime | None) -> int:
    if row.state != Sending.WAITING:
        return 0
    moment = now or clock.now()
    if row.expires_at <= moment:
        return _settle(row.pk, Sending.FAILED, moment, "too late")
    try:
        assert row.phone is not None and row.words is not None  # by constraint while it waits
        sms.gateway().send(open_sealed(row.phone), open_sealed(row.words))
    except sms.Refused as error:
        log.warning("message %s was refused: %s", row.pk, error)
        return _settle(row.pk, Sending.FAILED, moment, str(error))
    except sms.Unavailable as error:
        log.warning("message %s was not taken: %s", row.pk, error)
        if row.attempts > len(PAUSES):
            return _settle(row.pk, Sending.FAILED, moment, str(error))
        Message.objects.filter(pk=row.pk).update(fault=str(error)[:200])
        return 0
    return _settle(row.pk, Sending.SENT, moment, "")


@transaction.atomic
def _settle(pk: int, state: Sending, now: datetime, fault: str) -> int:
    row = Message.objects.select_for_update().filter(pk=pk, state=Sending.WAITING).first()
    if row is None:
        return 0
    _finish(row, state, now, fault)
    return int(state == Sending.SENT)


def _finish(row: Message, state: Sending, now: datetime, fault: str) -> None:
    """Number and words go: what was sent is known to the gateway and its receiver."""
    row.state, row.done_at, row.fault, row.phone, row.words = state, now, fault[:200], None, None
    row.save(update_fields=["state", "done_at", "fault", "phone", "words"])


def wake_waiting(*, now: datetime) -> None:
    """For the sweep: wake the worker when something is due, whose wake-up was lost."""
    if Message.objects.filter(Q(due_at__lte=now), state=Sending.WAITING).exists():
        wake()
