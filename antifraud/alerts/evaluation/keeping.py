"""Keeping the rollup: the days whose alerts changed are added up anew, whole, so that nothing is ever counted twice.

A trigger writes down the days of what changes (migration `tallies`), in the transaction that changes it; a sweep takes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum
from django.db.models.functions import Substr, TruncDate

from tongshan_portal.kernel import clock
from tongshan_portal.workflow.calendar import ZONE

from ..models import AlertTally, ContactTally, FraudAlert, PendingDay, TallyState
from ..models.tallies import Tally
from .figures import COLUMNS, DAYS, RECEIVED, contacts, measured

DAYS_AT_ONCE = 31
"""Days that one transaction adds up."""
TOWN, VILLAGE = 9, 12
KEYS = ("on", "place", "type_id", "grade", "source", "is_simulated")
KEPT = ("area_code", "type_id", "grade", "source", "is_simulated")

Key = tuple[Any, ...]
"""Day, place, type, grade, source, whether it is practice; for contacts the step besides."""
Found = dict[Key, Counter[str]]


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
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alerts.tallies'))")
    days = list(PendingDay.objects.order_by("day").values_list("day", flat=True).distinct()[:DAYS_AT_ONCE])
    # What a transaction writes down that is not committed yet stays, and brings its day here again.
    PendingDay.objects.filter(day__in=days).delete()
    for begin, end in _spans(days):
        _add_up(begin, end)
    for month in sorted({day.replace(day=1) for day in days}):
        _add_up_month(AlertTally, month, (), COLUMNS)
        _add_up_month(ContactTally, month, ("step",), ("number",))
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
    figures: Found = defaultdict(Counter)
    reached: Found = defaultdict(Counter)
    alerts = FraudAlert.objects.unscoped("figures are added up for everybody; who sees which is asked when they are read")
    for field in DAYS:
        rows = alerts.annotate(on=TruncDate(field, tzinfo=ZONE), place=Substr("area_code", 1, VILLAGE))
        for one in measured(rows, field, begin, end, KEYS):
            figures[tuple(one.pop(name) for name in KEYS)].update(one)
        if field == RECEIVED:
            for one in contacts(rows, begin, end, KEYS):
                reached[*(one[name] for name in KEYS), one["step"]].update(number=one["number"])
    _write(AlertTally, begin, end, figures, ())
    _write(ContactTally, begin, end, reached, ("step",))


def _write(model: type[Tally], begin: date, end: date, found: Found, more: tuple[str, ...]) -> None:
    rows = model.objects.unscoped("as above")
    rows.filter(span=Tally.Span.DAY, begin__range=(begin, end)).delete()
    made = [
        model(span=Tally.Span.DAY, grain=grain, begin=day, **dict(zip((*KEPT, *more), key, strict=True)), **numbers)
        for grain, counted in ((Tally.Grain.VILLAGE, found), (Tally.Grain.TOWN, _by_town(found)))
        for (day, *key), numbers in counted.items()
        if any(numbers.values())
    ]
    rows.bulk_create(made, batch_size=1000)


def _by_town(found: Found) -> Found:
    wider: Found = defaultdict(Counter)
    for (day, place, *rest), numbers in found.items():
        wider[day, place[:TOWN], *rest].update(numbers)
    return wider


def _add_up_month(model: type[Tally], month: date, more: tuple[str, ...], summed: Iterable[str]) -> None:
    """Write the rows of a whole month from those of its days."""
    rows, keys = model.objects.unscoped("as above"), ("grain", *KEPT, *more)
    after = (month + timedelta(days=31)).replace(day=1)
    rows.filter(span=Tally.Span.MONTH, begin=month).delete()
    days = rows.filter(span=Tally.Span.DAY, begin__gte=month, begin__lt=after).order_by()
    totals = days.values(*keys).annotate(**{f"sum_{name}": Sum(name) for name in summed})
    rows.bulk_create(
        (
            model(
                span=Tally.Span.MONTH, begin=month, **{name: row[name] for name in keys}, **{name: row[f"sum_{name}"] for name in summed}
            )
            for row in totals
        ),
        batch_size=1000,
    )  # fmt: skip
