"""The loop of an alert as a table. Whoever records an outcome does not check it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongshan_portal.workflow.tables import Table
from tongshan_portal.workflow.transitions import Missing, Need, Transition

from .enums import NEEDS_RETURN_CALL, SHIFT_TONES, TONES, ShiftState
from .enums import AlertState as S

LEAST_FOR_HANDING_OVER = 2
"""So many attempts before a person counts as unreachable: a default of the portal."""


def has_attempt(row: Any) -> Iterator[Missing]:
    """Somebody tried to reach the person."""
    if row.attempts_made < 1:
        yield Missing(_("Nobody has tried to reach the person yet."), fix="record_attempt")


def has_several_attempts(row: Any) -> Iterator[Missing]:
    """At least two attempts were made."""
    if row.attempts_made < LEAST_FOR_HANDING_OVER:
        yield Missing(_("At least two attempts come before somebody counts as unreachable."), fix="record_attempt")


def has_return_call(row: Any) -> Iterator[Missing]:
    """The person was called once more, where the outcome asks for it."""
    if row.outcome in NEEDS_RETURN_CALL and row.return_calls_made < 1:
        yield Missing(_("The return call is missing."), fix="make_return_call")


STEPS = Table(
    name="fraud_alert",
    title=_("Fraud alert"),
    states=S,
    tones=TONES,
    initial=S.NEW,
    final=frozenset([S.CLOSED, S.MERGED]),
    people={"recorded_by_id": _("whoever recorded the outcome")},
    transitions=(
        Transition(
            "place", (S.NEW, S.ASSIGNED, S.BEING_REACHED), None, _("Say where the person lives"), "alerts.assign", needs=(Need.AREA,)
        ),
        Transition(
            "assign",
            (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.HANDED_OVER),
            S.ASSIGNED,
            _("Assign"),
            "alerts.assign",
            needs=(Need.RECIPIENT,),
        ),
        Transition("accept", (S.ASSIGNED,), S.BEING_REACHED, _("Accept"), "alerts.accept", primary=True),
        Transition("pass_on", (S.ASSIGNED, S.BEING_REACHED), S.NEW, _("Pass on"), "alerts.accept", needs=(Need.REASON,)),
        Transition("record_attempt", (S.NEW, S.ASSIGNED), S.BEING_REACHED, _("Record an attempt"), "alerts.handle"),
        Transition("record_attempt", (S.BEING_REACHED, S.HANDED_OVER), None, _("Record an attempt"), "alerts.handle", primary=True),
        Transition(
            "escalate",
            (S.ASSIGNED, S.BEING_REACHED, S.HANDED_OVER),
            None,
            _("Turn to somebody else"),
            "alerts.handle",
            needs=(Need.RECIPIENT, Need.REASON),
        ),
        Transition(
            "record_outcome",
            (S.BEING_REACHED, S.HANDED_OVER),
            S.RECORDED,
            _("Record the outcome"),
            "alerts.handle",
            needs=(Need.RESULT,),
            guards=(has_attempt,),
        ),
        Transition(
            "hand_over",
            (S.BEING_REACHED,),
            S.HANDED_OVER,
            _("Unreachable: hand over"),
            "alerts.handle",
            needs=(Need.REASON,),
            guards=(has_several_attempts,),
        ),
        Transition(
            "check_outcome",
            (S.RECORDED, S.HANDED_OVER),
            S.CHECKED,
            _("Confirm the outcome"),
            "alerts.check",
            differs_from=("recorded_by_id",),
            primary=True,
        ),
        Transition(
            "send_back",
            (S.RECORDED,),
            S.BEING_REACHED,
            _("Send back"),
            "alerts.check",
            needs=(Need.REASON,),
            differs_from=("recorded_by_id",),
        ),
        Transition("make_return_call", (S.CHECKED,), None, _("Record the return call"), "alerts.close"),
        Transition("close", (S.CHECKED,), S.CLOSED, _("Close"), "alerts.close", guards=(has_return_call,), primary=True),
        Transition("snooze", (S.ASSIGNED, S.BEING_REACHED), S.SNOOZED, _("Snooze"), "alerts.handle", needs=(Need.UNTIL, Need.REASON)),
        Transition("wake", (S.SNOOZED,), S.ASSIGNED, _("Take up again"), "alerts.handle", primary=True),
        Transition(
            "regrade",
            (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.SNOOZED, S.HANDED_OVER),
            None,
            _("Raise or lower the grade"),
            "alerts.regrade",
            needs=(Need.GRADE, Need.REASON),
        ),
        Transition("send_advice", (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.HANDED_OVER), None, _("Send the advice message"), "alerts.handle"),
        Transition(
            "tell_family",
            (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.SNOOZED, S.HANDED_OVER),
            None,
            _("The family was asked to call"),
            by_system=True,
        ),
        Transition(
            "call_off",
            (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.SNOOZED, S.HANDED_OVER),
            S.RECORDED,
            _("False alarm, says the source"),
            "alerts.call_off",
            needs=(Need.REASON,),
        ),
        Transition("reopen", (S.CHECKED, S.CLOSED), S.NEW, _("Reopen"), "alerts.close", needs=(Need.REASON,)),
        Transition(
            "merge",
            (S.NEW, S.ASSIGNED, S.BEING_REACHED, S.SNOOZED),
            S.MERGED,
            _("Merge into another alert"),
            "alerts.merge",
            needs=(Need.RECIPIENT, Need.REASON),
        ),
    ),
)

DONE = {
    "place": "alert.placed",
    "assign": "alert.assigned",
    "accept": "alert.accepted",
    "pass_on": "alert.passed_on",
    "record_attempt": "alert.attempted",
    "escalate": "alert.turned_to",
    "record_outcome": "alert.outcome_recorded",
    "hand_over": "alert.handed_over",
    "check_outcome": "alert.checked",
    "send_back": "alert.sent_back",
    "make_return_call": "alert.called_again",
    "close": "alert.closed",
    "snooze": "alert.snoozed",
    "wake": "alert.woken",
    "reopen": "alert.reopened",
    "regrade": "alert.regraded",
    "send_advice": "alert.advised",
    "tell_family": "alert.family_asked",
    "call_off": "alert.called_off",
    "merge": "alert.merged",
}
"""What each verb is called in the ledger and on the live path, once it is done."""


SHIFTS = Table(
    name="alert_handover",
    title=_("Hand-over of a shift"),
    states=ShiftState,
    tones=SHIFT_TONES,
    initial=ShiftState.DRAFTED,
    final=frozenset([ShiftState.TAKEN_OVER]),
    people={"left_by_id": _("whoever leaves")},
    transitions=(
        Transition(
            "take_over",
            (ShiftState.DRAFTED,),
            ShiftState.TAKEN_OVER,
            _("Take over"),
            "alerts.shift",
            differs_from=("left_by_id",),
            primary=True,
        ),
    ),
)
