"""What the pages of case reports show."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of, path_of
from grids.areas.succession import present_code
from grids.net.public import Fact, MapPoint
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.parts import shown
from tongshan_portal.ui.desk import Waiting
from tongshan_portal.workflow.tables import Choice

from .enums import LIVING, TONES, ReportState
from .models import Report, ReportStep, SupervisionOrder
from .workflow import STEPS

SOON = timedelta(hours=2)


def needs_me(actor: Actor) -> QuerySet[Report]:
    """What waits for a deed of this person: on her desk, and, by role, what is to be opened, dispatched, verified or closed."""
    rows = Report.objects.visible_to(actor.scope)
    mine = Q(pk__in=Report.objects.unscoped("joined with what the scope holds").on_desk_of(actor.scope).values("pk"))
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


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of the history in words."""

    step: ReportStep
    label: str | Promise
    state: str | Promise
    changed: bool
    who: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report as its reader gets it."""

    row: Report
    path: list[tuple[str, str]]
    state: str | Promise
    tone: str
    due_tone: str
    desk: str
    source: str
    is_paused: bool
    pause_reason: str
    hops: list[Hop]
    choices: list[Choice]
    orders: list[SupervisionOrder]
    similar: list[Line]
    reveal: Mapping[str, str]
    limit: str


def report_page(actor: Actor, row: Report) -> ReportPage:
    """Everything of a report that the reader may see; a constant number of questions."""
    labels = {item.verb: item.label for item in STEPS.transitions}
    hops = [
        Hop(
            step,
            labels.get(step.verb, _("File the report")),
            ReportState(step.to_state).label,
            step.from_state != step.to_state,
            shown(step.actor_label),
        )
        for step in ReportStep.objects.unscoped("the report itself was found by its reader's scope").filter(report=row).order_by("id")
    ]
    hop = row.clock_now()
    similar = Report.objects.visible_to(actor.scope).filter(found_under(row.area_code[:12]), category_id=row.category_id)
    may_reveal = can(actor, "reports.reveal", row)
    sealed = [name for name in ("contact", "phone") if getattr(row, name)]
    now = clock.now()
    return ReportPage(
        row=row,
        path=path_of(row.area_code),
        state=ReportState(row.state).label,
        tone=TONES[row.state],
        due_tone=due_tone(row, now),
        desk=desk_of(row),
        source=row.get_source_display(),
        is_paused=bool(hop and hop.is_paused),
        pause_reason=hop.pauses[-1].reason if hop and hop.is_paused else "",
        hops=hops,
        choices=[one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden],
        orders=list(SupervisionOrder.objects.unscoped("as its steps").filter(report=row).select_related("ordered_by", "answered_by")),
        similar=lines_of(list(similar.exclude(pk=row.pk).select_related("category", "department").order_by("-filed_at")[:5]), now),
        reveal={name: reverse("audit:reveal", args=["reports.report", row.pk, name]) if may_reveal else "" for name in sealed},
        limit=f"{hop.limit.amount} {hop.limit.unit.label}" if hop else "",
    )


def living_by_area(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → reports with which somebody has something to do; the living are few, whatever lies in the archive."""
    rows = Report.objects.visible_to(actor.scope).living()
    if under:
        rows = rows.filter(found_under(under))
    counted = rows.order_by().annotate(place=Substr("area_code", 1, int(level))).values("place").annotate(total=Count("pk"))
    numbers: Counter[str] = Counter()
    for row in counted:
        if len(row["place"]) == level:
            numbers[present_code(row["place"])] += row["total"]
    return numbers


def points(actor: Actor, under: str, limit: int) -> Sequence[MapPoint]:
    """Living reports on the map."""
    rows = (
        Report.objects.visible_to(actor.scope).living().filter(found_under(under), lon__isnull=False).order_by("-filed_at", "-id")[:limit]
    )
    return [MapPoint(row.lon, row.lat, row.title, reverse("reports:show", args=[row.code]), row.area_code) for row in rows]


def facts_of(actor: Actor, code: str) -> list[Fact]:
    """How many reports an area has that are not closed."""
    if not actor.scope.holds("reports.view", code):
        return []
    number = Report.objects.visible_to(actor.scope).living().filter(found_under(code)).count()
    return [Fact(_("Open reports"), number, f"{reverse('reports:index')}?view=living&area={code}")]


def waiting_for(actor: Actor, limit: int) -> list[Waiting]:
    """What of the reports needs the person now, what is due first at the top: for the home of the desk."""
    now = clock.now()
    rows = needs_me(actor).filter(due_at__isnull=False).select_related("category", "department").order_by("due_at", "id")[:limit]
    return [
        Waiting(line.row.title, f"{line.state} · {line.area}", line.href, line.due, line.due_tone) for line in lines_of(list(rows), now)
    ]
