"""Keeping a rollup: the days whose rows changed are added up anew, whole, so that nothing is ever counted twice.

A trigger writes down the days of what changes, in the transaction that changes it; a sweep takes them.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from tongshan_portal.kernel import clock

from .tallies import PendingDay, Tally, TallyState

DAYS_AT_ONCE = 31
"""Days that one transaction adds up."""
TOWN, VILLAGE = 9, 12

Found = Mapping[tuple[Any, ...], Counter[str]]
"""Day, place and whatever else the app divides by → figures."""


def sweep(
    pending: type[PendingDay],
    state: type[TallyState],
    add_up: Callable[[date, date], None],
    add_up_month: Callable[[date], None],
    *,
    now: datetime | None = None,
) -> int:
    """Add up every day that changed; answers how many. A kill loses nothing: what was taken and not finished is there again."""
    now, done = now or clock.now(), 0
    while days := _some_days(pending, add_up, add_up_month):
        done += days
    state.objects.update_or_create(pk=1, defaults={"at": now})
    return done


@transaction.atomic
def _some_days(pending: type[PendingDay], add_up: Callable[[date, date], None], add_up_month: Callable[[date], None]) -> int:
    with connection.cursor() as cursor:  # two sweeps at once would write the same rows: the second waits
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{pending._meta.app_label}.tallies"])
    days = list(pending.objects.order_by("day").values_list("day", flat=True).distinct()[:DAYS_AT_ONCE])
    # What a transaction writes down that is not committed yet stays, and brings its day here again.
    pending.objects.filter(day__in=days).delete()
    for begin, end in spans(days):
        add_up(begin, end)
    for month in sorted({day.replace(day=1) for day in days}):
        add_up_month(month)
    return len(days)


def spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days in order as spans of neighbours, both ends included."""
    begin = None
    for index, day in enumerate(days):
        begin = begin or day
        if index + 1 == len(days) or days[index + 1] - day > timedelta(days=1):
            yield begin, day
            begin = None


def write_days(model: type[Tally], begin: date, end: date, found: Found, keys: Sequence[str]) -> None:
    """Write the rows of a span of days, by village and by town. `keys` are the columns of what `found` is of, after the day."""
    rows = model.objects.unscoped("figures are added up for everybody; who sees which is asked when they are read")
    rows.filter(span=Tally.Span.DAY, begin__range=(begin, end)).delete()
    made = [
        model(span=Tally.Span.DAY, grain=grain, begin=day, **dict(zip(keys, key, strict=True)), **figures)
        for grain, counted in ((Tally.Grain.VILLAGE, found), (Tally.Grain.TOWN, _by_town(found)))
        for (day, *key), figures in counted.items()
        if any(figures.values())
    ]
    rows.bulk_create(made, batch_size=1000)


def _by_town(found: Found) -> Found:
    wider: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for (day, place, *rest), figures in found.items():
        wider[day, place[:TOWN], *rest].update(figures)
    return wider


def write_month(model: type[Tally], month: date, keys: Sequence[str], summed: Sequence[str]) -> None:
    """Write the rows of a whole month from those of its days: of each of `keys` the sums of the columns `summed`."""
    rows, grouped = model.objects.unscoped("as above"), ("grain", *keys)
    after = (month + timedelta(days=31)).replace(day=1)
    rows.filter(span=Tally.Span.MONTH, begin=month).delete()
    days = rows.filter(span=Tally.Span.DAY, begin__gte=month, begin__lt=after).order_by()
    totals = days.values(*grouped).annotate(**{f"sum_{name}": Sum(name) for name in summed})
    made = (
        {**{name: row[name] for name in grouped}, **{name: row[f"sum_{name}"] for name in summed}}
        for row in totals
    )  # fmt: skip
    rows.bulk_create((model(span=Tally.Span.MONTH, begin=month, **columns) for columns in made), batch_size=1000)
