"""The one way an alert moves: lock, ask the table, change, let the clock follow, write the step, the ledger and the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..desks import Roster
from ..enums import LIVING, OPEN, AlertState, Goes, TaskState
from ..models import AlertStep, DissuasionTask, FraudAlert
from ..workflow import DONE, STEPS

Change = Callable[[FraudAlert, Transition], None]
SECRET = frozenset({"record_attempt", "record_outcome", "make_return_call"})
"""Verbs whose words may speak of the person: they stay with the alert, the ledger keeps only that it was done."""


@transaction.atomic
def take(
    *,
    actor: Actor,
    alert_id: int,
    verb: str,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    change: Change | None = None,
    reason: str = "",
    recipient: str = "",
) -> FraudAlert:
    """Take a step of the table. `change(row, transition)` sets what belongs to the verb, on the locked row, before it is stored.

    Raises FraudAlert.DoesNotExist, InvalidTransition (a double click finds the state changed), NotAllowed, DomainError.
    """
    row = FraudAlert.objects.locked(pk=alert_id)
    taken = STEPS.step(row, verb, may=partial(can, actor), actor_id=actor.user_id, given=given)
    before, stage, was_due = row.state, row.stage, row.due_at
    if change is not None:
        change(row, taken)
    row.state = taken.target(before)
    if row.state not in OPEN or row.state == AlertState.NEW:
        _leave_desk(row, now)
    deadlines.follow(row, now, deadlines.rules())
    row.claimed_by, row.claimed_until, row.changed_at = None, None, now
    row.save()
    AlertStep.objects.create(
        alert=row, verb=verb, from_state=before, to_state=row.state, at=now, actor_id=actor.user_id, actor_label=actor.name, reason=reason,
        recipient=recipient, due_at=was_due if row.stage != stage else None,
    )  # fmt: skip
    detail = {"state": [before, row.state], "to": recipient}
    kept = "" if verb in SECRET else reason[:500]
    record(actor=actor, verb=DONE[verb], row=row, area_code=row.area_code, reason=kept, detail=detail)
    notices.publish_alerts([notices.Happened(DONE[verb], row.code, row.grade, row.state, row.area_code, asked_outside_the_line(row))])
    return row


def _leave_desk(row: FraudAlert, now: datetime) -> None:
    """Nobody is asked any more: the task has ended. Who dissuaded stays visible as the assignee until somebody has checked it."""
    end_task(row, TaskState.DONE, now)
    if row.state == AlertState.NEW:
        row.goes, row.desk_code, row.assignee = "", "", None


def asked_outside_the_line(row: FraudAlert) -> tuple[int, ...]:
    """The people who are asked for an alert and do not hear of the whole area: a grid worker, the duty officers."""
    found: set[int] = set()
    if row.state not in LIVING:
        return ()
    if row.goes in (Goes.GRID_WORKER, Goes.DUTY):
        found |= {row.assignee_id} if row.assignee_id else Roster([row.desk_code]).people_of(Goes(row.goes), row.desk_code)
    if row.with_duty and row.goes != Goes.DUTY and row.state in OPEN:
        found |= Roster([row.area_code]).people_of(Goes.DUTY, row.area_code)
    return tuple(sorted(found))


def open_task(row: FraudAlert) -> DissuasionTask | None:
    """The task that runs, locked with its alert."""
    rows = DissuasionTask.objects.unscoped("tasks of the locked alert").filter(alert=row)
    return rows.filter(state__in=[TaskState.OFFERED, TaskState.ACCEPTED]).first()


def end_task(row: FraudAlert, state: TaskState, now: datetime, reason: str = "") -> None:
    """End the task that runs, if one does."""
    task = open_task(row)
    if task is not None:
        task.state, task.ended_at, task.reason = state, now, reason
        task.save(update_fields=["state", "ended_at", "reason"])
