"""What the resident says of the answer: once per closing; "not solved" opens the report again, with its history."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.ledger.public import record

from ..enums import ReportState, Satisfaction
from ..models import Report
from . import handling


@transaction.atomic
def rate_report(*, report_id: int, satisfaction: str, text: str, now: datetime | None = None) -> Report:
    """Keep what the resident says of the outcome. Raises Conflict when this closing was rated, DomainError for what is no rating."""
    now = now or clock.now()
    row = Report.objects.locked(pk=report_id)
    if satisfaction not in Satisfaction.values:
        raise DomainError(_("Choose one of the answers."), field="satisfaction")
    if row.state != ReportState.CLOSED or row.closed_at is None or (row.rated_at is not None and row.rated_at >= row.closed_at):
        raise Conflict(_("There is nothing to rate: it is not closed, or it was rated already."))
    row.rating, row.rating_text, row.rated_at = satisfaction, text.strip(), now
    row.save(update_fields=["rating", "rating_text", "rated_at"])
    actor = system_actor("residents")
    record(actor=actor, verb="report.rated", row=row, area_code=row.area_code, detail={"rating": satisfaction})
    if satisfaction != Satisfaction.NOT_SOLVED:
        return row
    return handling.reopen(actor=actor, report_id=row.pk, reason=_("The resident says: not solved."), now=now)
