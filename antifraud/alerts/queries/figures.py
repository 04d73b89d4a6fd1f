"""Numbers of alerts as they stand now, each with what it counts; nothing of the people. How they turned out: `evaluation`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.succession import present_code
from grids.net.public import Fact
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock
from tongshan_portal.ui import board, lists

from ..enums import OPEN, AlertState, Grade
from ..evaluation.lenses import Lens
from ..models import FraudAlert
from ..querysets import AlertQuerySet


@dataclass(frozen=True, slots=True)
class Standing:
    """A number of alerts as they stand now, with what it counts; `href` leads whoever may see them to exactly its rows."""

    label: str | Promise
    definition: str | Promise
    number: int
    href: str = ""


def _counted(actor: Actor) -> AlertQuerySet:
    """The alerts of the areas in which the reader counts; only numbers of them leave this module. Practice counts in a demo alone."""
    rows: AlertQuerySet = FraudAlert.objects.unscoped("numbers for those who count, never rows").counted_for(actor.scope)
    return rows if settings.DEMO_MODE else rows.filter(is_simulated=False)


def _standing(now: datetime) -> list[tuple[str | Promise, str | Promise, Q, dict[str, str]]]:
    """Label, definition, condition, and the tab of the queue that holds the rows."""
    is_open = Q(state__in=OPEN)
    return [
        (_("Open now"), _("Alerts whose person has not been dealt with."), is_open, {"view": "open"}),
        (_("High grade, open"), _("Open alerts of the high grade."), is_open & Q(grade=Grade.HIGH), {"view": "open", "grade": "high"}),
        (_("Overdue now"), _("Open alerts whose present stage is past its time."), is_open & Q(due_at__lt=now), {"view": "overdue"}),
        (_("To check"), _("Alerts whose outcome waits for a second person."), Q(state=AlertState.RECORDED), {"view": "check"}),
    ]


def standing(actor: Actor, lens: Lens, now: datetime) -> list[Standing]:
    """How many alerts of the lens' area wait now, whatever else was chosen; one question to the rows that live."""
    wanted = _standing(now)
    area = Lens(lens.code, lens.days, simulated=lens.simulated)
    rows = area.narrow(FraudAlert.objects.unscoped("numbers for those who count there, never rows").living())
    found = rows.aggregate(**{f"n{place}": Count("pk", filter=condition) for place, (_l, _d, condition, _tab) in enumerate(wanted)})
    sees, where = actor.scope.holds("alerts.view", lens.code), {"area": lens.code, "practice": area.query["practice"]}
    return [
        Standing(label, definition, found[f"n{place}"], _queue({**tab, **where}) if sees else "")
        for place, (label, definition, _condition, tab) in enumerate(wanted)
    ]


def _queue(query: Mapping[str, Any]) -> str:
    return f"{reverse('alerts:index')}?{urlencode({name: value for name, value in query.items() if value})}"


def open_by_area(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → open alerts: for the map of those who count."""
    rows = _counted(actor).open()
    if under:
        rows = rows.filter(found_under(under))
    numbers: Counter[str] = Counter()
    for row in rows.order_by().annotate(place=Substr("area_code", 1, int(level))).values("place").annotate(total=Count("pk")):
        if len(row["place"]) == level:
            numbers[present_code(row["place"])] += row["total"]
    return numbers


def facts_of(actor: Actor, code: str) -> list[Fact]:
    """How many open alerts an area has, to those who count there."""
    if not actor.scope.holds("alerts.count", code):
        return []
    number = _counted(actor).open().filter(found_under(code)).count()
    return [Fact(_("Open fraud alerts"), number, f"{reverse('alerts:figures')}?area={code}")]


def sees_all_counted(actor: Actor) -> bool:
    """Whether the reader sees the alerts of every area in which she counts: only then is a number of all of them one of rows."""
    return all(actor.scope.holds("alerts.view", code) for code in actor.scope.areas_for("alerts.count"))


def _rows_or_figures(view: str, **query: str) -> Any:
    def href(actor: Actor) -> str:
        if sees_all_counted(actor):
            return _queue({"view": view, **query, "practice": "" if settings.DEMO_MODE else "no"})
        return reverse("alerts:figures")

    return href


COUNTERS = [
    board.Counter(
        "alerts_high",
        _("High-grade fraud alerts"),
        _("Open alerts of the high grade."),
        "alerts.count",
        "alert_counts",
        lambda actor: lists.count_of(_counted(actor).open().filter(grade=Grade.HIGH)),
        _rows_or_figures("open", grade="high"),
        order=40,
        tone="late",
    ),
    board.Counter(
        "alerts_open",
        _("Open fraud alerts"),
        _("Alerts whose person has not been dealt with."),
        "alerts.count",
        "alert_counts",
        lambda actor: lists.count_of(_counted(actor).open()),
        _rows_or_figures("open"),
        order=41,
    ),
    board.Counter(
        "alerts_overdue",
        _("Overdue fraud alerts"),
        _("Open alerts whose present stage is past its time."),
        "alerts.count",
        "alert_counts",
        lambda actor: lists.count_of(_counted(actor).overdue(clock.now()).filter(state__in=OPEN)),
        _rows_or_figures("overdue"),
        order=42,
        tone="late",
    ),
    board.Counter(
        "alerts_to_check",
        _("Outcomes to check"),
        _("Alerts whose outcome waits for a second person."),
        "alerts.count",
        "alert_counts",
        lambda actor: lists.count_of(_counted(actor).filter(state=AlertState.RECORDED)),
        _rows_or_figures("check"),
        order=43,
        tone="soon",
    ),
]
"""For the dashboard. The rows behind a number open to those who may see them, to others the page of figures."""

SENTENCES = {
    "alert.received": _("A fraud warning came in: alert %(alert)s."),
    "alert.joined": _("One more warning for the alert %(alert)s."),
    "alert.raised": _("A graver warning raised the grade of the alert %(alert)s."),
    "alert.attempted": _("Somebody tried to reach the person of the alert %(alert)s."),
    "alert.outcome_recorded": _("The outcome of the alert %(alert)s is recorded."),
    "alert.checked": _("The outcome of the alert %(alert)s is confirmed."),
    "alert.overdue": _("The alert %(alert)s is overdue."),
    "alert.escalated": _("The alert %(alert)s is overdue and nobody has ended it."),
}
"""How the ticker words the events; those who do not see alerts hear none of them."""
