"""What apps give to the map and to the pages of areas: measures, points, people who serve, numbers, things that can be found.

Apps register in `AppConfig.ready()`; this module names no app.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from grids.areas.codes import Level
from tongshan_portal.accounts.actor import Actor

POINTS = 5_000
"""Points of a layer that are sent at once; a layer with more under an area says so, and one looks closer."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number per area that the map can be coloured by.

    `values(actor, level, under)` answers code → number for areas of `level` whose code starts with `under`, as far as the actor may know;
    an area without an answer stays uncoloured. `definition` says what is counted.
    """

    name: str
    label: str | Promise
    definition: str | Promise
    values: Callable[[Actor, Level, str], Mapping[str, float]]
    action: str | None = None


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point on the map: degrees, what it is called, where one reads on."""

    lon: float
    lat: float
    label: str
    href: str
    area_code: str


@dataclass(frozen=True, slots=True)
class PointLayer:
    """Points of an app. `points(actor, under, limit)` answers at most `limit` of those that the actor may see under an area.

    `waits`: whether they are matters with which somebody has something to do; the home of a desk shows those.
    """

    name: str
    label: str | Promise
    points: Callable[[Actor, str, int], Sequence[MapPoint]]
    action: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Serving:
    """A way in which people serve an area of these levels. With `wanted`, a missing one is shown as a vacancy."""

    kind: str
    label: str | Promise
    levels: frozenset[Level]
    order: int
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who serves: a name, for which area, and a word more (a department)."""

    name: str
    area_code: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number on the page of an area, leading to the rows that were counted."""

    label: str | Promise
    number: int
    href: str
    definition: str | Promise = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was looked for: what it is called, where it lies."""

    label: str
    where: str
    area_code: str
    href: str
    lon: float | None = None
    lat: float | None = None


Source = Callable[[str], Mapping[str, Sequence[Server]]]
"""Answers who serves an area (its code): kind → people."""
FactSource = Callable[[Actor, str], Sequence[Fact]]
Finder = Callable[[Actor, str, int], Sequence[Found]]

measures: dict[str, Measure] = {}
point_layers: dict[str, PointLayer] = {}
servings: dict[str, Serving] = {}
serving_sources: list[Source] = []
fact_sources: list[FactSource] = []
finders: list[Finder] = []


def register_measure(measure: Measure) -> None:
    """Offer a measure to the map. Raises ValueError when the name is taken."""
    if measures.setdefault(measure.name, measure) is not measure:
        raise ValueError(f"two measures are called {measure.name}")


def register_points(layer: PointLayer) -> None:
    """Offer points to the map. Raises ValueError when the name is taken."""
    if point_layers.setdefault(layer.name, layer) is not layer:
        raise ValueError(f"two layers are called {layer.name}")


def register_serving(kinds: Sequence[Serving], source: Source) -> None:
    """Say who serves where. Raises ValueError when a kind is taken."""
    for kind in kinds:
        if servings.setdefault(kind.kind, kind) is not kind:
            raise ValueError(f"two ways to serve are called {kind.kind}")
    if source not in serving_sources:
        serving_sources.append(source)


def register_facts(source: FactSource) -> None:
    """Put numbers on the pages of areas."""
    if source not in fact_sources:
        fact_sources.append(source)


def register_finder(finder: Finder) -> None:
    """Let the picker beside the map find an app's things."""
    if finder not in finders:
        finders.append(finder)
