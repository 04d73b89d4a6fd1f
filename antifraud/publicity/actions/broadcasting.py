"""A village records how it made a notice known."""

from datetime import date, datetime
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, can
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.pictures import read_picture
from tongshan_portal.ledger.public import record
from tongshan_portal.live.publish import carries_personal_data

from ..enums import Channel
from ..models import Broadcast, FraudNotice
from ..workflow import STEPS


@transaction.atomic
def record_broadcast(
    *, actor: Actor, notice_id: int, area_code: str, channel: str, on: date, place: str, photo: IO[bytes] | None = None,
    now: datetime | None = None,
) -> Broadcast:  # fmt: skip
    """Record how a notice was made known in an area of the actor's that it is for. A photo is written anew, without place and device.

    Raises NotAllowed outside the actor's area, InvalidTransition once the notice has ended, DomainError with the field.
    """
    moment = now or clock.now()
    row = FraudNotice.objects.locked(pk=notice_id)
    STEPS.step(row, "record_broadcast", may=lambda name, _row: can(actor, name, Place(area_code)), actor_id=actor.user_id)
    if not FraudNotice.objects.unscoped("the locked notice alone").filter(pk=row.pk).for_area(area_code).exists():
        raise DomainError(_("The notice is not for this area."), field="area")
    if channel not in Channel.values:
        raise DomainError(_("Say how it was made known."), field="channel")
    assert row.published_at is not None  # by constraint
    if not timezone.localdate(row.published_at) <= on <= timezone.localdate(moment):
        raise DomainError(_("The day lies between the publication and today."), field="on")
    if not place.strip() or carries_personal_data(place):
        raise DomainError(_("Say where, without numbers of persons."), field="place")
    made = Broadcast(
        notice=row, area_code=area_code, channel=channel, on=on, place=place.strip(), recorded_by=actor.user, recorded_at=moment
    )
    if photo is not None:
        made.photo.save("photo.jpg", ContentFile(read_picture(photo, "photo").data), save=False)
    made.save(force_insert=True)
    record(actor=actor, verb="fraud_notice.made_known", row=made, detail={"notice": row.number, "channel": channel})
    return made
