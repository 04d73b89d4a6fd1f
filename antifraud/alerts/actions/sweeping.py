"""What the portal does by itself as time passes: climb the rungs, take snoozed alerts up again. Stored times decide."""

from datetime import datetime

from django.db import transaction

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.escalation import climb

from .. import deadlines, notices
from ..deadlines import Rules
from ..desks import Roster
from ..enums import AlertState, Goes, Rung
from ..models import FraudAlert
from .assigning import wake
from .messaging import ask_families
from .taking import asked_outside_the_line

BATCH = 200


def sweep_alerts(*, now: datetime | None = None) -> int:
    """Climb every rung that was reached, end every snooze that is over, ask families to call; answers how many.

    A kill repeats nothing that was told.
    """
    now, told = now or clock.now(), 0
    held = deadlines.rules()
    while batch := _climb(now, held):
        told += batch
    while batch := _wake(now):
        told += batch
    return told + ask_families(now=now)


@transaction.atomic
def _climb(now: datetime, held: Rules) -> int:
    rows = FraudAlert.objects.unscoped("time passes for all").select_for_update(skip_locked=True, of=("self",)).filter(rung_at__lte=now)
    told = 0
    for row in rows.order_by("rung_at")[:BATCH]:
        kept = row.clock_now()
        times = deadlines.rung_times(row.due_at, kept.started_at, held.grades[row.grade]) if kept is not None and row.due_at else ()
        told += climb(row, times, now, _tell)
    return told


def _tell(row: FraudAlert, name: str) -> None:
    """Before it is due whoever is asked hears of it, when it is due the desk too, afterwards the duty officer."""
    kind, roster = f"alert.{name}", Roster([row.area_code, *([row.desk_code] if row.desk_code else [])])
    people = {row.assignee_id} if row.assignee_id else roster.people_of(Goes(row.goes), row.desk_code) if row.goes else set()
    if name != Rung.WARNING or not people:
        people |= roster.people_of(Goes.DESK, row.area_code)
    if name == Rung.ESCALATED:
        duty = roster.people_of(Goes.DUTY, row.area_code)
        if duty and not row.with_duty:
            row.with_duty = True  # she hears of it, so she may read it
            row.save(update_fields=["with_duty"])
        people |= duty
    notices.tell(people, kind, row)
    if name != Rung.WARNING:
        record(actor=system_actor("alerts"), verb=kind, row=row, area_code=row.area_code)
    notices.publish_alerts([notices.Happened(kind, row.code, row.grade, row.state, row.area_code, asked_outside_the_line(row))])


def _wake(now: datetime) -> int:
    rows = FraudAlert.objects.unscoped("time passes for all").filter(state=AlertState.SNOOZED, snoozed_until__lte=now)
    found = list(rows.order_by("snoozed_until").values_list("pk", flat=True)[:BATCH])
    for pk in found:
        _wake_one(pk, now)
    return len(found)


@transaction.atomic
def _wake_one(pk: int, now: datetime) -> None:
    rows = FraudAlert.objects.unscoped("time passes for all").select_for_update(of=("self",))
    if not rows.filter(pk=pk, state=AlertState.SNOOZED, snoozed_until__lte=now).exists():
        return  # somebody was faster
    row = wake(actor=system_actor("alerts"), alert_id=pk, now=now)
    roster = Roster([row.desk_code])
    notices.tell({row.assignee_id} if row.assignee_id else roster.people_of(Goes(row.goes), row.desk_code), "alert.woken", row)
