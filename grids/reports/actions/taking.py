"""The one way a report moves: lock, ask the table, change, let the clocks follow, write the step, the ledger and the outbox."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel.errors import Conflict
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, hearing
from ..enums import LIVING, ReportState
from ..models import Report, ReportStep
from ..routing import Recipient
from ..workflow import DONE, STEPS

Change = Callable[[Report, Transition], None]
DOUBLE_CLICK = timedelta(seconds=5)
RESIDENTS_WORDS = frozenset({"rate", "supplement"})
"""Verbs with which a resident writes: her words stand in the report, where they can be erased, not in the ledger, where nothing can."""


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
    once: bool = False,
) -> Report:
    """Take a step of the table. `change(row, transition)` sets what belongs to the verb, on the locked row, before it is stored.

    `once`: the same step of the same person within a few seconds is a double click, and refused.
    Raises Report.DoesNotExist, InvalidTransition (a double click finds the state changed), NotAllowed, DomainError, Conflict.
    """
    row = Report.objects.locked(pk=report_id)
    taken = STEPS.step(row, verb, may=partial(can, actor), actor_id=actor.user_id, given=given)
    if once:
        _refuse_double_click(actor, row, verb, now, reason, recipient)
    before, was_due, stood_on = row.state, row.due_at, _desk(row)
    if change is not None:
        change(row, taken)
    row.state = taken.target(before)
    hopped = row.state != before or _desk(row) != stood_on
    if hopped:
        follow(row, now)
    row.changed_at = now
    row.save()
    write_step(actor, row, verb, before, now, reason=reason, recipient=recipient, due_at=was_due if hopped else None)
    return row


def _desk(row: Report) -> tuple[int | None, str]:
    return row.department_id, row.desk_code


def _refuse_double_click(actor: Actor, row: Report, verb: str, now: datetime, reason: str, recipient: str) -> None:
    steps = ReportStep.objects.unscoped("the steps of the locked report").filter(report=row)
    last = steps.order_by("-id").first()
    if last is None or now - last.at > DOUBLE_CLICK:
        return
    if (last.verb, last.actor_id, last.reason, last.recipient) == (verb, actor.user_id, reason, recipient):
        raise Conflict(_("You have just done this; it stands in the course of the handling."))


def put_on_desk(row: Report, recipient: Recipient, now: datetime) -> None:
    """Where it stands from now on; every department that had it goes on seeing it."""
    row.department, row.desk_code, row.dispatched_at = recipient.department, recipient.desk_code, now
    if recipient.department and recipient.department.pk not in row.departments:
        row.departments.append(recipient.department.pk)


def follow(row: Report, now: datetime) -> None:
    """What every new hop brings: its clock, an end of pauses and requests of the last one, the alarm where nobody leads, no claim.

    The alarm counts from when nobody led: hops from desk to desk do not push it back.
    """
    deadlines.begin(row, now)
    deadlines.whole_goes_on(row, now)
    row.extension = row.extension_asked_by = row.deferral = row.deferral_asked_by = row.deferred_until = None
    row.claimed_by = row.claimed_until = None
    if row.state in (ReportState.FILED, ReportState.OPENED):
        row.department, row.desk_code = None, ""
    if row.state in (ReportState.FILED, ReportState.OPENED, ReportState.DISPATCHED):
        row.lead = None
    leads = row.state not in LIVING or row.lead_id is not None
    row.lead_alarm_at = None if leads else row.lead_alarm_at or now + deadlines.LEAD_WITHIN


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
        reason="" if verb in RESIDENTS_WORDS else reason[:500],
        detail={"state": [before, row.state], "to": recipient},
    )
    hearing.announce(row, done, category=row.category.code if row.category else "")
    return step
