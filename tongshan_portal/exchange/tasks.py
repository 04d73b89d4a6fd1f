"""Celery tasks of the exchange: wake-ups. The rows are the truth."""

from uuid import UUID

from celery import shared_task

from tongshan_portal.kernel import queues

from . import export_worker, sweep, worker
from .conf import limit
from .intake.actions import forget_nonces


@shared_task(name=queues.RUN_IMPORT)
def run_import(*, run_id: str) -> None:
    worker.run_import(UUID(run_id), seconds=limit("SLICE_SECONDS"))


@shared_task(name=queues.RUN_EXPORT)
def run_export(*, run_id: str) -> None:
    export_worker.run_export(UUID(run_id))


@shared_task(name=queues.SWEEP_EXCHANGE)
def sweep_exchange() -> None:
    sweep.wake_stalled()
    sweep.erase_old()
    forget_nonces()
