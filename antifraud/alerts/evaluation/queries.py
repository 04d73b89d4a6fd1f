"""The figures as their page shows them: from the rollup (below a village from the rows), divided as the indicators say."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet, Sum, TextChoices
from django.db.models.functions import Substr, TruncDay, TruncMonth, TruncQuarter, TruncWeek
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.succession import present_code
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.evaluation.periods import Days, first_of, parts_of
from tongshan_portal.evaluation.rollup import areas_below, child_level, days_alone, depth_of, grain_of, months_and_days
from tongshan_portal.workflow.calendar import ZONE

from ..actions.receiving import BY_HAND
from ..enums import Grade
from ..models import AlertTally, ContactTally, FraudAlert, FraudType, PendingDay, TallyState
from ..models.tallies import Tally
from .figures import COLUMNS, DAYS, FIGURES, RECEIVED, contacts, measured, people_of
from .hiding import FEW, is_few, is_guarded, needs_to_know, withheld
from .indicators import MEASURES, Kind, Measure
from .lenses import Lens

SOURCES = {BY_HAND: _("taken down after a call")}
"""Sources that have a name of their own; others are called as the system that sends."""


class By(TextChoices):
    """What the figures are divided into."""

    AREA = "area", _("by area")
    TYPE = "type", _("by type")
    GRADE = "grade", _("by grade")
    SOURCE = "source", _("by source")
    DAY = "day", _("by day")
    WEEK = "week", _("by week")
    MONTH = "month", _("by month")
    QUARTER = "quarter", _("by quarter")


TRUNCATED: dict[str, type] = {By.DAY: TruncDay, By.WEEK: TruncWeek, By.MONTH: TruncMonth, By.QUARTER: TruncQuarter}
"""The divisions by time."""


@dataclass(slots=True)
class Found:
    """What is counted of one part: its figures by the names of `COLUMNS`, and how many were first spoken to after so many minutes."""

    figures: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(COLUMNS, 0)))
    contacts: Counter[int] = field(default_factory=Counter)

    def add(self, other: "Found") -> None:
        self.figures.update(other.figures)
        self.contacts.update(other.contacts)


@dataclass(frozen=True, slots=True)
class Cell:
    """One indicator of one line in words, with its counts, and where their rows are listed to who needs to know them.

    `value` is what a drawing shows; None where nothing is known, too few are, or it is withheld.
    """

    measure: Measure
    words: str
    value: float | None
    numerator: str = ""
    cases: str = ""
    numerator_href: str = ""
    cases_href: str = ""
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one area, type, grade, source or part of time. `drill` leads one step down, where there is one."""

    key: Hashable
    label: str
    received: str
    received_href: str
    cells: list[Cell]
    drill: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A line before it is worded: whose area it is of, and the query of the list that holds its rows."""

    key: Hashable
    label: str
    code: str
    query: Mapping[str, Any]
    drill: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole page: a line for all, a line for each part, of when the figures are, and whether something was withheld."""

    days: Days
    total: Line
    lines: list[Line]
    at: datetime | None
    is_pending: bool
    is_empty: bool
    is_withheld: bool


def _key(by: str, depth: int) -> tuple[str, Any]:
    """The column by which rows are grouped, and how it is made of the others."""
    if by == By.AREA:
        return "part", Substr("area_code", 1, depth)
    return {By.TYPE: "type_id", By.GRADE: "grade", By.SOURCE: "source"}.get(By(by), "part"), None


def figures_by(lens: Lens, by: str) -> dict[Hashable, Found]:
    """Key of the part → what is counted of it. Two questions to the rollup, or three to the rows of a village."""
    level, depth = child_level(lens.code), depth_of(lens.code, by_area=by == By.AREA)
    found: dict[Hashable, Found] = defaultdict(Found)
    for part, numbers, steps in _from_rows(lens, by, depth) if depth > Level.VILLAGE else _from_rollup(lens, by, depth):
        held = found[present_code(part)[:level] if by == By.AREA else part]
        held.figures.update(numbers)
        held.contacts.update(steps)
    return found


Counted = Iterator[tuple[Any, Mapping[str, Any], Mapping[int, int]]]
"""Part, figures, contacts."""


def _from_rollup(lens: Lens, by: str, depth: int) -> Counted:
    spans = days_alone(lens.days) if by in (By.DAY, By.WEEK) else months_and_days(lens.days)
    name, made = _key(by, depth)
    if by in TRUNCATED:
        made = TRUNCATED[by]("begin")

    def grouped(model: type[Tally], *more: str) -> QuerySet:
        tallies = model.objects.unscoped("the lens was chosen among what the reader's postings hold")
        rows = lens.narrow(tallies.filter(spans, grain=grain_of(depth))).order_by()
        return (rows.annotate(**{name: made}) if made is not None else rows).values(name, *more)

    for row in grouped(AlertTally).annotate(**{f"sum_{column}": Sum(column) for column in COLUMNS}):
        yield row[name], {column: row[f"sum_{column}"] for column in COLUMNS}, {}
    for row in grouped(ContactTally, "step").annotate(total=Sum("number")):
        yield row[name], {}, {row["step"]: row["total"]}


def _from_rows(lens: Lens, by: str, depth: int) -> Counted:
    alerts = lens.narrow(FraudAlert.objects.unscoped("the lens was chosen among what the reader's postings hold"))
    name = _key(by, depth)[0]
    for day in DAYS:
        rows = _parted(alerts, by, depth, day)
        for row in measured(rows, day, lens.days.begin, lens.days.end, (name,)):
            yield _part_of(row, by, name), {column: value for column, value in row.items() if column != name}, {}
        if day == RECEIVED:
            for row in contacts(rows, lens.days.begin, lens.days.end, (name,)):
                yield _part_of(row, by, name), {}, {row["step"]: row["number"]}


def _parted(alerts: QuerySet, by: str, depth: int, day: str) -> QuerySet:
    """The alerts with the part to which each belongs, where that is no column of theirs."""
    name, made = _key(by, depth)
    part = TRUNCATED[by](day, tzinfo=ZONE) if by in TRUNCATED else made
    return alerts.annotate(**{name: part}) if part is not None else alerts


def _part_of(row: Mapping[str, Any], by: str, name: str) -> Any:
    return row[name].date() if by in TRUNCATED else row[name]


People = Mapping[Hashable, Mapping[str, set[str]]]
"""Part → figure → the people whose alerts it counts."""


def people_behind(lens: Lens, by: str) -> People:
    """Who is behind each figure, straight from the rows; two questions, asked where small counts are guarded alone."""
    alerts = lens.narrow(FraudAlert.objects.unscoped("only how many people there are leaves this module"))
    level, depth = child_level(lens.code), depth_of(lens.code, by_area=by == By.AREA)
    name = _key(by, depth)[0]
    found: dict[Hashable, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for day in DAYS:
        for row in people_of(_parted(alerts, by, depth, day), day, lens.days.begin, lens.days.end, (name,)):
            part = _part_of(row, by, name)
            held = found[present_code(part)[:level] if by == By.AREA else part]
            for figure in FIGURES:
                if row.get(f"is_{figure}"):
                    held[figure].add(row["phone_index"])
    return found


def median(steps: Mapping[int, int]) -> float | None:
    """The middle one of the minutes, or the mean of the two middle ones; None of none."""
    total = sum(steps.values())
    if not total:
        return None
    middle, passed = [], 0
    for step in sorted(steps):
        middle += [step for place in ((total - 1) // 2, total // 2) if passed <= place < passed + steps[step]]
        passed += steps[step]
    return sum(middle) / 2


def _worth(measure: Measure, found: Found) -> tuple[float | None, str]:
    """What a measure comes to, and in words."""
    above, below = found.figures[measure.numerator] if measure.numerator else 0, found.figures[measure.cases]
    if measure.kind == Kind.SHARE:
        share = 100 * above / below if below >= FEW else None
        return share, f"{share:.1f}%" if share is not None else "–"
    if measure.kind == Kind.SUM:
        return float(above), f"{Decimal(above):,.2f}"
    value = median(found.contacts) if measure.kind == Kind.MEDIAN else above / below if below else None
    return value, f"{value:.1f}" if value is not None else "–"


def _rows(figure: str, query: Mapping[str, Any]) -> str:
    """The list of exactly the rows of a figure."""
    given = {"view": "all", "figure": figure, **{name: value for name, value in query.items() if value}}
    return f"{reverse('alerts:index')}?{urlencode(given)}"


def _cell(measure: Measure, found: Found, query: Mapping[str, Any] | None, is_withheld: bool) -> Cell:
    if is_withheld:
        return Cell(measure, str(_("withheld")), None, is_withheld=True)
    value, words = _worth(measure, found)
    share = measure.kind == Kind.SHARE
    numerator = str(found.figures[measure.numerator]) if share or measure.kind == Kind.MEAN else ""
    return Cell(
        measure, words, value, numerator, str(found.figures[measure.cases]),
        _rows(measure.numerator, query) if query and share else "", _rows(measure.cases, query) if query else "",
    )  # fmt: skip


def _line(part: Part, found: Found, scope: Scope, hidden: set[str]) -> Line:
    query = part.query if needs_to_know(scope, part.code) else None
    few = "received" in hidden
    return Line(
        part.key,
        part.label,
        str(_("withheld")) if few else str(found.figures["received"]),
        _rows("received", query) if query and not few else "",
        [_cell(one, found, query, one.cases in hidden) for one in MEASURES],
        part.drill,
    )


CASES = ("received", *dict.fromkeys(one.cases for one in MEASURES))


def evaluation(lens: Lens, by: str, scope: Scope) -> Evaluation:
    """The page's figures as this reader may see them."""
    found = figures_by(lens, by)
    total = Found()
    for one in found.values():
        total.add(one)
    parts = PARTS[By(by)](lens, found)
    of = {part.key: found.get(part.key) or Found() for part in parts}
    guarded = [part.key for part in parts if is_guarded(scope, part.code)]
    people = people_behind(lens, by) if guarded else {}
    hidden = _hidden({key: of[key] for key in guarded}, people)
    whole = Part("", str(_("All")), lens.code, lens.query)
    few = _few(total, people) if is_guarded(scope, lens.code) else set()
    state = TallyState.objects.first()
    return Evaluation(
        lens.days,
        _line(whole, total, scope, few),
        [_line(part, of[part.key], scope, hidden[part.key]) for part in parts],
        state.at if state else None,
        PendingDay.objects.exists(),
        not any(total.figures.values()),
        bool(few) or any(hidden.values()),
    )


def _hidden(of: Mapping[Hashable, Found], people: People) -> Mapping[Hashable, set[str]]:
    """Of each guarded part the figures that are not shown."""
    hidden: dict[Hashable, set[str]] = defaultdict(set)
    for name in CASES:
        who = {key: people.get(key, {}).get(name, set()) for key in of}
        for key in withheld({key: found.figures[name] for key, found in of.items()}, who):
            hidden[key].add(name)
    return hidden


def _few(total: Found, people: People) -> set[str]:
    """The figures of a guarded area that tell of too few people, whatever they are divided into."""
    who = {name: {one for part in people.values() for one in part.get(name, ())} for name in CASES}
    return {name for name in CASES if is_few(total.figures[name], who[name])}


def _areas(lens: Lens, found: Mapping[Hashable, Found]) -> list[Part]:
    parts = []
    for one in areas_below(lens.code, found):
        where = {"area": "", "here": one.code} if one.is_itself and len(one.code) < Level.GRID else {"area": one.code}
        parts.append(Part(one.code, one.label, one.code, {**lens.query, **where}, one.drill))
    return parts


def _types(lens: Lens, found: Mapping[Hashable, Found]) -> list[Part]:
    rows = FraudType.objects.all()
    return [Part(row.pk, str(row), lens.code, {**lens.query, "type": row.pk}) for row in rows if row.pk in found]


def _grades(lens: Lens, _found: Mapping[Hashable, Found]) -> list[Part]:
    return [Part(one.value, str(one.label), lens.code, {**lens.query, "grade": one.value}) for one in Grade]


def _sources(lens: Lens, found: Mapping[Hashable, Found]) -> list[Part]:
    return [Part(one, source_label(one), lens.code, {**lens.query, "source": one}) for one in sorted(map(str, found))]


def source_label(source: str) -> str:
    """What a source is called."""
    return str(SOURCES.get(source, source))


def sources_in(lens: Lens) -> list[str]:
    """The sources that ever sent something about the area, for the reader's choice; asked of the months of the rollup."""
    rows = AlertTally.objects.unscoped("the lens was chosen among what the reader's postings hold")
    place = Lens(lens.code[: Level.VILLAGE], lens.days, simulated=lens.simulated)
    return sorted(place.narrow(rows.filter(span=Tally.Span.MONTH)).order_by().values_list("source", flat=True).distinct())


def _times(step: str) -> Callable[[Lens, Mapping[Hashable, Found]], list[Part]]:
    def parts(lens: Lens, _found: Mapping[Hashable, Found]) -> list[Part]:
        return [
            Part(first_of(step, one.begin), _when(step, one), lens.code,
                 {**lens.query, "begin": one.begin.isoformat(), "end": one.end.isoformat()})
            for one in parts_of(step, lens.days)
        ]  # fmt: skip

    return parts


def _when(step: str, days: Days) -> str:
    if step == By.DAY:
        return f"{days.begin:%Y-%m-%d}"
    if step == By.WEEK:
        return f"{days.begin:%Y-%m-%d} – {days.end:%m-%d}"
    return f"{days.begin:%Y-%m}" if step == By.MONTH else f"{days.begin:%Y} Q{(days.begin.month + 2) // 3}"


PARTS: dict[str, Callable[[Lens, Mapping[Hashable, Found]], Sequence[Part]]] = {
    By.AREA: _areas, By.TYPE: _types, By.GRADE: _grades, By.SOURCE: _sources,
    **{step: _times(step.value) for step in (By.DAY, By.WEEK, By.MONTH, By.QUARTER)},
}  # fmt: skip
