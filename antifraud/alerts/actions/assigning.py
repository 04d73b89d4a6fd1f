"""Who goes: assign, accept, pass on, say where the person lives, snooze, merge."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from grids.areas.models import Area
from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..desks import Desk, recipient_named
from ..enums import OPEN, MatchKind, TaskState
from ..models import DissuasionTask, FraudAlert
from .taking import end_task, open_task, take

MERGED = [
    "warnings_joined", "first_warning_at", "last_warning_at", "claimed", "changed_at",
    "grade", "rank", "clock", "due_at", "climbed", "rung_at",
]  # fmt: skip
"""What an alert takes over from the one that was merged into it."""


def place(*, actor: Actor, alert_id: int, area_code: str, now: datetime | None = None) -> FraudAlert:
    """Say where the person lives, where nobody knew or the source was wrong."""

    def change(row: FraudAlert, _taken: Transition) -> None:
        require(actor, "alerts.assign", Place(area_code))
        if not Area.objects.filter(pk=area_code, valid_to=None).exists():
            raise DomainError(_("There is no such area in force."), field="area")
        row.area_code, row.match_kind = area_code, MatchKind.CHOSEN

    given = {"area": area_code}
    return take(
        actor=actor, alert_id=alert_id, verb="place", now=now or clock.now(), given=given, change=change, recipient=name_of(area_code)
    )


def assign(*, actor: Actor, alert_id: int, recipient: str, now: datetime | None = None) -> FraudAlert:
    """Ask a desk or a person to dissuade (派给). `recipient` is a choice of `desks.recipients_for`. The clock goes on from receipt."""
    now = now or clock.now()
    asked: list[Desk] = []

    def change(row: FraudAlert, _taken: Transition) -> None:
        desk = recipient_named(recipient, row)
        asked.append(desk)
        end_task(row, TaskState.PASSED_ON, now, "")
        row.goes, row.desk_code, row.assignee_id = desk.goes, desk.area_code, desk.assignee_id
        row.outcome, row.recorded_by, row.recorded_at = "", None, None  # handed over before: it is worked on again
        DissuasionTask.objects.create(
            alert=row, goes=desk.goes, desk_code=desk.area_code, assignee_id=desk.assignee_id, offered_at=now, due_at=row.due_at
        )

    row = take(
        actor=actor, alert_id=alert_id, verb="assign", now=now, given={"recipient": recipient}, change=change, recipient=_label(recipient)
    )
    desk = asked[0]
    notices.tell([desk.assignee_id] if desk.assignee_id else desk.people, "alert.arrived", row)
    return row


def _label(recipient: str) -> str:
    """How the history names whom one asked: the desk's area; the person stands in the task."""
    parts = recipient.split(":")
    return name_of(parts[1]) if len(parts) > 1 else ""


def take_on(row: FraudAlert, actor: Actor, now: datetime) -> None:
    """The actor makes the dissuasion hers: the task that runs, or one of its own."""
    task = open_task(row)
    if task is None:
        task = DissuasionTask(alert=row, goes=row.goes, desk_code=row.desk_code, offered_at=now, due_at=row.due_at)
    task.assignee_id, task.state, task.accepted_at = actor.user_id, TaskState.ACCEPTED, now
    task.save()
    row.assignee_id = actor.user_id


def accept(*, actor: Actor, alert_id: int, now: datetime | None = None) -> FraudAlert:
    """Take it on: from now on it is hers by name."""
    now = now or clock.now()
    return take(actor=actor, alert_id=alert_id, verb="accept", now=now, change=lambda row, _taken: take_on(row, actor, now))


def pass_on(*, actor: Actor, alert_id: int, reason: str, now: datetime | None = None) -> FraudAlert:
    """Give it back to the desk, with a reason; the clock goes on."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        end_task(row, TaskState.PASSED_ON, now, reason[:500])

    row = take(actor=actor, alert_id=alert_id, verb="pass_on", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_the_desk("alert.to_assign", row)
    return row


def snooze(*, actor: Actor, alert_id: int, until: datetime, reason: str, now: datetime | None = None) -> FraudAlert:
    """Let it rest until a moment, for a reason (the person is at work, in hospital). A further warning ends it at once."""
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        most = deadlines.rules().limits.snooze_hours
        if not now < until <= now + timedelta(hours=most):
            raise DomainError(_("Choose a time within the next %(hours)d hours.") % {"hours": most}, field="until")
        row.snoozed_until, row.snooze_reason = until, reason[:500]

    given = {"until": until, "reason": reason}
    return take(actor=actor, alert_id=alert_id, verb="snooze", now=now, given=given, change=change, reason=reason)


def wake(*, actor: Actor, alert_id: int, now: datetime | None = None) -> FraudAlert:
    """Take a snoozed alert up again; the clock begins anew, for nobody had to do anything meanwhile."""

    def change(row: FraudAlert, _taken: Transition) -> None:
        row.snoozed_until, row.snooze_reason = None, ""
        task = open_task(row)
        if task is not None:
            task.state, task.accepted_at = TaskState.OFFERED, None
            task.save(update_fields=["state", "accepted_at"])

    return take(actor=actor, alert_id=alert_id, verb="wake", now=now or clock.now(), change=change)


def merge(*, actor: Actor, alert_id: int, into_code: str, reason: str, now: datetime | None = None) -> FraudAlert:
    """It is the same matter as another open alert of the same person: that one is worked on, and counts these warnings too.

    A graver grade goes with it: the alert that is worked on is never less urgent than what was merged into it.
    """
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        others = FraudAlert.objects.visible_to(actor.scope).of_person(row).filter(code=into_code.strip().upper(), state__in=OPEN)
        target = others.select_for_update(of=("self",)).first()
        if target is None:
            raise DomainError(_("Choose another open alert of the same person."), field="recipient")
        end_task(row, TaskState.DONE, now)
        row.merged_into, row.snoozed_until, row.snooze_reason = target, None, ""
        target.warnings_joined += row.warnings_joined
        target.first_warning_at = min(target.first_warning_at, row.first_warning_at)
        target.last_warning_at = max(target.last_warning_at, row.last_warning_at)
        target.claimed, target.changed_at = target.claimed or row.claimed, now
        if row.rank < target.rank:
            deadlines.regrade(target, row.grade, deadlines.rules())
        target.save(update_fields=MERGED)

    given = {"recipient": into_code, "reason": reason}
    return take(
        actor=actor, alert_id=alert_id, verb="merge", now=now, given=given, change=change, reason=reason, recipient=into_code.strip()[:20]
    )
