"""What the resident adds while the report lives (补充说明)."""

from datetime import datetime
from functools import partial

from django.db import transaction

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel import clock

from .. import notices
from ..models import Report
from ..workflow import STEPS
from .taking import write_step


@transaction.atomic
def supplement(*, actor: Actor, report_id: int, text: str, now: datetime | None = None) -> Report:
    """Add to a living report what its resident says later; whoever has it hears of it. Raises InvalidTransition, DomainError."""
    now, row = now or clock.now(), Report.objects.locked(pk=report_id)
    STEPS.step(row, "supplement", may=partial(can, actor), actor_id=actor.user_id, given={"reason": text})
    row.changed_at = now
    row.save(update_fields=["changed_at"])
    step = write_step(actor, row, "supplement", row.state, now)
    # The words belong to the report, where they can be erased with it; the ledger, which nobody can erase, keeps that something was added.
    step.reason = text.strip()
    step.save(update_fields=["reason"])
    notices.tell_desk(row, "report.supplemented")
    return row
