"""The worklist: what waits for a person, in lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise

from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.models import User
from tongshan_portal.ui.lists import Count

from ..enums import LIVING, TONES, ReportState
from ..models import Opening, Report
from .groups import SOON, Group, groups_for, numbers_of


@dataclass(frozen=True, slots=True)
class Line:
    """A report in a list."""

    row: Report
    href: str
    area: str
    state: str | Promise
    tone: str
    due: datetime | None
    due_tone: str
    desk: str
    claimed_by: str = ""
    """Who took it from the queue and works on it, if somebody else than the reader does."""
    watched_by: str = ""
    """Who else has its page open."""


def due_tone(row: Report, now: datetime) -> str:
    """`late`, `soon` or nothing."""
    if row.due_at is None or row.state not in LIVING:
        return ""
    return "late" if row.due_at < now else "soon" if row.due_at < now + SOON else ""


def lines_of(
    rows: Sequence[Report], now: datetime, *, reader_id: int | None = None, watchers: Mapping[int, Sequence[str]] | None = None
) -> list[Line]:
    """The rows of a list in words; asks for nothing. Who has claimed a row is named where the rows came with `claimed_by`."""
    return [
        Line(
            row,
            reverse("reports:show", args=[row.code]),
            " · ".join(name for _code, name in path_of(row.area_code)[-2:]),
            ReportState(row.state).label,
            TONES[row.state],
            row.due_at if row.state in LIVING else None,
            due_tone(row, now),
            desk_of(row),
            claimant_of(row, now, reader_id) if reader_id is not None else "",
            "、".join((watchers or {}).get(row.pk, ())),
        )
        for row in rows
    ]


def claimant_of(row: Report, now: datetime, reader_id: int | None) -> str:
    """The name of somebody else who took the report to work on it just now."""
    claimant: User | None = row.claimed_by
    taken = row.claimed_until is not None and row.claimed_until > now and row.claimed_by_id != reader_id
    return claimant.name if taken and claimant is not None else ""


def desk_of(row: Report) -> str:
    """On whose desk it stands, in words."""
    if row.department_id is not None:
        return str(row.department)
    return name_of(row.desk_code) if row.desk_code else ""


@dataclass(frozen=True, slots=True)
class GroupNumber:
    """A number above the list: how many rows a group holds, and the address of exactly these."""

    group: Group
    count: Count
    href: str


def group_numbers(actor: Actor, now: datetime) -> tuple[Count, list[GroupNumber]]:
    """How much needs the person now, in all and by group; one query."""
    groups = groups_for(actor)
    numbers = numbers_of(actor, groups, now)
    return numbers[""], [GroupNumber(group, numbers[group.name], href_of(group.name)) for group in groups]


def href_of(group: str) -> str:
    """The address of a group's rows."""
    return f"{reverse('reports:index')}?view=now&group={group}"


def area_words(code: str) -> str:
    """An area with its town, for a chip."""
    return " · ".join(name for _code, name in path_of(code)[-2:])


def ticked_lines(actor: Actor, codes: Sequence[str], now: datetime) -> list[tuple[Line, bool]]:
    """The ticked rows that the actor may see, in the order of ticking, and whether she has read each as it is now."""
    rows = {row.code: row for row in Report.objects.visible_to(actor.scope).filter(code__in=codes).select_related("category", "department")}
    read = dict(Opening.objects.filter(user_id=actor.user_id, report__in=rows.values()).values_list("report_id", "read_change"))
    chosen = [rows[code] for code in dict.fromkeys(codes) if code in rows]
    return [(line, read.get(line.row.pk) == line.row.changed_at) for line in lines_of(chosen, now)]
