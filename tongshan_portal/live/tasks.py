"""Wake-ups of the live path."""

from celery import shared_task
from redis.exceptions import RedisError

from tongshan_portal.kernel import queues

from . import drain as draining
from .actions import forget_old
from .wake import awake


@shared_task(name=queues.LIVE_DRAIN, ignore_result=True)
def drain() -> None:
    """Deliver whatever is due."""
    awake()
    draining.drain()


@shared_task(name=queues.LIVE_SWEEP, ignore_result=True, expires=10)
def sweep() -> None:
    """Deliver what lost its wake-up. With Redis gone the next round tries again."""
    if draining.leftover():
        try:
            draining.drain()
        except RedisError:
            return


@shared_task(name=queues.LIVE_PRUNE, ignore_result=True)
def prune() -> None:
    """Forget events past the replay window, and notices long past their day."""
    draining.prune()
    forget_old()
