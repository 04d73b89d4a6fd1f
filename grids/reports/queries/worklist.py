"""The worklist: what waits for a person, in lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import found_under

from ..enums import LIVING, TONES, ReportState
from ..models import Report
from ..narrowing import SOON


def needs_me(actor: Actor) -> QuerySet[Report]:
    """What waits for this person: on her desk, asked of it, given to her; by role what is to be opened, sent, verified, closed."""
    rows = Report.objects.visible_to(actor.scope)
    mine = Q(pk__in=Report.objects.unscoped("joined with what the scope holds").on_desk_of(actor.scope).values("pk"))
    mine |= Q(pk__in=Report.objects.unscoped("joined with what the scope holds").with_parts_for(actor.scope).values("pk"))
    for action, states in (
        ("reports.open", [ReportState.FILED]),
        ("reports.dispatch", [ReportState.OPENED]),
        ("reports.verify", [ReportState.HANDLED]),
        ("reports.close", [ReportState.VERIFIED]),
    ):
        for code in actor.scope.areas_for(action):
            mine |= Q(state__in=states) & found_under(code)
    return rows.filter(mine, state__in=LIVING)


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


def due_tone(row: Report, now: datetime) -> str:
    """`late`, `soon` or nothing."""
    if row.due_at is None or row.state not in LIVING:
        return ""
    return "late" if row.due_at < now else "soon" if row.due_at < now + SOON else ""


def lines_of(rows: Sequence[Report], now: datetime) -> list[Line]:
    """The rows of a list in words; asks for nothing."""
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
        )
        for row in rows
    ]


def desk_of(row: Report) -> str:
    """On whose desk it stands, in words."""
    if row.department_id is not None:
        return str(row.department)
    return name_of(row.desk_code) if row.desk_code else ""
