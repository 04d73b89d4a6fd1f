"""The one way a report moves: lock, ask the table, change, let the clocks follow, write the step, the ledger and the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import publish
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines
from ..enums import LIVING, ReportState
from ..models import Report, ReportStep
from ..workflow import DONE, STEPS

Change = Callable[[Report, Transition], None]


@transaction.atomic
def take(
    *,
    actor: Actor,
    report_id: int,
    verb: str,
    now: datetime,
    given: Mapping[str, Any] | None = None,
    change: Change | None = None,
    reason: str = "",
    recipient: str = "",
) -> Report:
    """Take a step of the table. `change(row, transition)` sets what belongs to the verb, on the locked row, before it is stored.

    Raises Report.DoesNotExist, InvalidTransition (a double click finds the state changed), NotAllowed, DomainError.
    """
    row = Report.objects.locked(pk=report_id)
    taken = STEPS.step(row, verb, may=partial(can, actor), actor_id=actor.user_id, given=given)
    before, was_due = row.state, row.due_at
    if change is not None:
        change(row, taken)
    row.state = taken.target(before)
    if row.state != before:
        follow(row, now)
    row.changed_at = now
    row.save()
    write_step(actor, row, verb, before, now, reason=reason, recipient=recipient, due_at=was_due if row.state != before else None)
    return row


def follow(row: Report, now: datetime) -> None:
    """What every new state brings: the clock of its hop, the alarm where nobody leads, nothing on a desk that it left, no claim."""
    deadlines.begin(row, now)
    row.claimed_by = row.claimed_until = None
    if row.state in (ReportState.FILED, ReportState.OPENED):
        row.department, row.desk_code, row.lead = None, "", None
    row.lead_alarm_at = now + deadlines.LEAD_WITHIN if row.state in LIVING and row.lead_id is None else None


def write_step(
    actor: Actor,
    row: Report,
    verb: str,
    before: str,
    now: datetime,
    *,
    reason: str = "",
    recipient: str = "",
    due_at: datetime | None = None,
) -> ReportStep:
    """The hop in the report's own history, in the ledger, and on the live path."""
    step = ReportStep.objects.create(
        report=row,
        area_code=row.area_code,
        verb=verb,
        from_state=before,
        to_state=row.state,
        at=now,
        actor_id=actor.user_id,
        actor_label=actor.name,
        reason=reason,
        recipient=recipient,
        due_at=due_at,
    )
    done = DONE.get(verb, "report.filed")
    record(
        actor=actor,
        verb=done,
        row=row,
        area_code=row.area_code,
        reason=reason[:500],
        detail={"state": [before, row.state], "to": recipient},
    )
    line = {"report": row.code, "state": row.state, "category": row.category.code if row.category else ""}
    publish(topic="reports", kind=done, area_code=row.area_code, line=line)
    return step
