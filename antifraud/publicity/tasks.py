"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.kernel import queues

from .actions import publishing, sending


@shared_task(name=queues.SWEEP_PUBLICITY)
def sweep() -> None:
    publishing.expire_due()
    sending.send_portions()
