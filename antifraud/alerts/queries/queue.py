"""The queue, by urgency, and what of it needs one person now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ui.desk import Waiting

from ..enums import GRADE_TONES, LIVING, TONES, AlertState, Goes
from ..models import FraudAlert
from ..querysets import offered_to

SOON = timedelta(minutes=10)
ORDER = ("rank", "due_at", "id")
"""Urgency: the grade, then what is due first."""


def needs_me(actor: Actor) -> QuerySet[FraudAlert]:
    """What waits for a deed of this person: hers or her desk's; to the anti-fraud desk what is to be assigned, checked, called again."""
    scope = actor.scope
    mine = Q(assignee_id=scope.user_id, state__in=[AlertState.ASSIGNED, AlertState.BEING_REACHED]) | offered_to(scope)
    for code in (
        code for reach in scope.reaches if reach.role is Role.ANTIFRAUD_OFFICER for code in (reach.area_code, *reach.predecessors)
    ):
        mine |= found_under(code) & (
            Q(state__in=[AlertState.NEW, AlertState.HANDED_OVER, AlertState.CHECKED])
            | Q(state=AlertState.RECORDED) & ~Q(recorded_by_id=scope.user_id)
        )
    for code in (code for reach in scope.reaches if reach.role is Role.DUTY_OFFICER for code in (reach.area_code, *reach.predecessors)):
        mine |= found_under(code) & Q(state=AlertState.NEW, with_duty=True)
    return FraudAlert.objects.visible_to(scope).filter(mine, state__in=LIVING)


@dataclass(frozen=True, slots=True)
class Line:
    """An alert in a list: nothing of the person but the masked number."""

    row: FraudAlert
    href: str
    area: str
    state: str | Promise
    tone: str
    grade: str
    grade_tone: str
    due: datetime | None
    due_tone: str
    who: str
    kept_for: str


def due_tone(row: FraudAlert, now: datetime) -> str:
    """`late`, `soon` or nothing."""
    if row.due_at is None or row.state not in LIVING:
        return ""
    return "late" if row.due_at < now else "soon" if row.due_at < now + SOON else ""


def who_goes(row: FraudAlert) -> str:
    """Whose it is, in words: a person, else a desk."""
    if row.assignee_id is not None:
        return str(row.assignee)
    return str(Goes(row.goes).label) if row.goes else ""


def lines_of(rows: Sequence[FraudAlert], now: datetime) -> list[Line]:
    """The rows of a list in words; asks for nothing (type, assignee and claimer come with the rows)."""
    return [
        Line(
            row,
            reverse("alerts:show", args=[row.code]),
            " · ".join(name for _code, name in path_of(row.area_code)[-2:]),
            AlertState(row.state).label,
            TONES[row.state],
            _("grade %(grade)s") % {"grade": row.get_grade_display()},
            GRADE_TONES[row.grade],
            row.due_at if row.state in LIVING else None,
            due_tone(row, now),
            who_goes(row),
            str(row.claimed_by) if row.claimed_by_id and row.claimed_until and row.claimed_until > now else "",
        )
        for row in rows
    ]


def waiting_for(actor: Actor, limit: int) -> list[Waiting]:
    """What of the alerts needs the person now: for the home of the desk."""
    if not actor.scope.reaches_for("alerts.view_assigned"):
        return []
    now = clock.now()
    rows = needs_me(actor).filter(due_at__isnull=False).select_related("type", "assignee", "claimed_by").order_by(*ORDER)[:limit]
    return [
        Waiting(
            _("Fraud alert, %(grade)s: %(type)s") % {"grade": line.grade, "type": line.row.type},
            f"{line.state} · {line.area}",
            line.href,
            line.due,
            line.due_tone,
        )
        for line in lines_of(list(rows), now)
    ]
