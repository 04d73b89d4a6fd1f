"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.kernel import queues

from .actions.sweeping import sweep_alerts
from .evaluation.keeping import sweep_tallies as add_up


@shared_task(name=queues.SWEEP_ALERTS)
def sweep() -> None:
    sweep_alerts()


@shared_task(name=queues.SWEEP_ALERT_TALLIES)
def sweep_tallies() -> None:
    add_up()
