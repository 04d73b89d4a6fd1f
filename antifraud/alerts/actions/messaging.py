"""Short messages: advice to the warned person, sent by the desk; and, on a high grade, the family asked to call, by its consent."""

from datetime import datetime, timedelta

from django.db import transaction

from antifraud.registrations.public import send_words, tell_family
from tongshan_portal.accounts.actor import Actor, system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record
from tongshan_portal.workflow.transitions import Transition

from .. import deadlines, notices
from ..enums import Channel, Reached
from ..limits import family_was_asked, limits_on_advice
from ..models import AlertPolicy, AlertStep, Attempt, FraudAlert
from ..models.alert import FAMILY_WAITS
from ..workflow import DONE
from .taking import asked_outside_the_line, take

LASTS = timedelta(hours=2)
"""A message that could not be sent so long says the wrong thing: it is given up."""


def send_advice(*, actor: Actor, alert_id: int, now: datetime | None = None) -> FraudAlert:
    """Send the person the advice of her type of fraud. It is kept as an attempt, and is none of those that count as having tried.

    Nobody gets more of them a day than the limits say, over all alerts of hers. Of a simulated alert nothing leaves the portal.
    """
    now = now or clock.now()

    def change(row: FraudAlert, _taken: Transition) -> None:
        limits = deadlines.rules().limits
        stands = limits_on_advice(row, limits, now)
        if stands:
            raise DomainError(stands)
        words = limits.advice_words.replace("{advice}", row.type.advice_zh)
        sent = [] if row.is_simulated else [send_words(phone=open_sealed(row.phone), words=words, lasts=LASTS, now=now)]
        _keep(row, Channel.SMS, sent, actor.user_id, now)

    return take(actor=actor, alert_id=alert_id, verb="send_advice", now=now, change=change)


def ask_families(*, now: datetime, batch: int = 100) -> int:
    """For the sweep: see to alerts of the high grade whose registered person nobody has spoken to; answers how many were asked."""
    if not AlertPolicy.objects.get(pk=1).tell_family:
        return 0
    waiting = FraudAlert.objects.unscoped("time passes for all").filter(FAMILY_WAITS).order_by("received_at").values_list("pk", flat=True)
    return sum(_ask_family(pk, now) for pk in list(waiting[:batch]))


@transaction.atomic
def _ask_family(alert_id: int, now: datetime) -> bool:
    """Ask the family of one alert to call, once, where they agreed to it; `family_told_at` says that this was seen to, either way."""
    rows = FraudAlert.objects.unscoped("time passes for all").select_for_update(skip_locked=True, of=("self",))
    row = rows.filter(FAMILY_WAITS, pk=alert_id).first()
    if row is None:
        return False  # somebody was faster, or spoke to the person
    limits, actor = AlertPolicy.objects.get(pk=1), system_actor("alerts")
    row.family_told_at = now
    row.save(update_fields=["family_told_at"])
    if row.is_simulated or row.registration_id is None or family_was_asked(row, limits, now):
        return False
    sent = tell_family(registration_id=row.registration_id, member_id=row.member_id, words=limits.family_words, lasts=LASTS, now=now)
    if not sent:
        return False
    _keep(row, Channel.FAMILY, sent, None, now)
    AlertStep.objects.create(
        alert=row, verb="tell_family", from_state=row.state, to_state=row.state, at=now, actor_id=None, actor_label=actor.name
    )
    kind = DONE["tell_family"]
    record(actor=actor, verb=kind, row=row, area_code=row.area_code, detail={"messages": len(sent)})
    notices.publish_alerts([notices.Happened(kind, row.code, row.grade, row.state, row.area_code, asked_outside_the_line(row))])
    return True


def _keep(row: FraudAlert, channel: Channel, sent: list[int], by_id: int | None, now: datetime) -> None:
    Attempt.objects.create(alert=row, channel=channel, at=now, by_id=by_id, reached=Reached.SENT, messages=sent)
