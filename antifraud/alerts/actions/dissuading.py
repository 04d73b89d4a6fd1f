"""Dissuasion itself (劝阻): attempts, turning to others, the outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..desks import Roster
from ..enums import TRIED, AlertState, Channel, EscalationTo, Goes, Outcome, Reached
from ..limits import limits_on
from ..models import Attempt, Escalation, FraudAlert
from ..money import warned_at, when_it_went
from .assigning import take_on
from .taking import take

SPOKEN_TO = (Reached.YES, Reached.REFUSED)
"""Attempts that stop the clock of the first contact: somebody spoke to the person."""
BACK = timedelta(days=2)
"""So far back an attempt may be recorded; a phone without signal sends late."""


@dataclass(frozen=True, slots=True)
class AttemptGiven:
    """What is said of an attempt. `beyond_limits` is the reason to have made it outside the limits that protect the person."""

    channel: str
    reached: str
    at: datetime | None = None
    identity_checked: bool = False
    notes: str = ""
    beyond_limits: str = ""


def record_attempt(*, actor: Actor, alert_id: int, attempt: AttemptGiven, now: datetime | None = None) -> FraudAlert:
    """Record one attempt; the first one accepts the alert. Outside the limits it needs a reason. Raises DomainError."""
    now = now or clock.now()
    at = attempt.at or now
    spoken = attempt.reached in SPOKEN_TO

    def change(row: FraudAlert, _taken: Transition) -> None:
        if attempt.channel not in Channel.values or attempt.reached not in TRIED:
            raise DomainError(_("Say how you tried, and what came of it."), field="reached")
        if not now - BACK <= at <= now:
            raise DomainError(_("An attempt is recorded within two days, and not before it was made."), field="at")
        if attempt.identity_checked and not spoken:
            raise DomainError(_("Only the identity of somebody one spoke to can be checked."), field="identity_checked")
        stands = limits_on(row, attempt.channel, at)
        if stands and not attempt.beyond_limits.strip():
            raise DomainError(stands, field="beyond_limits")
        if row.state in (AlertState.NEW, AlertState.ASSIGNED) or (row.state == AlertState.BEING_REACHED and row.assignee_id is None):
            if not row.goes:
                row.goes, row.desk_code = own_desk(actor, row)
            take_on(row, actor, now)
        Attempt.objects.create(
            alert=row,
            channel=attempt.channel,
            at=at,
            by_id=actor.user_id,
            reached=attempt.reached,
            identity_checked=attempt.identity_checked,
            notes=attempt.notes.strip(),
            beyond_limits=attempt.beyond_limits.strip()[:500] if stands else "",
        )
        row.attempts_made += 1
        if spoken and row.contacted_at is None:
            row.contacted_at = at

    return take(actor=actor, alert_id=alert_id, verb="record_attempt", now=now, change=change, reason=attempt.notes.strip())


def own_desk(actor: Actor, row: FraudAlert) -> tuple[str, str]:
    """The desk of whoever works on an alert that nobody was asked for yet."""
    roster = Roster([row.area_code])
    for goes in (Goes.DESK, Goes.DUTY):
        desk = roster.at(goes, row.area_code)
        if desk is not None and actor.user_id in roster.people_of(goes, row.area_code):
            return goes.value, desk.area_code
    return Goes.DESK.value, row.area_code


def escalate(*, actor: Actor, alert_id: int, to: str, reason: str, now: datetime | None = None) -> FraudAlert:
    """Turn to the family, the officer, the bank or the police, with a reason; the alert stays where it is."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        if to not in EscalationTo.values:
            raise DomainError(_("Say to whom you turn."), field="recipient")
        Escalation.objects.create(alert=row, to=to, at=now, by_id=actor.user_id, reason=reason.strip())

    given = {"recipient": to, "reason": reason}
    label = str(EscalationTo(to).label) if to in EscalationTo.values else ""
    row = take(actor=actor, alert_id=alert_id, verb="escalate", now=now, given=given, change=change, reason=reason, recipient=label)
    if to == EscalationTo.OFFICER:
        notices.tell(Roster([row.area_code]).people_of(Goes.COMMUNITY_POLICE, row.area_code), "alert.turned_to", row)
    elif to != EscalationTo.FAMILY:
        notices.tell_the_desk("alert.turned_to", row)
    return row


@dataclass(frozen=True, slots=True)
class Amounts:
    """Yuan: what was at risk, what was transferred, what was stopped (payment stop, or never sent because of the dissuasion).

    `went` and `went_at` say when what was transferred went, of several transfers the last one: see `money`.
    """

    at_risk: Decimal | None = None
    transferred: Decimal | None = None
    stopped: Decimal | None = None
    went: str = ""
    went_at: datetime | None = None


def record_outcome(
    *, actor: Actor, alert_id: int, outcome: str, amounts: Amounts, notes: str = "", now: datetime | None = None
) -> FraudAlert:
    """Say what became of the person, with the three amounts and when the money went.

    Nothing counts as avoided until somebody else has checked it.
    """
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        if outcome not in Outcome.values or outcome == Outcome.UNREACHABLE:
            raise DomainError(_("Choose an outcome; whoever cannot be reached is handed over."), field="result")
        check_amounts(outcome, amounts, row)
        row.money_went = when_it_went(amounts.went, amounts.went_at, amounts.transferred, warned_at(row), now)
        row.money_went_at = amounts.went_at
        row.outcome, row.recorded_by_id, row.recorded_at = outcome, actor.user_id, now
        row.amount_at_risk = amounts.at_risk if amounts.at_risk is not None else row.amount_at_risk
        row.amount_transferred, row.amount_stopped = amounts.transferred, amounts.stopped

    return take(
        actor=actor, alert_id=alert_id, verb="record_outcome", now=now, given={"result": outcome}, change=change, reason=notes.strip()
    )


def check_amounts(outcome: str, amounts: Amounts, row: FraudAlert) -> None:
    """The three amounts fit together and fit the outcome. Raises DomainError."""
    at_risk = amounts.at_risk if amounts.at_risk is not None else row.amount_at_risk
    for name, amount in (("at_risk", amounts.at_risk), ("transferred", amounts.transferred), ("stopped", amounts.stopped)):
        if amount is not None and amount < 0:
            raise DomainError(_("An amount is not negative."), field=name)
        if amount is not None and at_risk is not None and amount > at_risk:
            raise DomainError(_("It is more than the amount at risk; correct that one first."), field=name)
    if amounts.stopped and at_risk is None:
        raise DomainError(_("Say how much was at risk, before you say how much was stopped."), field="at_risk")
    if outcome == Outcome.DEFRAUDED and not amounts.transferred:
        raise DomainError(_("Say how much was transferred."), field="transferred")
    if outcome in (Outcome.FALSE_ALARM, Outcome.DUPLICATE) and (amounts.transferred or amounts.stopped):
        raise DomainError(_("With this outcome nothing was transferred or stopped."), field="stopped")


def hand_over(*, actor: Actor, alert_id: int, reason: str, now: datetime | None = None) -> FraudAlert:
    """The person cannot be reached: hand over to the police, who go on trying. Needs several attempts."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        row.outcome, row.recorded_by_id, row.recorded_at = Outcome.UNREACHABLE, actor.user_id, now

    row = take(actor=actor, alert_id=alert_id, verb="hand_over", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_the_desk("alert.turned_to", row)
    return row
