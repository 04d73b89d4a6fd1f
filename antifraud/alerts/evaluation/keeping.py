"""Keeping the rollup of alerts (migration `tallies` writes the days of what changes down)."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Substr, TruncDate

from tongshan_portal.evaluation import keeping
from tongshan_portal.evaluation.keeping import VILLAGE, write_days, write_month
from tongshan_portal.workflow.calendar import ZONE

from ..models import AlertTally, ContactTally, FraudAlert, PendingDay, TallyState
from .figures import COLUMNS, DAYS, RECEIVED, contacts, measured

KEYS = ("on", "place", "type_id", "grade", "source", "is_simulated")
KEPT = ("area_code", "type_id", "grade", "source", "is_simulated")

Found = dict[tuple[Any, ...], Counter[str]]
"""Day, place, type, grade, source, whether it is practice → figures; for contacts the step besides."""


def sweep_tallies(*, now: datetime | None = None) -> int:
    """Add up every day whose alerts changed; answers how many."""
    return keeping.sweep(PendingDay, TallyState, _add_up, _add_up_month, now=now)


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
    write_days(AlertTally, begin, end, figures, KEPT)
    write_days(ContactTally, begin, end, reached, (*KEPT, "step"))


def _add_up_month(month: date) -> None:
    write_month(AlertTally, month, KEPT, COLUMNS)
    write_month(ContactTally, month, (*KEPT, "step"), ("number",))
