"""Numbers of alerts, each with what it counts; nothing of the people. Rates say their denominator."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
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

from ..enums import DECIDED, OPEN, REAL, AlertState, Grade, Outcome
from ..models import FraudAlert
from ..querysets import AlertQuerySet

DAYS = 30


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its definition. `of` is the denominator of a share, else None."""

    label: str | Promise
    definition: str | Promise
    number: int | Decimal | None
    of: int | None = None

    @property
    def share(self) -> str:
        """The share in per cent with one decimal; empty without a denominator."""
        return f"{100 * (self.number or 0) / self.of:.1f} %" if self.of else ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """How a source's warnings turned out."""

    source: str
    checked: int
    false_alarms: int

    @property
    def share(self) -> str:
        return f"{100 * self.false_alarms / self.checked:.1f} %" if self.checked else ""


def _counted(actor: Actor) -> AlertQuerySet:
    """The alerts of the areas in which the reader counts; only numbers of them leave this module."""
    rows: AlertQuerySet = FraudAlert.objects.unscoped("numbers for those who count, never rows").counted_for(actor.scope)
    return rows


def figures(actor: Actor, now: datetime, *, simulated: bool = False) -> list[Figure]:
    """The figures of the last 30 days, over the areas in which the reader counts. Practice never counts among real alerts."""
    rows = _counted(actor).filter(is_simulated=simulated)
    decided = Q(state__in=DECIDED, checked_at__gte=now - timedelta(days=DAYS))
    found = rows.aggregate(
        received=Count("pk", filter=Q(received_at__gte=now - timedelta(days=DAYS))),
        repeats=Count("pk", filter=Q(received_at__gte=now - timedelta(days=DAYS), repeat_of__isnull=False)),
        open=Count("pk", filter=Q(state__in=OPEN)),
        overdue=Count("pk", filter=Q(due_at__lt=now, state__in=OPEN)),
        real=Count("pk", filter=decided & Q(outcome__in=REAL)),
        defrauded=Count("pk", filter=decided & Q(outcome=Outcome.DEFRAUDED)),
        checked=Count("pk", filter=decided),
        false=Count("pk", filter=decided & Q(outcome=Outcome.FALSE_ALARM)),
        avoided=Sum("loss_avoided", filter=decided),
        transferred=Sum("amount_transferred", filter=decided),
    )
    return [
        Figure(_("Open now"), _("Alerts whose person has not been dealt with."), found["open"]),
        Figure(_("Overdue now"), _("Open alerts whose present stage is past its time."), found["overdue"]),
        Figure(
            _("Received in 30 days"),
            _("Alerts opened by a warning; further warnings of the same person and type count in the same alert."),
            found["received"],
        ),
        Figure(_("Repeat victims"), _("Of these, alerts of somebody who had been warned of before."), found["repeats"], found["received"]),
        Figure(
            _("Defrauded after a warning"),
            _("Checked alerts of 30 days with the outcome “already defrauded”, of all checked ones behind which there was a fraud."),
            found["defrauded"],
            found["real"],
        ),
        Figure(
            _("False alarms"),
            _("Checked alerts of 30 days with the outcome “false alarm”, of all checked ones."),
            found["false"],
            found["checked"],
        ),
        Figure(
            _("Loss avoided, yuan"),
            _("What was stopped, counted only after a second person has checked it."),
            found["avoided"] or Decimal(),
        ),
        Figure(_("Transferred, yuan"), _("What was lost to fraud in the same checked alerts."), found["transferred"] or Decimal()),
    ]


def false_alarms_by_source(actor: Actor, now: datetime, *, simulated: bool = False) -> list[SourceLine]:
    """For each source, how many of its checked alerts were false: what one tells it."""
    rows = _counted(actor).filter(is_simulated=simulated, state__in=DECIDED, checked_at__gte=now - timedelta(days=DAYS))
    counted = rows.order_by().values("source").annotate(checked=Count("pk"), false=Count("pk", filter=Q(outcome=Outcome.FALSE_ALARM)))
    return [SourceLine(row["source"], row["checked"], row["false"]) for row in counted.order_by("source")]


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
    return [Fact(_("Open fraud alerts"), number, reverse("alerts:figures"))]


def _rows_or_figures(view: str, **query: str) -> Any:
    def href(actor: Actor) -> str:
        if actor.scope.reaches_for("alerts.view"):
            words = "".join(f"&{name}={value}" for name, value in query.items())
            return f"{reverse('alerts:index')}?view={view}{words}"
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
    "alert.attempted": _("Somebody tried to reach the person of the alert %(alert)s."),
    "alert.outcome_recorded": _("The outcome of the alert %(alert)s is recorded."),
    "alert.checked": _("The outcome of the alert %(alert)s is confirmed."),
    "alert.overdue": _("The alert %(alert)s is overdue."),
    "alert.escalated": _("The alert %(alert)s is overdue and nobody has ended it."),
}
"""How the ticker words the events; those who do not see alerts hear none of them."""
