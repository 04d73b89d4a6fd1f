"""What the map and the page of an area ask."""

from dataclasses import dataclass
from datetime import date
from os.path import commonprefix

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grids.areas.codes import LENGTHS, Level, grid_kind_of, level_of, parent_of
from grids.areas.edition import Kept
from grids.areas.locating import build_locator, locate
from grids.areas.locating import kept as grid_locator
from grids.areas.models import Area, AreaShape, Succession
from grids.areas.names import kept as names
from grids.areas.names import name_of, path_of
from grids.areas.shapes.locator import Located, Locator
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from . import serving
from .registry import Fact, Found, Measure, PointLayer, fact_sources, finders, measures, point_layers

FOUND = 20
"""Things that one search of the picker shows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One area in the list beside the map: what is drawn can be read here."""

    code: str
    name: str
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An area of the same level that shares a border."""

    code: str
    name: str
    above: str = ""
    """The name of its parent, where that is another one."""


@dataclass(frozen=True, slots=True)
class AreaPage:
    """All that the page of an area shows."""

    area: Area
    path: list[tuple[str, str]]
    level: str | Promise
    below: list[Row]
    below_level: str | Promise
    duties: list[serving.Duty] | None
    facts: list[Fact]
    neighbours: list[Neighbour]
    predecessors: list[tuple[str, str, date]]
    successors: list[tuple[str, str, date]]
    label: tuple[float, float] | None
    is_over: bool


def in_force(day: date) -> Q:
    """The condition that an area has begun and not ended on a day."""
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def next_level(code: str) -> Level | None:
    """The level below a code; None below a micro-grid."""
    at = LENGTHS.index(len(code))
    return Level(LENGTHS[at + 1]) if at + 1 < len(LENGTHS) else None


def home_area(actor: Actor, district: str) -> str:
    """Where the map opens: the smallest area that holds all the actor's postings."""
    codes = [reach.area_code for reach in actor.scope.reaches]
    shared = commonprefix(codes) if codes else district
    fitting = [length for length in LENGTHS if length <= len(shared)]
    return shared[: max(fitting)] if fitting else district


def measures_for(actor: Actor) -> list[Measure]:
    """The measures that the actor may colour the map by."""
    return [one for one in measures.values() if one.action is None or actor.scope.reaches_for(one.action)]


def layers_for(actor: Actor) -> list[PointLayer]:
    """The points that the actor may put on the map."""
    return [
        one
        for one in point_layers.values()
        if actor.scope.reaches_for(one.action) or (one.or_action and actor.scope.reaches_for(one.or_action))
    ]


def rows_below(code: str, numbers: dict[str, float] | None = None) -> list[Row]:
    """The areas in force one level below, by code, with their numbers."""
    level = next_level(code)
    if level is None:
        return []
    areas = Area.objects.filter(in_force(clock.today()), code__startswith=code, level=level).order_by("code")
    return [Row(area.code, area.name, (numbers or {}).get(area.code)) for area in areas]


def find(actor: Actor, words: str) -> list[Found]:
    """Areas by code or part of a name, found in memory, then up to half a page of what each app finds."""
    words = words.strip()
    if not words:
        return []
    hits = [code for code, name in names.get().items() if (code.startswith(words) if words.isdigit() else words in name)]
    found = [
        Found(name_of(code), " · ".join(name for _code, name in path_of(code)[:-1]), code, area_url(code)) for code in sorted(hits)[:FOUND]
    ]
    for finder in finders:
        found.extend(finder(actor, words, FOUND // 2))
    return found


def area_url(code: str) -> str:
    """The page of an area."""
    return reverse("net:area", args=[code])


@dataclass(frozen=True, slots=True)
class Here:
    """Which grid a point lies in, in words."""

    lon: float
    lat: float
    code: str | None
    words: str


def here(lon: float, lat: float) -> Here:
    """The grid of a point in degrees, and how sure that is."""
    found: Located = locate(lon, lat)
    if found.code is None:
        return Here(lon, lat, None, _("This point lies in no grid and near none."))
    where = " · ".join(name for _code, name in path_of(found.code))
    if found.distance:
        sentence = _("Outside every grid; the nearest one, %(metres)d m away, is %(where)s.")
        return Here(lon, lat, found.code, sentence % {"metres": round(found.distance), "where": where})
    return Here(lon, lat, found.code, where)


def area_page(actor: Actor, code: str) -> AreaPage:
    """The page of an area, retired or not. Raises Area.DoesNotExist."""
    area = Area.objects.get(pk=code)
    shape = AreaShape.objects.filter(pk=code).first()
    below, level = rows_below(code), next_level(code)
    seen = serving.may_see(actor, code)
    return AreaPage(
        area=area,
        path=path_of(code),
        level=kind.label if (kind := grid_kind_of(code)) else level_of(code).label,
        below=below,
        below_level=level.label if level else "",
        duties=serving.who_serves(code) if seen else None,
        facts=[fact for source in fact_sources for fact in source(actor, code)],
        neighbours=neighbours_of(area),
        predecessors=_linked(Succession.objects.filter(successor=area), "predecessor"),
        successors=_linked(Succession.objects.filter(predecessor=area), "successor"),
        label=(shape.label_lon, shape.label_lat) if shape else None,
        is_over=area.valid_to is not None and area.valid_to < clock.today(),
    )


def _linked(rows, end: str) -> list[tuple[str, str, date]]:
    return [(getattr(row, end).pk, str(getattr(row, end)), row.on) for row in rows.select_related(end).order_by(f"{end}_id")]


def neighbours_of(area: Area) -> list[Neighbour]:
    """Areas in force of the same level that share a border, from memory; none for a district or a micro-grid."""
    looked_up, above = _locators.get(Level(area.level)), parent_of(area.pk)
    codes = looked_up.get().touching(area.pk) if looked_up else []
    return [Neighbour(code, name_of(code), "" if parent_of(code) == above else name_of(code[:-3])) for code in codes]


_locators: dict[Level, Kept[Locator]] = {
    Level.TOWN: Kept(lambda: build_locator(Level.TOWN)),
    Level.VILLAGE: Kept(lambda: build_locator(Level.VILLAGE)),
    Level.GRID: grid_locator,
}


def forget() -> None:
    """Drop what is kept, for tests."""
    for kept in _locators.values():
        kept.forget()
