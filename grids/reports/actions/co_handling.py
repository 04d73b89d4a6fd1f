"""Other desks take part (协同): asked, accepted or refused, finished. The lead stays one person, and waits for all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.workflow.transitions import Transition

from .. import notices
from ..enums import OPEN_CO_HANDLING, CoHandlingState
from ..models import CoHandling, Report
from ..policies import desk_key, open_to
from ..routing import Recipient
from .taking import take

LOCKED = "the co-handlings of the locked report"


@transaction.atomic
def ask_co_handling(*, actor: Actor, report_id: int, recipient: Recipient, reason: str, now: datetime | None = None) -> CoHandling:
    """Ask another desk to take part; `reason` says what is asked of it. A department sees the report from now on."""
    now = now or clock.now()
    made: list[CoHandling] = []

    def change(row: Report, _taken: Transition) -> None:
        if recipient.key == desk_key(row):
            raise DomainError(_("It stands on this desk already."), field="recipient")
        if recipient.key in row.co_handlers:
            raise Conflict(_("This desk was asked already and has not finished."), field="recipient")
        made.append(
            CoHandling.objects.create(
                report=row,
                area_code=row.area_code,
                department=recipient.department,
                desk_code=recipient.desk_code,
                text=reason.strip(),
                asked_by_id=actor.user_id,
                asked_at=now,
            )
        )
        if recipient.department is not None and recipient.department.pk not in row.departments:
            row.departments.append(recipient.department.pk)
        row.co_handlers[recipient.key] = str(CoHandlingState.ASKED)
        row.open_parts += 1

    row = take(
        actor=actor,
        report_id=report_id,
        verb="ask_co_handling",
        now=now,
        given={"recipient": str(recipient), "reason": reason},
        change=change,
        reason=reason,
        recipient=str(recipient),
    )
    notices.tell_recipient(row, recipient.key, "report.co_handling_asked")
    return made[0]


def accept_co_handling(*, actor: Actor, report_id: int, part_id: int | None = None, now: datetime | None = None) -> CoHandling:
    """The desk takes part. Without `part_id`: the one request that waits for a desk of the actor's."""
    part = _answer(actor, report_id, "accept_co_handling", CoHandlingState.ACCEPTED, part_id, now)
    notices.tell_lead(part.report, "report.co_handling_accepted")
    return part


@transaction.atomic
def refuse_co_handling(*, actor: Actor, report_id: int, reason: str, part_id: int | None = None, now: datetime | None = None) -> CoHandling:
    """The desk does not take part, with a reason; the lead hears of it."""
    part = _answer(actor, report_id, "refuse_co_handling", CoHandlingState.REFUSED, part_id, now, reason=reason)
    notices.tell_lead(part.report, "report.co_handling_refused")
    return part


def finish_co_handling(*, actor: Actor, report_id: int, result: str, part_id: int | None = None, now: datetime | None = None) -> CoHandling:
    """The desk that took part says what it did; the lead hears of it."""
    part = _answer(actor, report_id, "finish_co_handling", CoHandlingState.DONE, part_id, now, result=result)
    notices.tell_lead(part.report, "report.co_handling_finished")
    return part


@transaction.atomic
def drop_co_handling(*, actor: Actor, report_id: int, reason: str, part_id: int | None = None, now: datetime | None = None) -> CoHandling:
    """Whoever asked does without it: nobody answered, or it is not needed any more."""
    part = _answer(actor, report_id, "drop_co_handling", CoHandlingState.DROPPED, part_id, now, reason=reason)
    notices.tell_recipient(part.report, part.key, "report.co_handling_dropped")
    return part


def _answer(
    actor: Actor,
    report_id: int,
    verb: str,
    target: CoHandlingState,
    part_id: int | None,
    now: datetime | None,
    *,
    reason: str = "",
    result: str = "",
) -> CoHandling:
    now = now or clock.now()
    found: list[CoHandling] = []

    def change(row: Report, _taken: Transition) -> None:
        parts = CoHandling.objects.unscoped(LOCKED).filter(report=row).select_related("department").order_by("pk")
        able = [one for one in open_to(actor, parts, target) if part_id in (None, one.pk)]
        if len(able) != 1:
            raise Conflict(
                _("Say which co-handling.") if able else _("This co-handling is no longer open: somebody was faster."), field="part"
            )
        part = able[0]
        part.state, part.answered_by_id, part.answered_at = target, actor.user_id, now
        part.reason, part.result = reason.strip(), result.strip()
        part.save(update_fields=["state", "answered_by", "answered_at", "reason", "result"])
        if target in OPEN_CO_HANDLING:
            row.co_handlers[part.key] = str(target)
        else:
            del row.co_handlers[part.key]
            row.open_parts -= 1
        part.report = row
        found.append(part)

    take(
        actor=actor,
        report_id=report_id,
        verb=verb,
        now=now,
        given={"reason": reason, "result": result},
        change=change,
        reason=reason or result,
    )
    return found[0]
