"""The loop itself: open, dispatch, sign for, handle, feed back, verify, close; and every way back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grids.areas.models import Area
from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.due import due_at
from tongshan_portal.workflow.limits import TimeLimit, Unit
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..enums import Located, ReportState, Stage
from ..evaluation.working_time import worked_minutes
from ..models import Category, Report
from ..routing import Recipient
from .opening import require_read_return
from .taking import put_on_desk, take

OBJECTION = TimeLimit(5, Unit.WORKING_DAY, source="信访工作条例 23")
"""A unit says "not ours" within five working days of the dispatch."""


def open_report(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """Take a filed report in (立案)."""
    return take(actor=actor, report_id=report_id, verb="open_report", now=now or clock.now())


def place(*, actor: Actor, report_id: int, area_code: str, now: datetime | None = None) -> Report:
    """Say in which area it lies, where nobody knew, or where it was filed wrongly; the actor's areas hold the new one."""

    def change(row: Report, _taken: Transition) -> None:
        require(actor, "reports.open", Place(area_code))
        if not Area.objects.filter(pk=area_code, valid_to=None).exists():
            raise DomainError(_("There is no such area in force."), field="area")
        row.area_code, row.located = area_code, Located.CHOSEN

    return take(
        actor=actor,
        report_id=report_id,
        verb="place",
        now=now or clock.now(),
        given={"area": area_code},
        change=change,
        recipient=name_of(area_code),
    )


def classify(*, actor: Actor, report_id: int, category: Category, urgency: str = "", now: datetime | None = None) -> Report:
    """Change what it is about, and how urgent it is (empty: as the category says); the clocks go on under the new limits."""

    def change(row: Report, _taken: Transition) -> None:
        row.category, row.category_version, row.urgency = category, category.version, urgency or category.urgency
        deadlines.follow_category(row)

    return take(
        actor=actor,
        report_id=report_id,
        verb="classify",
        now=now or clock.now(),
        given={"category": category.pk},
        change=change,
        recipient=str(category),
    )


@transaction.atomic
def dispatch(*, actor: Actor, report_id: int, recipient: Recipient, reason: str = "", now: datetime | None = None) -> Report:
    """Send an opened report to a department, or to the desk of a town, village or grid (派遣)."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        require_read_return(actor=actor, row=row)
        put_on_desk(row, recipient, now)

    row = take(
        actor=actor, report_id=report_id, verb="dispatch", now=now, given={"recipient": str(recipient)}, change=change, reason=reason,
        recipient=str(recipient),
    )  # fmt: skip
    notices.tell_desk(row, "report.arrived")
    return row


def sign_for(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """Take a dispatched report over (签收): who signs leads it."""

    def change(row: Report, _taken: Transition) -> None:
        row.lead_id = actor.user_id

    return take(actor=actor, report_id=report_id, verb="sign_for", now=now or clock.now(), change=change)


@transaction.atomic
def object_to(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Say that it is not ours, within five working days of the dispatch (信访工作条例 23). It counts as a bounce."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        limit = due_at(row.dispatched_at, OBJECTION) if row.dispatched_at else None
        if limit is not None and now > limit.at:
            raise DomainError(_("“Not ours” is said within five working days of the dispatch; that time is over."))
        row.bounces += 1

    row = take(actor=actor, report_id=report_id, verb="object_to", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_senders(row, "report.bounced")
    return row


def return_report(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Give it back to whoever sent it, with a reason (退回)."""

    def change(row: Report, _taken: Transition) -> None:
        row.returns += 1

    row = take(
        actor=actor,
        report_id=report_id,
        verb="return_report",
        now=now or clock.now(),
        given={"reason": reason},
        change=change,
        reason=reason,
    )
    notices.tell_senders(row, "report.bounced")
    return row


def feed_back(*, actor: Actor, report_id: int, result: str, now: datetime | None = None) -> Report:
    """Say what was done (反馈). A new result needs a new word of the resident."""

    def change(row: Report, _taken: Transition) -> None:
        require_read_return(actor=actor, row=row)
        row.handled_by_id, row.resolution, row.verified_by = actor.user_id, result.strip(), None
        row.rating, row.rating_text, row.rated_at = "", "", None

    return take(
        actor=actor, report_id=report_id, verb="feed_back", now=now or clock.now(), given={"result": result}, change=change, reason=result
    )


def verify(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """Confirm what somebody else handled (核查)."""

    def change(row: Report, _taken: Transition) -> None:
        row.verified_by_id = actor.user_id

    return take(actor=actor, report_id=report_id, verb="verify", now=now or clock.now(), change=change)


@transaction.atomic
def send_back(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """The result does not hold: back to the desk, counted as rework (核查退回)."""

    def change(row: Report, _taken: Transition) -> None:
        row.rework += 1
        row.handled_by = row.verified_by = None

    row = take(
        actor=actor, report_id=report_id, verb="send_back", now=now or clock.now(), given={"reason": reason}, change=change, reason=reason
    )
    notices.tell_desk(row, "report.sent_back")
    return row


def close(*, actor: Actor, report_id: int, answer: str = "", now: datetime | None = None) -> Report:
    """Answer whoever raised it, and close (结案). `answer` is what the resident reads; where somebody waits it must be given.

    What a return call said of this result already is the rating: it is filed away at once.
    """
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        if row.somebody_waits and not answer.strip():
            raise DomainError(_("Somebody waits: write the answer that she reads."), field="answer")
        row.answer, row.closed_at = answer.strip(), now
        row.archive_at, row.worked_minutes = deadlines.due_under(Stage.RATE, row, now), worked_minutes(row.filed_at, now)
        total = row.total_clock()
        if total is not None and total.stopped_at is None:
            row.total = total.stop(now).as_json()

    row = take(actor=actor, report_id=report_id, verb="close", now=now, change=change)
    notices.tell_filer(row)
    return archive(actor=system_actor("reports"), report_id=report_id, now=now) if row.rating else row


def archive(*, actor: Actor, report_id: int, now: datetime | None = None) -> Report:
    """File a closed report away (归档): it was rated, or the time to rate it is over. The portal does it."""
    return take(actor=actor, report_id=report_id, verb="archive", now=now or clock.now())


@transaction.atomic
def reopen(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """It was not solved: open again, with its history; a new clock for the whole loop begins."""
    now = now or clock.now()

    def change(row: Report, _taken: Transition) -> None:
        row.closed_at, row.archive_at, row.handled_by, row.verified_by, row.resolution = None, None, None, None, ""
        row.reopened, row.worked_minutes = row.reopened + 1, None
        deadlines.begin_total(row, now)

    row = take(actor=actor, report_id=report_id, verb="reopen", now=now, given={"reason": reason}, change=change, reason=reason)
    notices.tell_senders(row, "report.reopened")
    return row


def withdraw(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """Who filed it takes it back before it is dispatched."""
    return take(actor=actor, report_id=report_id, verb="withdraw", now=now or clock.now(), given={"reason": reason}, reason=reason)


def merge(*, actor: Actor, report_id: int, into_code: str, reason: str, now: datetime | None = None) -> Report:
    """It is the same matter as another report: from now on that one is worked on."""

    def change(row: Report, _taken: Transition) -> None:
        target = Report.objects.visible_to(actor.scope).filter(code=into_code.strip().upper()).exclude(pk=row.pk).first()
        if target is None or target.state in (ReportState.MERGED, ReportState.VOID, ReportState.WITHDRAWN):
            raise DomainError(_("There is no report %(code)s that it could be merged into.") % {"code": into_code[:20]}, field="recipient")
        row.merged_into, row.department, row.desk_code = target, None, ""

    given = {"reason": reason, "recipient": into_code}
    return take(
        actor=actor,
        report_id=report_id,
        verb="merge",
        now=now or clock.now(),
        given=given,
        change=change,
        reason=reason,
        recipient=into_code,
    )


def unmerge(*, actor: Actor, report_id: int, reason: str, now: datetime | None = None) -> Report:
    """It is a matter of its own after all."""

    def change(row: Report, _taken: Transition) -> None:
        row.merged_into = None

    return take(
        actor=actor, report_id=report_id, verb="unmerge", now=now or clock.now(), given={"reason": reason}, change=change, reason=reason
    )
