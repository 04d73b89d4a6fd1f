"""Deferral (缓办): asked for before the time limit passes, approved by somebody else; the clocks stand still until a day."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.calendar import ZONE
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..models import Report
from .taking import take

LONGEST = timedelta(days=366)


@transaction.atomic
def ask_deferral(*, actor: Actor, report_id: int, until: date, reason: str, now: datetime | None = None) -> Report:
    """Ask that it rests until the beginning of a day."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        hop = row.clock_now()
        if hop is None or hop.is_overdue(now):
            raise DomainError(_("A deferral must be asked for before the time limit passes."))
        if not now < beginning_of(until) <= now + LONGEST:
            raise DomainError(_("Choose a day to come, within a year."), field="until")
        row.deferral_asked_by_id = actor.user_id
        row.deferral = {"until": until.isoformat(), "reason": reason.strip(), "asked_at": now.isoformat()}

    given = {"until": until, "reason": reason}
    row = take(
        actor=actor, report_id=report_id, verb="ask_deferral", now=now, given=given, change=change, reason=reason,
        recipient=until.isoformat(),
    )  # fmt: skip
    notices.tell_approvers(row, "report.deferral_asked")
    return row


def approve_deferral(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """Let it rest. Where the limit passed while the request waited, it rests from the asking on: the wait is not the desk's."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        asked = row.deferral or {}
        ends = beginning_of(date.fromisoformat(asked["until"]))
        if ends <= now:
            raise DomainError(_("The day until which it was to rest has come: refuse the request, a new one can be made."))
        hop = row.clock_now()
        if hop is None or not hop.is_paused:
            deadlines.stand_still(row, deadlines.resting_since(row, datetime.fromisoformat(asked["asked_at"]), now), asked["reason"])
        row.deferred_until = ends
        row.deferrals += 1
        row.deferral, row.deferral_asked_by = None, None

    row = take(actor=actor, report_id=report_id, verb="approve_deferral", now=now, change=change)
    notices.tell_lead(row, "report.deferred")
    return row


@transaction.atomic
def refuse_deferral(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """The clocks run on."""

    def change(row: Report, _taken: Transition) -> None:
        row.deferral, row.deferral_asked_by = None, None

    now = now or clock.now()
    row = take(actor=actor, report_id=report_id, verb="refuse_deferral", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_lead(row, "report.deferral_refused")
    return row


def beginning_of(day: date) -> datetime:
    """The first moment of a day in the district."""
    return datetime.combine(day, time.min, tzinfo=ZONE)
