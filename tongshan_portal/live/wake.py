"""The wake-up after a commit: at most one drain waits in the queue, however many publish."""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tongshan_portal.kernel import queues

from . import store

log = structlog.get_logger(__name__)
HOLDS_MS = 1000
"""A wake-up that was lost with its worker blocks the next one no longer than this."""


def wake() -> None:
    """Enqueue a drain unless one is waiting. Never raises: what is not woken is found by the sweep.

    The flag falls when the drain begins, before it looks for rows. So who finds it up committed before that look.
    """
    try:
        if store.client().set(store.wake_key(), 1, nx=True, px=HOLDS_MS):
            current_app.send_task(queues.LIVE_DRAIN, queue=queues.LIVE, retry=False, ignore_result=True, expires=60)
    except (RedisError, OperationalError, OSError) as error:
        log.warning("live.wake_failed", error=type(error).__name__)


def awake() -> None:
    """A drain begins: from now on a commit needs a new wake-up."""
    store.client().delete(store.wake_key())
