"""The ledger's daily signature."""

from celery import shared_task
from django.db import transaction

from tongshan_portal.kernel import queues

from . import checkpoints
from .record import PortalPart, record


@shared_task(name=queues.CHECKPOINT_LEDGER, ignore_result=True)
def checkpoint() -> None:
    """Sign the heads of all strands, so that a later change of what lies before shows even to who holds the database."""
    with transaction.atomic():
        taken = checkpoints.take()
        record(actor=PortalPart("checkpoint_ledger"), verb="ledger.checkpointed", detail={"strands": len(taken.heads)})
