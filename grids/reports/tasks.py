"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.kernel import queues

from .actions.dates import keep_dates
from .actions.own_contact import erase_old_contacts
from .actions.sweeping import sweep_clocks
from .evaluation.keeping import sweep_tallies as add_up


@shared_task(name=queues.SWEEP_REPORTS)
def sweep_reports() -> None:
    sweep_clocks()
    keep_dates()


@shared_task(name=queues.ERASE_CONTACTS)
def erase_contacts() -> None:
    while erase_old_contacts():
        pass


@shared_task(name=queues.SWEEP_TALLIES)
def sweep_tallies() -> None:
    add_up()
