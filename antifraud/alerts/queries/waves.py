"""Waves: open alerts of one type and one source, with the same claimed sender or site where one is given, close in time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor

from ..enums import GRADE_TONES, OPEN, AlertState, Grade
from ..matching import shared_area
from ..models import AlertOpening, AlertPolicy, FraudAlert, FraudType
from .queue import SOON, Line, lines_of

MOST = 2_000
"""So many of the newest alerts are looked through for waves."""
SHOWN = 100
"""Alerts of a wave on its page: the most urgent, and what one deed takes at most."""
_FIELDS = ("pk", "code", "type_id", "source", "claimed", "is_simulated", "received_at", "grade", "due_at", "state", "area_code")


@dataclass(frozen=True, slots=True)
class Wave:
    """One wave as a line: what its alerts have in common, how many there are of each grade, and what is due first."""

    href: str
    type: str
    source: str
    claimed: str
    is_simulated: bool
    number: int
    grades: list[tuple[str, str, int]]
    unassigned: int
    first: datetime
    last: datetime
    due: datetime | None
    due_tone: str
    area: str
    keys: tuple[int, ...]


def waves_in(rows: QuerySet[FraudAlert], now: datetime) -> list[Wave]:
    """The waves among rows, the most urgent first; three questions at most. What is no wave stays a row of its own."""
    limits = AlertPolicy.objects.get(pk=1)
    groups = _groups(rows, timedelta(hours=limits.wave_hours))
    found = [group for group in groups if len(group) >= limits.wave_from]
    types = {one.pk: str(one) for one in FraudType.objects.all()} if found else {}
    waves = [_wave(group, types, now) for group in found]
    order = {grade.label: place for place, grade in enumerate(Grade)}
    return sorted(waves, key=lambda wave: (order[wave.grades[0][0]], wave.due is None, wave.due or now, -wave.number))


def _groups(rows: QuerySet[FraudAlert], apart: timedelta) -> list[list[dict[str, Any]]]:
    """Rows that belong together, each group in order of time: cut where more than `apart` lies between two."""
    alike: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("-received_at", "-id").values(*_FIELDS)[:MOST]:
        alike[row["type_id"], row["source"], row["claimed"].strip().casefold(), row["is_simulated"]].append(row)
    groups = []
    for newest_first in alike.values():
        group: list[dict[str, Any]] = []
        for row in reversed(newest_first):
            if group and row["received_at"] - group[-1]["received_at"] > apart:
                groups.append(group)
                group = []
            group.append(row)
        groups.append(group)
    return groups


def _wave(group: Sequence[dict[str, Any]], types: dict[int, str], now: datetime) -> Wave:
    grades = Counter(row["grade"] for row in group)
    due = min((row["due_at"] for row in group if row["due_at"]), default=None)
    return Wave(
        href=reverse("alerts:wave", args=[group[0]["code"]]),
        type=types[group[0]["type_id"]],
        source=group[0]["source"],
        claimed=group[0]["claimed"],
        is_simulated=group[0]["is_simulated"],
        number=len(group),
        grades=[(grade.label, GRADE_TONES[grade.value], grades[grade.value]) for grade in Grade if grades[grade.value]],
        unassigned=sum(row["state"] == AlertState.NEW for row in group),
        first=group[0]["received_at"],
        last=group[-1]["received_at"],
        due=due,
        due_tone="" if due is None else "late" if due < now else "soon" if due < now + SOON else "",
        area=_area([row["area_code"] for row in group]),
        keys=tuple(row["pk"] for row in group),
    )


def _area(codes: Sequence[str]) -> str:
    shared = shared_area(codes)
    towns = {code[:9] for code in codes}
    return name_of(shared) if shared else _("%(number)d places") % {"number": len(towns)}


@dataclass(frozen=True, slots=True)
class WavePage:
    """A wave with the alerts that its reader sees: (line, whether somebody has read it as it is now)."""

    wave: Wave
    lines: list[tuple[Line, bool]]
    beyond: int


def wave_page(actor: Actor, row: FraudAlert, now: datetime) -> WavePage:
    """The wave in which an alert stands, however small it has become; six questions."""
    visible = FraudAlert.objects.visible_to(actor.scope)
    alike = visible.filter(Q(state__in=OPEN) | Q(pk=row.pk), type_id=row.type_id, source=row.source, is_simulated=row.is_simulated)
    apart = timedelta(hours=AlertPolicy.objects.get(pk=1).wave_hours)
    alone = list(alike.filter(pk=row.pk).values(*_FIELDS))
    group = next((group for group in _groups(alike, apart) if any(one["pk"] == row.pk for one in group)), alone)
    wave = _wave(group, {row.type_id: str(row.type)}, now)
    listed = visible.filter(pk__in=wave.keys).select_related("type", "assignee", "claimed_by").order_by("rank", "due_at", "id")[:SHOWN]
    return WavePage(wave, with_reading(lines_of(list(listed), now)), max(len(wave.keys) - SHOWN, 0))


def ticked_lines(actor: Actor, codes: Iterable[str], now: datetime) -> list[tuple[Line, bool]]:
    """The ticked alerts that the actor sees, as lines, each with whether somebody has read it as it is now."""
    rows = FraudAlert.objects.visible_to(actor.scope).filter(code__in=list(codes)).select_related("type", "assignee", "claimed_by")
    return with_reading(lines_of(list(rows.order_by("rank", "due_at", "id")), now))


def with_reading(lines: Sequence[Line]) -> list[tuple[Line, bool]]:
    """The lines, each with whether anybody has read the alert as it is now; one question."""
    kept = AlertOpening.objects.filter(alert_id__in=[line.row.pk for line in lines]).values_list("alert_id", "read_change")
    read = set(kept)
    return [(line, (line.row.pk, line.row.changed_at) in read) for line in lines]
