"""The housekeeping of postings and grants."""

from celery import shared_task

from tongshan_portal.kernel import clock, queues

from .actions import granting


@shared_task(name=queues.SWEEP_GRANTS, ignore_result=True)
def sweep_grants() -> None:
    """Remove exceptional grants whose time is over; they opened nothing any more."""
    granting.sweep(now=clock.now())
