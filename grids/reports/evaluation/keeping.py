"""Keeping the rollup: the days whose reports changed are added up anew, whole, so that nothing is ever counted twice.

A trigger writes down the days of what changes (migration `evaluation`), in the transaction that changes it; a sweep takes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Substr, TruncDate

from tongshan_portal.kernel import clock
from tongshan_portal.workflow.calendar import ZONE

from ..models import PendingDay, Report, ReportTally, TallyState
from .figures import COLUMNS, DAYS, measured

DAYS_AT_ONCE = 31
"""Days that one transaction adds up."""
TOWN, VILLAGE = 9, 12

Key = tuple[date, str, int | None, int | None]
"""Day, place, category, department."""


def sweep_tallies(*, now: datetime | None = None) -> int:
    """Add up every day that changed; answers how many. A kill loses nothing: what was taken and not finished is there again."""
    now, done = now or clock.now(), 0
    while days := _some_days():
        done += days
    TallyState.objects.update_or_create(pk=1, defaults={"at": now})
    return done


@transaction.atomic
def _some_days() -> int:
    with connection.cursor() as cursor:  # two sweeps at once would write the same rows: the second waits
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports.tallies'))")
    days = list(PendingDay.objects.order_by("day").values_list("day", flat=True).distinct()[:DAYS_AT_ONCE])
    # What a transaction writes down that is not committed yet stays, and brings its day here again.
    PendingDay.objects.filter(day__in=days).delete()
    for begin, end in _spans(days):
        _add_up(begin, end)
    _add_up_months({day.replace(day=1) for day in days})
    return len(days)


def _spans(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days in order as spans of neighbours, both ends included."""
    begin = None
    for index, day in enumerate(days):
        begin = begin or day
        if index + 1 == len(days) or days[index + 1] - day > timedelta(days=1):
            yield begin, day
            begin = None


def _add_up(begin: date, end: date) -> None:
    """Write the rows of a span of days."""
    found: dict[Key, Counter[str]] = defaultdict(Counter)
    reports = Report.objects.unscoped("figures are added up for everybody; who sees which is asked when they are read")
    for field in DAYS:
        made = {"on": TruncDate(field, tzinfo=ZONE), "place": Substr("area_code", 1, VILLAGE)}
        for one in measured(reports, field, begin, end, ("on", "place", "category_id", "department_id"), made):
            key = (one.pop("on"), one.pop("place"), one.pop("category_id"), one.pop("department_id"))
            found[key].update(one)
    tallies = ReportTally.objects.unscoped("as above")
    tallies.filter(span=ReportTally.Span.DAY, begin__range=(begin, end)).delete()
    tallies.bulk_create([*_rows(found, ReportTally.Grain.VILLAGE), *_rows(_by_town(found), ReportTally.Grain.TOWN)], batch_size=1000)


def _by_town(found: dict[Key, Counter[str]]) -> dict[Key, Counter[str]]:
    wider: dict[Key, Counter[str]] = defaultdict(Counter)
    for (day, place, category, department), figures in found.items():
        wider[day, place[:TOWN], category, department].update(figures)
    return wider


def _rows(found: dict[Key, Counter[str]], grain: str) -> Iterator[ReportTally]:
    for (day, place, category, department), figures in found.items():
        if any(figures.values()):
            yield ReportTally(
                span=ReportTally.Span.DAY, grain=grain, begin=day, area_code=place, category_id=category, department_id=department,
                **figures,
            )  # fmt: skip


def _add_up_months(months: Iterable[date]) -> None:
    """Write the rows of whole months from those of their days."""
    tallies = ReportTally.objects.unscoped("as above")
    for month in sorted(months):
        after = (month + timedelta(days=31)).replace(day=1)
        tallies.filter(span=ReportTally.Span.MONTH, begin=month).delete()
        days = tallies.filter(span=ReportTally.Span.DAY, begin__gte=month, begin__lt=after).order_by()
        totals = days.values("grain", "area_code", "category_id", "department_id").annotate(
            **{f"sum_{name}": Sum(name) for name in COLUMNS}
        )
        tallies.bulk_create(
            (
                ReportTally(
                    span=ReportTally.Span.MONTH, begin=month, grain=row["grain"], area_code=row["area_code"],
                    category_id=row["category_id"], department_id=row["department_id"],
                    **{name: row[f"sum_{name}"] for name in COLUMNS},
                )
                for row in totals
            ),
            batch_size=1000,
        )  # fmt: skip
