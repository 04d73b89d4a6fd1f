"""After the outcome: the second person's check, the return call, closing, reopening."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..enums import OPEN, Outcome, TaskState
from ..models import DissuasionTask, FraudAlert, ReturnCall
from .taking import take


def check_outcome(*, actor: Actor, alert_id: int, loss_avoided: Decimal | None = None, now: datetime | None = None) -> FraudAlert:
    """A second person confirms the outcome. Only now a loss counts as avoided: what was stopped, or less where she says so."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        stopped = row.amount_stopped if row.outcome in (Outcome.STOPPED, Outcome.DEFRAUDED) else None
        counted = stopped if loss_avoided is None else loss_avoided
        if counted is not None and (counted < 0 or counted > (stopped or 0)):
            raise DomainError(_("No more can count as avoided than was stopped."), field="loss_avoided")
        row.checked_by_id, row.checked_at, row.loss_avoided = actor.user_id, now, counted

    return take(actor=actor, alert_id=alert_id, verb="check_outcome", now=now, change=change)


def send_back(*, actor: Actor, alert_id: int, reason: str, now: datetime | None = None) -> FraudAlert:
    """The outcome does not hold: back to whoever dissuades."""
    at = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        if row.assignee_id is None:
            row.assignee_id = row.recorded_by_id
        DissuasionTask.objects.create(
            alert=row,
            goes=row.goes,
            desk_code=row.desk_code,
            assignee_id=row.assignee_id,
            state=TaskState.ACCEPTED,
            offered_at=at,
            accepted_at=at,
        )
        row.outcome, row.recorded_by, row.recorded_at = "", None, None

    row = _or_conflict(actor=actor, alert_id=alert_id, verb="send_back", now=at, change=change, reason=reason)
    notices.tell([row.assignee_id] if row.assignee_id else [], "alert.sent_back", row)
    return row


def make_return_call(
    *, actor: Actor, alert_id: int, reached: bool, is_safe: bool | None = None, notes: str = "", now: datetime | None = None
) -> FraudAlert:
    """Call the person once more: does the outcome hold? Who was not reached is called again before closing."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        if reached and is_safe is None:
            raise DomainError(_("Say whether the outcome holds."), field="is_safe")
        ReturnCall.objects.create(
            alert=row, at=now, by_id=actor.user_id, reached=reached, is_safe=is_safe if reached else None, notes=notes.strip()
        )
        row.return_calls_made += 1

    return take(actor=actor, alert_id=alert_id, verb="make_return_call", now=now, change=change, reason=notes.strip())


def close(*, actor: Actor, alert_id: int, now: datetime | None = None) -> FraudAlert:
    """Close; after a real fraud only when the person was called again."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        row.closed_at = now

    return take(actor=actor, alert_id=alert_id, verb="close", now=now, change=change)


def reopen(*, actor: Actor, alert_id: int, reason: str, now: datetime | None = None) -> FraudAlert:
    """It was not over: back to the desk, with its history. What counted as avoided counts no more."""

    def change(row: FraudAlert, _taken: Transition) -> None:
        row.closed_at, row.checked_by, row.checked_at, row.loss_avoided = None, None, None, None
        row.outcome, row.recorded_by, row.recorded_at, row.contacted_at = "", None, None, None
        row.return_calls_made = 0
        row.reopened += 1

    row = _or_conflict(actor=actor, alert_id=alert_id, verb="reopen", now=now, change=change, reason=reason)
    notices.tell_the_desk("alert.to_assign", row)
    return row


def _or_conflict(*, actor: Actor, alert_id: int, verb: str, now: datetime | None, change, reason: str) -> FraudAlert:
    """A step back into the open states: refused where the person has another open alert of this type meanwhile."""
    row = FraudAlert.objects.unscoped("the step that follows asks for the right").filter(pk=alert_id).first()
    others = FraudAlert.objects.unscoped("one open alert of a person and type").filter(state__in=OPEN)
    newer = row and others.of_person(row).filter(type_id=row.type_id).values_list("code", flat=True).first()
    given = {"reason": reason}
    try:
        taken = take(actor=actor, alert_id=alert_id, verb=verb, now=now or clock.now(), given=given, change=change, reason=reason)
    except IntegrityError as error:
        raise Conflict(_("This person is worked on in %(code)s already: go on there.") % {"code": newer or "–"}) from error
    return taken
