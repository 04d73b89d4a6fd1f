"""What the resident adds while the report lives (补充说明)."""

from datetime import datetime

from django.db import transaction

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from .. import notices
from ..models import Report
from .taking import take


@transaction.atomic
def supplement(*, actor: Actor, report_id: int, text: str, now: datetime | None = None) -> Report:
    """Add to a living report what its resident says later; whoever has it hears of it. Raises InvalidTransition, DomainError, Conflict."""
    text = text.strip()
    row = take(actor=actor, report_id=report_id, verb="supplement", now=now or clock.now(), given={"reason": text}, reason=text, once=True)
    notices.tell_desk(row, "report.supplemented")
    return row
