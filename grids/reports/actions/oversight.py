"""Around the loop: pausing and extending the clock, hastening, orders of supervision, notes, and voiding by two."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.extensions import Extension
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..enums import Stage
from ..models import Report, SupervisionOrder
from .taking import take


def pause(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Let the clocks stand still, for a reason that both sides read."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        deadlines.stand_still(row, now, reason)

    return take(actor=actor, report_id=report_id, verb="pause", now=now, given={"reason": reason}, change=change, reason=reason)


def resume(*, actor: Actor, report_id: int, since: datetime | None = None, now: datetime | None = None) -> Report:
    """Let the clocks run again: from now on, or from `since` where the portal does what was due then."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        deadlines.go_on(row, since or now)

    return take(actor=actor, report_id=report_id, verb="resume", now=now, change=change)


@transaction.atomic
def ask_extension(*, actor: Actor, report_id: int, amount: int, reason: str, now: datetime | None = None) -> Report:
    """Ask for so many more units of the hop's limit, before it passes."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        hop = row.clock_now()
        if hop is None or hop.is_overdue(now):
            raise DomainError(_("An extension must be asked for before the time limit passes."))
        if not 1 <= amount <= 365:
            raise DomainError(_("An extension adds at least one unit of time."), field="amount")
        row.extension_asked_by_id = actor.user_id
        row.extension = {"amount": amount, "reason": reason, "asked_at": now.isoformat()}

    row = take(actor=actor, report_id=report_id, verb="ask_extension", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_approvers(row, "report.extension_asked")
    return row


def approve_extension(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """Give the time that somebody else asked for."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        asked, hop, total = row.extension or {}, row.clock_now(), row.total_clock()
        added = Extension(
            asked["amount"], asked["reason"], row.extension_asked_by_id, datetime.fromisoformat(asked["asked_at"]), actor.user_id, now
        )
        if hop is not None:
            deadlines.keep(row, hop.extend(added))
        if (
            total is not None
            and hop is not None
            and total.limit.unit == hop.limit.unit
            and total.stopped_at is None
            and not total.is_overdue(now)
        ):
            deadlines.keep_total(row, total.extend(added))
        row.extensions += 1
        row.extension, row.extension_asked_by = None, None

    row = take(actor=actor, report_id=report_id, verb="approve_extension", now=now, change=change)
    notices.tell_lead(row, "report.extended")
    return row


@transaction.atomic
def refuse_extension(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """The time stays as it is."""

    def change(row: Report, _taken: Transition) -> None:
        row.extension, row.extension_asked_by = None, None

    now = now or clock.now()
    row = take(actor=actor, report_id=report_id, verb="refuse_extension", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_lead(row, "report.extension_refused")
    return row


def hasten(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Remind the desk (催办)."""

    def change(row: Report, _taken: Transition) -> None:
        row.hastened += 1

    now = now or clock.now()
    row = take(actor=actor, report_id=report_id, verb="hasten", now=now, given={"reason": reason}, change=change, reason=reason, once=True)
    notices.tell_desk(row, "report.hastened")
    return row


@transaction.atomic
def supervise(*, actor: Actor, report_id: int, reason: str, due_at: datetime | None = None, now: datetime | None = None) -> Report:
    """Order an answer in writing (督办单), by a time: the one given, or what the time limits say. Feeding back and closing wait for it."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        if due_at is not None and due_at <= now:
            raise DomainError(_("Choose a time that is still to come."), field="due_at")
        SupervisionOrder.objects.create(
            report=row,
            area_code=row.area_code,
            text=reason,
            ordered_by_id=actor.user_id,
            ordered_at=now,
            due_at=due_at or deadlines.due_under(Stage.ORDER, row, now),
        )
        row.open_orders += 1

    given = {"reason": reason}
    row = take(actor=actor, report_id=report_id, verb="supervise", now=now, given=given, change=change, reason=reason, once=True)
    notices.tell_desk(row, "report.supervised")
    return row


def answer_order(*, actor: Actor, report_id: int, result: str, now: datetime | None = None) -> Report:
    """Answer the oldest open order in writing; whoever gave it hears of it."""
    now = now or clock.now()
    answered: list[SupervisionOrder] = []

    def change(row: Report, _taken: Transition) -> None:
        order = SupervisionOrder.objects.unscoped("orders of the locked report").filter(report=row, answered_at=None).order_by("pk").first()
        if order is None:
            raise DomainError(_("No order waits for an answer."))
        order.answer, order.answered_by_id, order.answered_at = result.strip(), actor.user_id, now
        order.save(update_fields=["answer", "answered_by", "answered_at"])
        row.open_orders -= 1
        answered.append(order)

    row = take(actor=actor, report_id=report_id, verb="answer_order", now=now, given={"result": result}, change=change, reason=result)
    notices.tell_person(row, answered[0].ordered_by_id, "report.order_answered")
    return row


def add_note(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Add a note to the history."""
    now = now or clock.now()
    return take(actor=actor, report_id=report_id, verb="add_note", now=now, given={"reason": reason}, reason=reason, once=True)


def propose_void(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Propose that it counts for nothing; somebody else decides."""

    def change(row: Report, _taken: Transition) -> None:
        row.void_asked_by_id = actor.user_id

    now = now or clock.now()
    return take(actor=actor, report_id=report_id, verb="propose_void", now=now, given={"reason": reason}, change=change, reason=reason)


def confirm_void(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """The second person agrees: void (作废)."""

    def change(row: Report, _taken: Transition) -> None:
        row.department, row.desk_code = None, ""

    return take(actor=actor, report_id=report_id, verb="confirm_void", now=now or clock.now(), change=change)


def reject_void(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """It stays."""

    def change(row: Report, _taken: Transition) -> None:
        row.void_asked_by = None

    now = now or clock.now()
    return take(actor=actor, report_id=report_id, verb="reject_void", now=now, given={"reason": reason}, change=change, reason=reason)
