"""Dates that the portal keeps by itself: deferrals that end, orders that were not answered, closed reports to file away."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .. import deadlines, hearing, notices
from ..enums import ReportState, Stage
from ..models import Report, SupervisionOrder
from . import handling, oversight

BATCH = 200
WHY = "time passes for all"
log = logging.getLogger(__name__)


def keep_dates(*, now: datetime | None = None) -> int:
    """Do whatever is due; answers how many. Each is a transaction of its own: a kill repeats nothing, one that fails stops no other."""
    now = now or clock.now()
    _give_dates(now)
    resting = Report.objects.unscoped(WHY).filter(deferred_until__lte=now).order_by("deferred_until")
    unanswered = SupervisionOrder.objects.unscoped(WHY).filter(answered_at=None, escalated_at=None, due_at__lte=now).order_by("due_at")
    unrated = Report.objects.unscoped(WHY).filter(state=ReportState.CLOSED, archive_at__lte=now).order_by("archive_at")
    return (
        _each(resting, lambda pk: _go_on(pk, now))
        + _each(unanswered, lambda pk: _escalate(pk, now))
        + _each(unrated, lambda pk: handling.archive(actor=system_actor("reports"), report_id=pk, now=now))
    )


def _each(rows: QuerySet, deed: Callable[[int], object]) -> int:
    """The deed for every row, in batches; what fails is looked at again in the next sweep."""
    done, failed = 0, set[int]()
    while keys := list(rows.exclude(pk__in=failed).values_list("pk", flat=True)[:BATCH]):
        done += _batch(keys, deed, failed)
    return done


def _batch(keys: Iterable[int], deed: Callable[[int], object], failed: set[int]) -> int:
    done = 0
    for pk in keys:
        try:
            deed(pk)
            done += 1
        except (DomainError, Report.DoesNotExist, SupervisionOrder.DoesNotExist) as error:
            failed.add(pk)  # somebody was faster, or it needs a person
            log.info("a date of %s was not kept: %s", pk, type(error).__name__)
    return done


@transaction.atomic
def _go_on(pk: int, now: datetime) -> None:
    """The clocks run again from the day that was agreed, however late the sweep comes."""
    row = Report.objects.locked(pk=pk)
    if row.deferred_until is None or row.deferred_until > now:
        raise Report.DoesNotExist
    row = oversight.resume(actor=system_actor("reports"), report_id=pk, since=row.deferred_until, now=now)
    notices.tell_lead(row, "report.deferral_over")


@transaction.atomic
def _escalate(pk: int, now: datetime) -> None:
    """Who gave the order, the supervisors and those who send hear that it was not answered; once."""
    order = SupervisionOrder.objects.locked(pk=pk, answered_at=None, escalated_at=None, due_at__lte=now)
    order.escalated_at = now
    order.save(update_fields=["escalated_at"])
    row = order.report
    kind = "report.order_overdue"
    notices.tell_person(row, order.ordered_by_id, kind)
    notices.tell_supervisors(row, kind)
    notices.tell_senders(row, kind)
    notices.tell_desk(row, kind)
    record(actor=system_actor("reports"), verb=kind, row=row, area_code=row.area_code)
    hearing.announce(row, kind)


@transaction.atomic
def _give_dates(now: datetime) -> None:
    """Closed reports that came without a date (from other systems) get one."""
    rows = Report.objects.unscoped(WHY).select_for_update(skip_locked=True, of=("self",)).filter(state=ReportState.CLOSED, archive_at=None)
    for row in rows.order_by("pk")[:BATCH]:
        row.archive_at = deadlines.due_under(Stage.RATE, row, row.closed_at or now)
        row.save(update_fields=["archive_at"])
