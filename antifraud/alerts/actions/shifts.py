"""The change of shifts (交接班): what one leaves is written down and signed, and signed again by who takes it over."""

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, can, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict
from tongshan_portal.ledger.public import record
from tongshan_portal.live.actions import Told, notify_many

from ..desks import Roster
from ..enums import OPEN, Goes, ShiftState
from ..models import FraudAlert, Handover
from ..queries.shift import brief_of, since_when
from ..workflow import SHIFTS


@transaction.atomic
def write_handover(*, actor: Actor, area_code: str, note: str, now: datetime | None = None) -> Handover:
    """Write down what stands open at the desk of an area, and sign it. Written again before it is taken over, it is the same one, anew.

    Raises NotAllowed, Conflict while somebody else's waits to be taken over.
    """
    require(actor, "alerts.shift", Place(area_code))
    now = now or clock.now()
    waiting = Handover.objects.unscoped("the desk of the area, whose right was asked").filter(area_code=area_code, state=ShiftState.DRAFTED)
    row = waiting.select_for_update(of=("self",)).first()
    if row is not None and row.left_by_id != actor.user_id:
        raise Conflict(_("A hand-over waits already: take it over first."))
    amended = row is not None
    row = row or Handover(area_code=area_code, left_by_id=actor.user_id)
    row.since, row.written_at, row.note = since_when(area_code, now), now, note.strip()
    row.brief = brief_of(actor, area_code, row.since, now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Conflict(_("A hand-over waits already: take it over first.")) from None
    verb = "handover.amended" if amended else "handover.written"
    record(actor=actor, verb=verb, row=row, area_code=area_code, detail={"open": row.brief["counts"]["open"]})
    if not amended:
        roster = Roster([area_code])
        people = (roster.people_of(Goes.DESK, area_code) | roster.people_of(Goes.DUTY, area_code)) - {actor.user_id}
        link = reverse("alerts:handovers")
        notify_many([Told((user_id,), "alert.shift_written", {}, link) for user_id in sorted(people)])
    return row


@transaction.atomic
def take_over(*, actor: Actor, handover_id: int, now: datetime | None = None) -> Handover:
    """Sign for what another leaves. Who sees no alerts of the area by her posting (the duty officer) sees these from now on: they are hers.

    Raises Handover.DoesNotExist, InvalidTransition, NotAllowed.
    """
    row, now = Handover.objects.locked(pk=handover_id), now or clock.now()
    taken = SHIFTS.step(row, "take_over", may=partial(can, actor), actor_id=actor.user_id)
    row.state, row.taken_by_id, row.taken_at = taken.target(row.state), actor.user_id, now
    row.save(update_fields=["state", "taken_by", "taken_at"])
    shared = 0
    if not actor.scope.holds("alerts.view", row.area_code):
        left = FraudAlert.objects.unscoped("what is handed over is seen by who takes it over")
        shared = left.filter(code__in=[line["code"] for line in row.brief["open"] + row.brief["snoozed"]], state__in=OPEN).update(
            with_duty=True
        )
    detail = {"from": str(row.left_by), "shared": shared}
    record(actor=actor, verb="handover.taken_over", row=row, area_code=row.area_code, detail=detail)
    notify_many([Told((row.left_by_id,), "alert.shift_taken", {"who": actor.name}, reverse("alerts:handover", args=[row.pk]))])
    return row
