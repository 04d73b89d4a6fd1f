"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.kernel import queues

from .actions.sweeping import sweep_clocks
from .actions.telling_views import sweep_views


@shared_task(name=queues.SWEEP_REPORTS)
def sweep_reports() -> None:
    sweep_clocks()


@shared_task(name=queues.SWEEP_VIEWS)
def sweep_saved_views() -> None:
    sweep_views()
