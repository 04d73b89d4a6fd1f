"""Filing for a resident without account: once per sender's key, sealed contact, the same rules as for staff."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.pictures import Picture
from tongshan_portal.ledger.public import record

from .. import suggesting
from ..enums import Located, Source
from ..models import Report
from . import filing

NOTICE = "2026-11"
"""The version of the notice (个保法 17) that a resident reads before giving a contact; the ledger keeps which one it was."""


@transaction.atomic
def file_for_resident(
    *,
    actor: Actor,
    key: UUID,
    title: str,
    area_code: str = "",
    lon: float | None = None,
    lat: float | None = None,
    text: str = "",
    address: str = "",
    contact: str = "",
    phone: str = "",
    pictures: Sequence[Picture] = (),
    now: datetime | None = None,
) -> Report:
    """File what a resident raises. `actor` is the portal's part `residents`; `key` the sender's: sent again, it is the same report.

    The area is the chosen one, made more exact by the point; where neither says it, the whole district, and the desk decides.
    The category comes from the words. Raises DomainError for an empty sentence, no place at all, an area that is not in force.
    """
    now = now or clock.now()
    area_code, located = _area(area_code, lon, lat)
    require(actor, "reports.file", Place(area_code))
    known = filed_with(key)
    if known is not None:
        return known
    if not title.strip():
        raise DomainError(_("Say in one sentence what happened."), field="title")
    if located == Located.DESK and lon is None and not address.strip():
        raise DomainError(_("Say where: an area, a point, or an address."), field="address")
    if not Area.objects.filter(pk=area_code, valid_to=None).exists():
        raise DomainError(_("There is no such area in force."), field="town")
    suggestion = suggesting.suggest(title + text)
    category = suggestion.category if suggestion else None
    row = Report(
        key=key, code=filing.new_code(now), title=title.strip(), text=text.strip(), address=address.strip(), area_code=area_code,
        category=category, category_version=category.version if category else 1, urgency=category.urgency if category else "normal",
        source=Source.RESIDENT, located=located, lon=lon, lat=lat, contact=contact.strip() or None, phone=phone.strip() or None,
        filed_at=now, changed_at=now,
    )  # fmt: skip
    # A report that lies nowhere yet cannot be opened by a rule: the desk says first where it lies.
    return filing.take_in(
        actor=actor, row=row, now=now, known=partial(filed_with, key), follows_rules=len(area_code) > 6, pictures=pictures,
        then=partial(_note_contact, actor),
    )  # fmt: skip


def _note_contact(actor: Actor, row: Report) -> None:
    """That a contact was given, and under which notice."""
    fields = [name for name in ("contact", "phone") if getattr(row, name)]
    if fields:
        record(actor=actor, verb="report.contact_given", row=row, area_code=row.area_code, detail={"fields": fields, "notice": NOTICE})


def filed_with(key: UUID) -> Report | None:
    """The resident's report that was filed with a sender's key."""
    return Report.objects.unscoped("the sender's own key").filter(key=key, source=Source.RESIDENT, filed_by=None).first()


def _area(chosen: str, lon: float | None, lat: float | None) -> tuple[str, Located]:
    """Where it lies and how that is known. A choice holds; a point within it makes it more exact."""
    found, how = suggesting.area_of(lon, lat) if lon is not None and lat is not None else ("", Located.DESK)
    if found and found.startswith(chosen):
        return found, how
    return (chosen, Located.CHOSEN) if chosen else (settings.DISTRICT_CODE, Located.DESK)
