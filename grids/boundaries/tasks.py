"""Celery tasks: wake-ups. The rows are the truth."""

from uuid import UUID

from celery import shared_task

from tongshan_portal.kernel import queues

from . import sweep, worker


@shared_task(name=queues.RUN_BOUNDARIES)
def run_boundaries(*, run_id: str) -> None:
    worker.run_boundaries(UUID(run_id))


@shared_task(name=queues.SWEEP_BOUNDARIES)
def sweep_boundaries() -> None:
    sweep.wake_stalled()
    sweep.erase_old()
