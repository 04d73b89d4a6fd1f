"""Waking a worker: after the commit, by task name. When the queue cannot be reached the sweep wakes it later."""

import logging
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from tongshan_portal.kernel import queues

log = logging.getLogger(__name__)


def wake(task: str, run_id: UUID) -> None:
    """Send `task` for a run when the transaction has committed."""

    def send() -> None:
        try:
            current_app.send_task(task, kwargs={"run_id": str(run_id)}, queue=queues.BULK, retry=False)
        except (OperationalError, ConnectionError) as error:
            log.warning("the queue did not take %s for %s: %s", task, run_id, type(error).__name__)

    transaction.on_commit(send)
