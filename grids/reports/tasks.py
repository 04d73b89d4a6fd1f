"""Celery tasks: wake-ups. The rows are the truth."""

from celery import shared_task

from tongshan_portal.kernel import queues

from .actions.dates import keep_dates
from .actions.leaderless import release_leads
from .actions.orphan_photos import sweep_orphan_photos
from .actions.own_contact import erase_old_contacts
from .actions.sweeping import sweep_clocks
from .actions.telling_views import sweep_views
from .evaluation.keeping import sweep_tallies as add_up


@shared_task(name=queues.SWEEP_REPORTS)
def sweep_reports() -> None:
    release_leads()
    sweep_clocks()
    keep_dates()


@shared_task(name=queues.ERASE_CONTACTS)
def erase_contacts() -> None:
    while erase_old_contacts():
        pass
    sweep_orphan_photos()


@shared_task(name=queues.SWEEP_TALLIES)
def sweep_tallies() -> None:
    add_up()


@shared_task(name=queues.SWEEP_VIEWS)
def sweep_saved_views() -> None:
    sweep_views()
