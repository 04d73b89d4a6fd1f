"""What the desk decides about a warning itself: its grade, and that its source took it back."""

from datetime import datetime

from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..enums import RANK, AlertState, Grade, Outcome
from ..models import FraudAlert
from .dissuading import own_desk
from .taking import take


def regrade(*, actor: Actor, alert_id: int, grade: str, reason: str, now: datetime | None = None) -> FraudAlert:
    """Raise or lower the grade. The running clock follows from its own start, what was decided stays; a raised one ends a snooze."""
    now = now or clock.now()
    was: list[str] = []

    def change(row: FraudAlert, _taken: Transition) -> None:
        if grade not in Grade.values or grade == row.grade:
            raise DomainError(_("Choose another grade than the present one."), field="grade")
        was.append(row.grade)
        if row.state == AlertState.SNOOZED and RANK[Grade(grade)] < row.rank:
            row.snoozed_until = now  # the sweep takes it up again, as after a graver warning
        deadlines.regrade(row, grade, deadlines.rules())

    given = {"grade": grade, "reason": reason}
    words = f"{Grade(grade).value}" if grade in Grade.values else ""
    row = take(actor=actor, alert_id=alert_id, verb="regrade", now=now, given=given, change=change, reason=reason, recipient=words)
    if row.assignee_id and row.assignee_id != actor.user_id:
        notices.tell([row.assignee_id], "alert.regraded", row)
    return row


def call_off(*, actor: Actor, alert_id: int, reason: str, now: datetime | None = None) -> FraudAlert:
    """The source took its warning back: recorded as a false alarm, which counts only once a second person has checked it."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        if not row.goes:
            row.goes, row.desk_code = own_desk(actor, row)
        row.outcome, row.recorded_by_id, row.recorded_at = Outcome.FALSE_ALARM, actor.user_id, now
        row.amount_transferred, row.amount_stopped, row.money_went, row.money_went_at = None, None, "", None
        row.snoozed_until, row.snooze_reason = None, ""

    return take(actor=actor, alert_id=alert_id, verb="call_off", now=now, given={"reason": reason}, change=change, reason=reason)
