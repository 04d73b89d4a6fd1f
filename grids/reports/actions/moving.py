"""From desk to desk without the command centre between: up, down, across. Each hop has its own time to sign for, and a new lead."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..models import Report
from ..policies import desk_key
from ..routing import Recipient, desks_below
from .taking import put_on_desk, take


@transaction.atomic
def send_up(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """From a grid's desk to the village's, from a village's to the town's (上报上级)."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        put_on_desk(row, Recipient(desk_code=row.desk_code[:-3]), now)

    row = take(actor=actor, report_id=report_id, verb="send_up", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_desk(row, "report.sent_up")
    return row


def send_up_to_centre(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """From a town's desk to the command centre, which dispatches it anew. Nobody refused it: it counts neither as bounce nor as return."""
    row = take(
        actor=actor,
        report_id=report_id,
        verb="send_up_to_centre",
        now=now or clock.now(),
        given={"reason": reason},
        reason=reason,
    )
    notices.tell_dispatchers(row, "report.sent_up_to_centre")
    return row


def send_down(*, actor: Actor, report_id: int, recipient: Recipient, reason: str = "", now: datetime | None = None) -> Report:
    """From a town's or village's desk to one below it, in whose area the report lies (下派)."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        if recipient.key not in dict(desks_below(row)):
            raise DomainError(_("Choose a desk below yours, in whose area the report lies."), field="recipient")
        put_on_desk(row, recipient, now)

    return _to(actor, report_id, "send_down", recipient, reason, now, change)


def transfer(*, actor: Actor, report_id: int, recipient: Recipient, reason: str, now: datetime | None = None) -> Report:
    """To another department or desk directly (移交). It counts as a bounce: after two the command centre alone decides."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        if recipient.key == desk_key(row):
            raise DomainError(_("It stands on this desk already."), field="recipient")
        put_on_desk(row, recipient, now)
        row.bounces += 1

    return _to(actor, report_id, "transfer", recipient, reason, now, change)


@transaction.atomic
def _to(actor: Actor, report_id: int, verb: str, recipient: Recipient, reason: str, now: datetime, change) -> Report:
    row = take(
        actor=actor,
        report_id=report_id,
        verb=verb,
        now=now,
        given={"recipient": str(recipient), "reason": reason},
        change=change,
        reason=reason,
        recipient=str(recipient),
    )
    notices.tell_desk(row, "report.arrived")
    return row
