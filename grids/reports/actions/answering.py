"""The resident and the outcome: return calls (回访), the rating (评价), filing away (归档)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..enums import DONE_STATES, ReportState, Satisfaction
from ..models import Rating, Report, ReturnCall
from .handling import archive, reopen
from .taking import take


@transaction.atomic
def make_return_call(
    *, actor: Actor, report_id: int, reached: bool, satisfaction: str = "", note: str = "", now: datetime | None = None
) -> Report:
    """Record an attempt to reach whoever raised it, and what she says. Said after closing, it is the rating.

    Before closing "not solved" stands in the way until the result is sent back.
    """
    now = now or clock.now()
    word = _known(satisfaction) if satisfaction else None
    if word and not reached:
        raise DomainError(_("Only somebody who was reached can say how satisfied she is."), field="satisfaction")

    def change(row: Report, _taken: Transition) -> None:
        ReturnCall.objects.create(
            report=row,
            area_code=row.area_code,
            by_id=actor.user_id,
            at=now,
            reached=reached,
            satisfaction=word or "",
            note=note.strip(),
        )
        if reached:
            row.contacted_at = now
        if word and row.state not in DONE_STATES:
            _rate(row, word, note, now)

    outcome = str(word.label) if word else _("reached") if reached else _("not reached")
    row = take(actor=actor, report_id=report_id, verb="make_return_call", now=now, change=change, reason=note, recipient=outcome, once=True)
    if word and row.state in DONE_STATES and (word is Satisfaction.NOT_SOLVED or not row.rating):  # her own word stands
        return rate_report(report_id=report_id, satisfaction=word, text=note, now=now, actor=actor)
    return row


@transaction.atomic
def rate_report(*, report_id: int, satisfaction: str, text: str, now: datetime | None = None, actor: Actor | None = None) -> Report:
    """What the resident says of a closed report, once: satisfied, fair or unsatisfied files it away, "not solved" opens it again.

    Without `actor` the resident herself says it, on the page that her key opens. "Not solved" may follow an earlier word.
    Raises Report.DoesNotExist, InvalidTransition where it is not closed, Conflict where it was rated, DomainError for an unknown word.
    """
    now, word = now or clock.now(), _known(satisfaction)
    portal, resident = system_actor("reports"), system_actor("residents")

    def change(row: Report, _taken: Transition) -> None:
        if row.rating and word is not Satisfaction.NOT_SOLVED:
            raise Conflict(_("It has been rated already."))
        _rate(row, word, text, now)

    row = take(actor=actor or resident, report_id=report_id, verb="rate", now=now, change=change, reason=text, recipient=str(word.label))
    if word is Satisfaction.NOT_SOLVED:
        row = reopen(actor=portal, report_id=report_id, reason=_("The resident says that it is not solved."), now=now)
        notices.tell_senders(row, "report.not_solved")
        return row
    return archive(actor=portal, report_id=report_id, now=now) if row.state == ReportState.CLOSED else row


def _rate(row: Report, word: Satisfaction, text: str, now: datetime) -> None:
    """The word of the present result, and the answer that is counted whatever becomes of the report."""
    row.rating, row.rating_text, row.rated_at = word, text.strip(), now
    Rating.objects.create(report=row, area_code=row.area_code, at=now, word=word)


def _known(satisfaction: str) -> Satisfaction:
    if satisfaction not in Satisfaction.values:
        raise DomainError(_("Choose one of the answers."), field="satisfaction")
    return Satisfaction(satisfaction)
