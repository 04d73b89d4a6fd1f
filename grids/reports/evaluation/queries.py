"""The evaluation as its page shows it: figures from the rollup (below a village from the rows), divided as the indicators say."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum, TextChoices
from django.db.models.functions import Substr, TruncMonth
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.succession import present_code
from tongshan_portal.accounts.models import Department
from tongshan_portal.evaluation.periods import Days, last_months, months_later
from tongshan_portal.evaluation.rollup import areas_below, child_level, depth_of, grain_of, months_and_days
from tongshan_portal.workflow.calendar import ZONE

from ..models import Category, PendingDay, Report, ReportTally, TallyState
from .figures import COLUMNS, DAYS, measured
from .filters import NONE
from .indicators import MEASURES, Measure
from .lenses import Lens

FEW = 5
"""A percentage of fewer cases says nothing: the counts stand alone."""
MANY = 1000
"""From so many cases on the second decimal of a percentage says something."""
TREND = 12
"""Months of a trend."""


class By(TextChoices):
    """What the figures are divided into."""

    AREA = "area", _("by area")
    CATEGORY = "category", _("by category")
    DEPARTMENT = "department", _("by department")
    MONTH = "month", _("by month, for a year")


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one line: in words, its two counts, and where exactly their rows are listed."""

    measure: Measure
    words: str
    value: float | None
    numerator: str
    denominator: int
    numerator_href: str
    denominator_href: str


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one area, category, department or month. `drill` leads one step down, where there is one."""

    key: Any
    label: str
    filed: int
    filed_href: str
    cells: list[Cell]
    drill: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole page: its days, a line for all, a line for each part, and of when the figures are."""

    days: Days
    total: Line
    lines: list[Line]
    at: datetime | None
    is_pending: bool


def _key(by: str, depth: int) -> tuple[str, Any]:
    """The column by which rows are grouped, and how it is made of the others."""
    if by == By.AREA:
        return "part", Substr("area_code", 1, depth)
    return {By.CATEGORY: "category_id", By.DEPARTMENT: "department_id"}.get(by, "part"), None  # type: ignore[call-overload]


def figures_by(lens: Lens, by: str) -> dict[Hashable, Counter[str]]:
    """Key of the part → its figures, by the names of `COLUMNS`. One question to the rollup, or four to the rows of a village."""
    level, depth = child_level(lens.code), depth_of(lens.code, by_area=by == By.AREA)
    found: dict[Hashable, Counter[str]] = defaultdict(Counter)
    for row in _from_rows(lens, by, depth) if depth > Level.VILLAGE else _from_rollup(lens, by, depth):
        part = row.pop(_key(by, depth)[0])
        found[present_code(part)[:level] if by == By.AREA else part].update(row)
    return found


def _from_rollup(lens: Lens, by: str, depth: int) -> list[dict[str, Any]]:
    tallies = ReportTally.objects.unscoped("the lens was chosen among what the reader's postings hold")
    rows = lens.narrow(tallies.filter(grain=grain_of(depth)))
    rows = rows.filter(months_and_days(lens.days)).order_by()
    name, made = _key(by, depth)
    if by == By.MONTH:
        made = TruncMonth("begin")
    sums = {f"sum_{column}": Sum(column) for column in COLUMNS}
    grouped = (rows.annotate(**{name: made}) if made is not None else rows).values(name).annotate(**sums)
    return [{name: row[name], **{column: row[f"sum_{column}"] for column in COLUMNS}} for row in grouped]


def _from_rows(lens: Lens, by: str, depth: int) -> list[dict[str, Any]]:
    reports: QuerySet = lens.narrow(Report.objects.unscoped("the lens was chosen among what the reader's postings hold"))
    name, made = _key(by, depth)
    found = []
    for day in DAYS:
        part = TruncMonth(day, tzinfo=ZONE) if by == By.MONTH else made
        for row in measured(reports, day, lens.days.begin, lens.days.end, (name,), {name: part} if part is not None else {}):
            found.append({**row, name: row[name].date() if by == By.MONTH else row[name]})
    return found


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}"


def _cell(measure: Measure, figures: Mapping[str, int], query: Mapping[str, Any]) -> Cell:
    above, below = figures[measure.numerator], figures[measure.denominator]
    value: float | None
    if measure.is_mean:
        value = above / 60 / below if below else None
        words = f"{value:.1f}" if value is not None else "–"
        return Cell(measure, words, value, _hours(above), below, "", _rows(measure.denominator, query))
    value = 100 * above / below if below >= FEW else None
    words = "–" if value is None else f"{value:.2f}%" if below >= MANY else f"{value:.1f}%"
    return Cell(measure, words, value, str(above), below, _rows(measure.numerator, query), _rows(measure.denominator, query))


def _rows(figure: str, query: Mapping[str, Any]) -> str:
    """The list of exactly the rows of a figure."""
    given = {"view": "all", "figure": figure, **{name: value for name, value in query.items() if value}}
    return f"{reverse('reports:index')}?{urlencode(given)}"


def _line(key: Any, label: str, figures: Mapping[str, int], query: Mapping[str, Any], drill: str = "") -> Line:
    return Line(key, label, figures["filed"], _rows("filed", query), [_cell(one, figures, query) for one in MEASURES], drill)


def evaluation(lens: Lens, by: str) -> Evaluation:
    """The page's figures. What is divided by month is a year: the twelve months up to the period's last."""
    if by == By.MONTH:
        lens = replace(lens, days=last_months(lens.days.end, TREND))
    found = figures_by(lens, by)
    total: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))
    for figures in found.values():
        total.update(figures)
    query = {**lens.query, "begin": lens.days.begin.isoformat(), "end": lens.days.end.isoformat()}
    lines = {By.AREA: _areas, By.CATEGORY: _categories, By.DEPARTMENT: _departments, By.MONTH: _months}[By(by)](lens, found, query)
    state = TallyState.objects.first()
    return Evaluation(lens.days, _line("", str(_("All")), total, query), lines, state.at if state else None, PendingDay.objects.exists())


def _figures(found: Mapping[Hashable, Counter[str]], key: Hashable) -> Counter[str]:
    return Counter({**dict.fromkeys(COLUMNS, 0), **found.get(key, {})})


def _areas(lens: Lens, found: Mapping[Hashable, Counter[str]], query: Mapping[str, Any]) -> list[Line]:
    lines = []
    for one in areas_below(lens.code, found):
        where = {"area": "", "here": one.code} if one.is_itself else {"area": one.code}
        lines.append(_line(one.code, one.label, _figures(found, one.code), {**query, **where}, one.drill))
    return lines


def _categories(_lens: Lens, found: Mapping[Hashable, Counter[str]], query: Mapping[str, Any]) -> list[Line]:
    rows = [
        _line(row.pk, str(row), _figures(found, row.pk), {**query, "under": "", "kind": row.pk})
        for row in Category.objects.order_by("code")
        if row.pk in found
    ]
    if None in found:
        rows.append(_line(None, str(_("no category")), _figures(found, None), {**query, "under": "", "kind": NONE}))
    return rows


def _departments(_lens: Lens, found: Mapping[Hashable, Counter[str]], query: Mapping[str, Any]) -> list[Line]:
    rows = [
        _line(row.pk, str(row), _figures(found, row.pk), {**query, "stood_with": row.pk})
        for row in Department.objects.order_by("code")
        if row.pk in found
    ]
    if None in found:
        rows.append(
            _line(None, str(_("no department: an area's desk, or not dispatched")), _figures(found, None), {**query, "stood_with": NONE})
        )
    return rows


def _months(lens: Lens, found: Mapping[Hashable, Counter[str]], query: Mapping[str, Any]) -> list[Line]:
    months = [months_later(lens.days.begin, step) for step in range(TREND)]
    return [
        _line(month, date_format(month, "Y-m"), _figures(found, month), {**query, **_days_of_month(month, lens.days.end)})
        for month in months
    ]  # fmt: skip


def _days_of_month(month: date, last: date) -> dict[str, str]:
    return {"begin": month.isoformat(), "end": min(last, months_later(month, 1) - timedelta(days=1)).isoformat()}
