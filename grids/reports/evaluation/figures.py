"""What is counted. One condition for the rollup, for the figure on the screen and for the list of exactly the rows behind it.

Every figure belongs to a day: that on which a report was filed, fell due as a whole, was closed, or was rated.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tongshan_portal.evaluation.figures import Figure, between

from ..enums import DONE_STATES, ReportState, Satisfaction
from ..models import Report

COUNTED = ~Q(state__in=[ReportState.WITHDRAWN, ReportState.VOID, ReportState.MERGED])
"""What was withdrawn, voided or merged into another is no matter of its own."""
DONE = Q(state__in=DONE_STATES)
ANSWER_AT = "ratings__at"
"""Answers are counted one by one: a report that was opened again may have several, and "not solved" stays one of them."""


FIGURES = {
    one.name: one
    for one in (
        Figure("filed", _("filed in the period"), "filed_at", COUNTED),
        Figure("due", _("due in the period"), "deadline_at", COUNTED),
        Figure("due_closed", _("due in the period and closed"), "deadline_at", COUNTED & DONE),
        Figure(
            "due_on_time",
            _("due in the period and closed by the deadline"),
            "deadline_at",
            COUNTED & DONE & Q(closed_at__lte=F("deadline_at")),
        ),
        Figure("due_reopened", _("due in the period and reopened at least once"), "deadline_at", COUNTED & Q(reopened__gt=0)),
        Figure("closed", _("closed in the period"), "closed_at", DONE),
        Figure("closed_dated", _("closed in the period, with a deadline"), "closed_at", DONE & Q(deadline_at__isnull=False)),
        Figure("closed_on_time", _("closed in the period, by the deadline"), "closed_at", DONE & Q(closed_at__lte=F("deadline_at"))),
        Figure("reworked", _("closed in the period, sent back at least once"), "closed_at", DONE & Q(rework__gt=0)),
        Figure(
            "returned",
            _("closed in the period, returned or refused at least once"),
            "closed_at",
            DONE & (Q(returns__gt=0) | Q(bounces__gt=0)),
        ),
        Figure("extended", _("closed in the period, given more time"), "closed_at", DONE & Q(extensions__gt=0)),
        Figure("timed", _("closed in the period, with their working time"), "closed_at", DONE & Q(worked_minutes__isnull=False)),
        Figure("answered", _("rated in the period; what was rated more than once stands here once"), ANSWER_AT, COUNTED),
        Figure(
            "satisfied",
            _("rated in the period as satisfied; what was rated so more than once stands here once"),
            ANSWER_AT,
            COUNTED & Q(ratings__word=Satisfaction.SATISFIED),
        ),
    )
}
MINUTES = "worked_minutes"
"""The sum of the working time of the timed reports, in minutes."""
COLUMNS = (*FIGURES, MINUTES)
DAYS = tuple(dict.fromkeys(one.day for one in FIGURES.values()))


def behind(name: str, begin: date, end: date) -> Q:
    """The condition of the rows behind a figure of a period. Raises KeyError."""
    figure = FIGURES[name]
    condition = between(figure.day, begin, end) & figure.condition
    if figure.day != ANSWER_AT:
        return condition
    return Q(pk__in=Report.objects.unscoped("narrows a list of rows that the reader sees").filter(condition).order_by().values("pk"))


def measured(rows: QuerySet, day: str, begin: date, end: date, keys: Sequence[str], made: Mapping[str, Any]) -> Iterator[dict]:
    """The figures of one kind of day over a period, straight from the reports, grouped by `keys`: columns, or expressions in `made`."""
    wanted: dict = {one.name: Count("pk", filter=one.condition) for one in FIGURES.values() if one.day == day}
    if day == FIGURES["timed"].day:
        wanted[MINUTES + "_sum"] = Coalesce(Sum("worked_minutes", filter=FIGURES["timed"].condition), 0)
    dated = rows.filter(between(day, begin, end)).order_by()  # first: what is made of an answer's day reads the answers of these days
    for found in dated.annotate(**made).values(*keys).annotate(**wanted):
        if MINUTES + "_sum" in found:
            found[MINUTES] = found.pop(MINUTES + "_sum")
        yield found
