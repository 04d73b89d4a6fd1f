"""Recording elements: one at a time by hand, many at once from files."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place as There
from tongshan_portal.accounts.policy import require
from tongshan_portal.exchange.public import Outcome, merge_rows
from tongshan_portal.kernel import clock, ids
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import Sealed
from tongshan_portal.ledger.public import record

from ..addresses import normal_form, parts_of
from ..models import KINDS, Address, Element, Household

RECORD = {"household": "households.record", "place": "elements.record", "facility": "elements.record", "organisation": "elements.record"}
"""The action that recording an element of a kind takes."""


def require_ground(area_code: str) -> None:
    """Elements stand in a grid or micro-grid in force. Raises DomainError."""
    if len(area_code) < Level.GRID or not Area.objects.filter(pk=area_code, valid_to=None).exists():
        raise DomainError(_("Elements stand in a grid or micro-grid that is in force."), field="area")


def standard_address(*, area_code: str, text: str, lon: float | None = None, lat: float | None = None) -> Address | None:
    """The row of an address in an area; made when it is new. None for an empty text. A position is taken over where none was known."""
    key = normal_form(text)
    if not key:
        return None
    parts = parts_of(key)
    fields = {"text": text.strip(), "building": parts.building, "unit": parts.unit, "room": parts.room, "lon": lon, "lat": lat}
    rows = Address.objects.unscoped("the caller's right in this area was asked")
    found, created = rows.get_or_create(area_code=area_code, key=key, defaults=fields)
    if not created and lon is not None and found.lon is None:
        found.lon, found.lat = lon, lat
        found.save(update_fields=["lon", "lat"])
    return found


@transaction.atomic
def record_element(
    *,
    actor: Actor,
    element: str,
    area_code: str,
    address: str,
    lon: float | None = None,
    lat: float | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Element:
    """Record one element by hand; it gets a number of its own. `element` is a word of KINDS, `fields` those of its model.

    Raises NotAllowed, DomainError for an area that is no grid or for a code that is taken.
    """
    require(actor, RECORD[element], There(area_code))
    require_ground(area_code)
    row = KINDS[element](
        area_code=area_code,
        number=f"{element[0].upper()}-{ids.new_uuid().hex[-12:]}",
        address=standard_address(area_code=area_code, text=address, lon=lon, lat=lat),
        collected_on=timezone.localdate(now or clock.now()),
        collected_by_id=actor.user_id,
        **fields,
    )
    refuse_taken(row, fields)
    row.save(force_insert=True)
    record(actor=actor, verb="element.recorded", row=row, area_code=area_code)
    return row


def refuse_taken(row: Element, fields: Iterable[str]) -> None:
    """A credit code or sensor that another element has is said so, with where it was collected: 已采集. Raises DomainError."""
    for name in ("credit_code", "sensor_id"):
        value = getattr(row, name, None) if name in fields else None
        if not value:
            continue
        rows = type(row).objects.unscoped("a number that is taken is taken wherever its holder lies")  # type: ignore[attr-defined]
        other = rows.filter(**{name: value}).exclude(pk=row.pk).first()
        if other is not None:
            words = {"day": other.collected_on, "who": other.collected_by or _("an import"), "label": other.number}
            raise DomainError(_("Already collected on %(day)s by %(who)s, as %(label)s.") % words, field=name)


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One household as a file has it. `area_code` is a grid or micro-grid; empty texts for what is not known."""

    number: str
    area_code: str
    address: str
    lon: float | None
    lat: float | None
    contact: str
    phone: str
    size: int | None
    needs: tuple[str, ...]
    needs_agreed_on: date | None


def match_addresses(rows: Sequence[tuple[str, str, float | None, float | None]]) -> dict[tuple[str, str], int]:
    """The addresses (area, text, longitude, latitude) of a batch as rows, those that are new made at once: (area, normal form) → id."""
    wanted: dict[tuple[str, str], tuple[str, float | None, float | None]] = {}
    for area_code, text, lon, lat in rows:
        key = normal_form(text)
        if key:
            wanted.setdefault((area_code, key), (text.strip(), lon, lat))
    held = Address.objects.unscoped("the right of each row's area was asked by the batch")
    areas, keys = {area for area, _key in wanted}, {key for _area, key in wanted}

    def known() -> dict[tuple[str, str], int]:
        listed = held.filter(area_code__among=areas, key__among=keys).values_list("area_code", "key", "pk")
        return {(area, key): pk for area, key, pk in listed}

    found = known()
    new = [(place, facts) for place, facts in wanted.items() if place not in found]
    if new:
        fields = ["area_code", "key", "text", "building", "unit", "room", "lon", "lat"]
        lines = ((area, key, facts[0], *_parts(key), facts[1], facts[2]) for (area, key), facts in new)
        merge_rows(Address, lines, fields=fields, key=["area_code", "key"])
        found = known()
    return found


def _parts(key: str) -> tuple[str, str, str]:
    parts = parts_of(key)
    return parts.building, parts.unit, parts.room


_HOUSEHOLD = ["number", "area_code", "address", "contact", "phone", "size", "needs", "needs_agreed_on", "collected_on", "collected_by"]


@transaction.atomic
def record_households(*, actor: Actor, rows: Sequence[HouseholdRow], now: datetime) -> Counter[Outcome]:
    """Record many households, idempotent on their numbers; a household that says what is held already is left alone.

    The caller's run is in the ledger; `collected_on` of a changed row is the day of the change. Raises NotAllowed.
    """
    require(actor, "households.import")
    with ThreadPoolExecutor(1, "seal") as sealing:
        # Sealing needs the processor, looking up and matching mostly wait for the database.
        sealed = sealing.submit(lambda: [(_sealed("contact", row.contact), _sealed("phone", row.phone)) for row in rows])
        held = Household.objects.unscoped("numbers are unique wherever their household lies")
        before = {kept.number: kept for kept in held.filter(number__among=[row.number for row in rows])}
        addresses = match_addresses([(row.area_code, row.address, row.lon, row.lat) for row in rows])
    outcome: Counter[Outcome] = Counter()
    lines, day = [], timezone.localdate(now)
    for row, (contact, phone) in zip(rows, sealed.result(), strict=True):
        address = addresses.get((row.area_code, normal_form(row.address)))
        kept = before.get(row.number)
        if kept is not None and _same(kept, row, address):
            outcome[Outcome.UNCHANGED] += 1
            continue
        outcome[Outcome.CREATED if kept is None else Outcome.CHANGED] += 1
        lines.append(
            (row.number, row.area_code, address, contact, phone, row.size, list(row.needs), row.needs_agreed_on, day, actor.user_id)
        )
    if lines:
        merge_rows(Household, lines, fields=_HOUSEHOLD, key=["number"])
    return outcome


def _sealed(name: str, text: str) -> Sealed | None:
    """A text sealed for its column, in full: its stored form is made here, not when it is written."""
    value = Household._meta.get_field(name).wrap(text)  # type: ignore[union-attr]
    if value is not None:
        _ = value.stored
    return value


def _same(kept: Household, row: HouseholdRow, address: int | None) -> bool:
    """Whether the file says what is held. Sealing a text twice gives two different values, so texts are compared in the open."""
    plain = (kept.area_code, kept.address_id, kept.size, tuple(kept.needs), kept.needs_agreed_on)  # type: ignore[attr-defined]
    if plain != (row.area_code, address, row.size, row.needs, row.needs_agreed_on):
        return False
    pairs = ((kept.contact, row.contact), (kept.phone, row.phone))
    return all(sealed.same_as(text) if sealed is not None and text else not sealed and not text for sealed, text in pairs)


@transaction.atomic
def record_elements(*, actor: Actor, element: str, rows: Sequence[Mapping[str, Any]], now: datetime) -> Counter[Outcome]:
    """Record many places, facilities or organisations, idempotent on their numbers. Raises NotAllowed."""
    require(actor, "elements.import")
    model = KINDS[element]
    own = [name for name in ("name", "kind", "sensor_id", "credit_code") if any(field.name == name for field in model._meta.fields)]
    addresses = match_addresses([(row["area_code"], row["address"] or "", row["lon"], row["lat"]) for row in rows])
    held = model.objects.unscoped("numbers are unique wherever their element lies")
    days = dict(held.filter(number__among=[row["number"] for row in rows]).values_list("number", "collected_on"))
    lines = (
        (
            row["number"],
            row["area_code"],
            addresses.get((row["area_code"], normal_form(row["address"] or ""))),
            days.get(row["number"], timezone.localdate(now)),
            actor.user_id,
            *(row[name] for name in own),
        )
        for row in rows
    )
    return merge_rows(model, lines, fields=["number", "area_code", "address", "collected_on", "collected_by", *own], key=["number"])
