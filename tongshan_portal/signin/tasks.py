"""The housekeeping of sign-in."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from tongshan_portal.kernel import clock, queues

from . import lockout


@shared_task(name=queues.SWEEP_SIGNIN, ignore_result=True)
def sweep() -> None:
    """Forget counters that decide nothing any more, and sessions past their end."""
    lockout.sweep(now=clock.now())
    SessionStore.clear_expired()
