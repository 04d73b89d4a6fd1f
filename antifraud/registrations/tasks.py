"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock, queues

from .actions import registering, sending
from .settings import CODES_KEPT


@shared_task(name=queues.SEND_MESSAGES)
def send_messages() -> None:
    sending.send_due()


@shared_task(name=queues.WAKE_MESSAGES)
def wake_messages() -> None:
    sending.wake_waiting(now=clock.now())


@shared_task(name=queues.SWEEP_REGISTRATIONS)
def sweep_registrations() -> None:
    now = clock.now()
    registering.erase_old(actor=system_actor("registrations_sweep"), now=now)
    registering.forget_codes(now=now, after=CODES_KEPT)
