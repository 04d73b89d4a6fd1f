"""What a shift of the desk leaves: written once, read by who may see each alert, counted for everybody else."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import found_under

from ..enums import DECIDED, GRADE_TONES, NEEDS_RETURN_CALL, OPEN, TONES, AlertState, EscalationTo, Grade, ShiftState
from ..models import Attempt, Escalation, FraudAlert, FraudWarning, Handover
from .queue import who_goes

FIRST = timedelta(hours=24)
"""How far back the first hand-over of a desk looks."""
MOST = 300
"""Lines of a section; the counts are of all."""
SECTIONS = ("open", "promised", "to_check", "escalated", "snoozed")


def since_when(area_code: str, now: datetime) -> datetime:
    """When the desk was handed over last: what has happened since belongs to this shift."""
    kept = Handover.objects.unscoped("the desk's own last hand-over; its right is asked by who writes").filter(area_code=area_code)
    last = kept.filter(state=ShiftState.TAKEN_OVER).order_by("-id").values_list("written_at", flat=True).first()
    return last or now - FIRST


def brief_of(actor: Actor, area_code: str, since: datetime, now: datetime) -> dict[str, Any]:
    """What stands open for the desk as its actor sees it: codes, grades, states and moments. Fifteen questions, however many alerts."""
    rows = FraudAlert.objects.visible_to(actor.scope).filter(found_under(area_code)).select_related("assignee")
    still = rows.filter(state__in=[state for state in OPEN if state != AlertState.SNOOZED])
    calls = rows.filter(state=AlertState.CHECKED, outcome__in=NEEDS_RETURN_CALL)
    turned = Escalation.objects.unscoped("of alerts of the actor's scope").filter(alert__in=rows.values("pk"), at__gt=since)
    parts = {
        "open": [_line(row, row.due_at) for row in still.order_by("rank", "due_at", "id")[:MOST]],
        "promised": [_line(row, row.due_at) for row in calls.order_by("due_at", "id")[:MOST]],
        "to_check": [_line(row, row.due_at) for row in rows.filter(state=AlertState.RECORDED).order_by("due_at", "id")[:MOST]],
        "escalated": [
            {**_line(one.alert, one.at), "to": one.to} for one in turned.select_related("alert__assignee").order_by("-at", "-id")[:MOST]
        ],
        "snoozed": [_line(row, row.snoozed_until) for row in rows.filter(state=AlertState.SNOOZED).order_by("snoozed_until", "id")[:MOST]],
    }
    grades = Counter(still.order_by().values_list("grade", flat=True))
    counts = {
        "open": sum(grades.values()),
        **{grade.value: grades[grade.value] for grade in Grade},
        "overdue": still.filter(due_at__lt=now).count(),
        "promised": calls.count(),
        "to_check": rows.filter(state=AlertState.RECORDED).count(),
        "escalated": turned.count(),
        "snoozed": rows.filter(state=AlertState.SNOOZED).count(),
    }
    inside = rows.order_by().values("pk")
    passed = {
        "warnings": FraudWarning.objects.unscoped("of alerts of the actor's scope").filter(alert__in=inside, received_at__gt=since).count(),
        "attempts": Attempt.objects.unscoped("of alerts of the actor's scope")
        .filter(alert__in=inside, at__gt=since, by__isnull=False)
        .count(),
        "recorded": rows.filter(recorded_at__gt=since).count(),
        "checked": rows.filter(state__in=DECIDED, checked_at__gt=since).count(),
    }
    return {**parts, "counts": counts, "passed": passed}


def _line(row: FraudAlert, at: datetime | None) -> dict[str, Any]:
    return {"code": row.code, "grade": row.grade, "state": row.state, "at": at.isoformat() if at else "", "who": str(who_goes(row))}


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A line of the brief: an alert as it stood when it was written, with where it lies."""

    code: str
    href: str
    type: str
    area: str
    grade: str
    grade_tone: str
    state: str | Promise
    tone: str
    who: str
    to: str | Promise
    at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief: its lines for this reader, how many there were, how many of the lines are not hers to see."""

    name: str
    title: str
    about: str
    lines: list[ShiftLine]
    number: int
    hidden: int


def sections_of(actor: Actor, brief: Mapping[str, Any], written_at: datetime) -> list[Section]:
    """The brief in words. A line is shown to who sees its alert today; of the others the reader gets their number; two questions."""
    codes = {line["code"] for name in SECTIONS for line in brief[name]}
    rows = FraudAlert.objects.visible_to(actor.scope).select_related("type").filter(code__in=codes)
    seen = {row.code: row for row in rows}
    words = {
        "open": (_("Open, by grade"), _("Whose person has not been dealt with, and by when the next step is due.")),
        "promised": (_("Promised"), _("Return calls that people were told of.")),
        "to_check": (_("To check"), _("Outcomes that wait for a second person.")),
        "escalated": (_("Turned to others"), _("Family, officer, bank or police, since the last hand-over.")),
        "snoozed": (_("Snoozed"), _("When each snooze ends.")),
    }
    return [
        Section(
            name,
            *words[name],
            list(_lines(brief[name], seen, written_at)),
            brief["counts"][name],
            sum(line["code"] not in seen for line in brief[name]),
        )
        for name in SECTIONS
    ]


def _lines(kept: Iterable[Mapping[str, Any]], seen: Mapping[str, FraudAlert], written_at: datetime) -> Iterable[ShiftLine]:
    for line in kept:
        row = seen.get(line["code"])
        if row is None:
            continue
        at = parse_datetime(line["at"]) if line["at"] else None
        yield ShiftLine(
            row.code,
            reverse("alerts:show", args=[row.code]),
            str(row.type),
            " · ".join(name for _code, name in path_of(row.area_code)[-2:]),
            _("grade %(grade)s") % {"grade": Grade(line["grade"]).label},
            GRADE_TONES[line["grade"]],
            AlertState(line["state"]).label,
            TONES[line["state"]],
            line["who"],
            EscalationTo(line["to"]).label if "to" in line else "",
            at,
            bool(at and "to" not in line and line["state"] != AlertState.SNOOZED and at < written_at),
        )


def desks_of(actor: Actor) -> list[str]:
    """The areas whose desk the actor sits at."""
    return list(dict.fromkeys(reach.area_code for reach in actor.scope.reaches_for("alerts.shift")))


def handovers_of(actor: Actor, area_code: str) -> list[Handover]:
    """The last hand-overs of a desk, the newest first."""
    rows = Handover.objects.visible_to(actor.scope).filter(area_code=area_code).select_related("left_by", "taken_by")
    return list(rows.order_by("-id")[:50])
