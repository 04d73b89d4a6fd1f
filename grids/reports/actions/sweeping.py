"""What the portal does by itself as time passes: climb the rungs of escalation, raise the alarm where nobody leads. Stored times decide."""

from datetime import datetime

from django.db import transaction

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.escalation import climb, rung_times

from .. import deadlines, hearing, notices
from ..models import Report

BATCH = 200


def sweep_clocks(*, now: datetime | None = None) -> int:
    """Climb every rung that was reached; answers how many. Each batch is a transaction: a kill repeats nothing that was told."""
    now, told = now or clock.now(), 0
    while batch := _climb(now):
        told += batch
    while batch := _alarm(now):
        told += batch
    return told


@transaction.atomic
def _climb(now: datetime) -> int:
    rows = Report.objects.unscoped("time passes for all").select_for_update(skip_locked=True, of=("self",)).filter(rung_at__lte=now)
    told = 0
    for row in rows.order_by("rung_at")[:BATCH]:
        hop = row.clock_now()
        times = rung_times(row.due_at, hop.started_at, deadlines.RUNGS) if hop is not None and row.due_at is not None else ()
        told += climb(row, times, now, _tell)
    return told


def _tell(row: Report, name: str) -> None:
    kind = f"report.{name}"
    if name == "warning" or row.department_id is not None or row.desk_code:
        notices.tell_desk(row, kind)
    if name != "warning":
        notices.tell_senders(row, kind)
        record(actor=system_actor("reports"), verb=kind, row=row, area_code=row.area_code)
    if name == "escalated":
        notices.tell_supervisors(row, kind)
    hearing.announce(row, kind)


@transaction.atomic
def _alarm(now: datetime) -> int:
    rows = Report.objects.unscoped("time passes for all").select_for_update(skip_locked=True, of=("self",)).filter(lead_alarm_at__lte=now)
    found = list(rows.order_by("lead_alarm_at")[:BATCH])
    for row in found:
        row.lead_alarm_at = None
        row.save(update_fields=["lead_alarm_at"])
        notices.tell_senders(row, "report.no_lead")
        record(actor=system_actor("reports"), verb="report.no_lead_found", row=row, area_code=row.area_code)
        hearing.announce(row, "report.no_lead")
    return len(found)
