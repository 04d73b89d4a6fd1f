"""What the filing page shows: where it lies, what it may be about, what stands near, addresses, drafts; and the report just filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from grids.areas.codes import Level
from grids.areas.names import name_of, path_of
from grids.elements.models import Address
from grids.elements.search import with_words
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import within
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock

from ..enums import Located
from ..models import Draft, Report
from ..placing import Spot
from ..suggesting import Suggestion, near, suggestions
from .worklist import Line, lines_of

PLACES = 8


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before a report is sent. `outside`: the place lies in nobody's area of the sender."""

    place: str
    code: str
    lon: float | None
    lat: float | None
    located: Located | None
    outside: bool
    suggestions: list[Suggestion]
    near: list[Line]


def hints_for(actor: Actor, words: str, spot: Spot | None) -> Hints:
    """Grid, categories and what stands within 150 m and 14 days, all within the sender's scope."""
    now = clock.now()
    found: Sequence[Report] = near(actor.scope, spot.lon, spot.lat, now) if spot and spot.lon is not None and spot.lat is not None else []
    return Hints(
        place=place_words(spot.area_code) if spot else "",
        code=spot.area_code if spot else "",
        lon=spot.lon if spot else None,
        lat=spot.lat if spot else None,
        located=spot.located if spot else None,
        outside=bool(spot) and not actor.scope.holds("reports.file", spot.area_code),
        suggestions=suggestions(words) if words else [],
        near=lines_of(found, now),
    )


def place_words(code: str) -> str:
    """An area as its chip says it: the grid, then the town."""
    names = [name for _code, name in path_of(code)]
    return " · ".join(dict.fromkeys([names[-1], names[0]])) if len(code) > Level.DISTRICT else name_of(code)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A standard address as a choice."""

    pk: int
    text: str
    area: str


def places_like(scope: Scope, words: str) -> list[PlaceLine]:
    """Standard addresses that hold the words, where the reader may file and sees addresses; at most eight, the shortest first."""
    condition = Q(pk__in=[])
    for code in scope.areas_for("reports.file"):
        condition |= within(code)
    rows = with_words(Address.objects.visible_to(scope).filter(condition), words)
    found = sorted(rows.order_by("key")[: PLACES * 10], key=lambda row: (len(row.key), row.key))[:PLACES]
    return [place_line(row) for row in found]


def place_line(row: Address) -> PlaceLine:
    return PlaceLine(row.pk, row.text, place_words(row.area_code[: Level.GRID]))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list of its writer."""

    key: str
    title: str
    changed_at: datetime
    href: str


def drafts_of(actor: Actor) -> list[DraftLine]:
    """What the person has begun to write, the newest first."""
    rows = Draft.objects.filter(user_id=actor.user_id).order_by("-changed_at")
    page = reverse("reports:file")
    return [
        DraftLine(str(row.key), str(row.data.get("title") or row.data.get("text") or row.data.get("address", ""))[:60], row.changed_at,
                  f"{page}?draft={row.key}")
        for row in rows
    ]  # fmt: skip
