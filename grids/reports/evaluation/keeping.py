"""Keeping the rollup of reports (migration `evaluation` writes the days of what changes down)."""

from collections import Counter, defaultdict
from datetime import date, datetime
from typing import Any

from django.db.models.functions import Substr, TruncDate

from tongshan_portal.evaluation import keeping
from tongshan_portal.evaluation.keeping import VILLAGE, write_days, write_month
from tongshan_portal.workflow.calendar import ZONE

from ..models import PendingDay, Report, ReportTally, TallyState
from .figures import COLUMNS, DAYS, measured

KEYS = ("on", "place", "category_id", "department_id")
KEPT = ("area_code", "category_id", "department_id")


def sweep_tallies(*, now: datetime | None = None) -> int:
    """Add up every day whose reports changed; answers how many."""
    return keeping.sweep(PendingDay, TallyState, _add_up, _add_up_month, now=now)


def _add_up(begin: date, end: date) -> None:
    """Write the rows of a span of days."""
    found: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    reports = Report.objects.unscoped("figures are added up for everybody; who sees which is asked when they are read")
    for field in DAYS:
        made = {"on": TruncDate(field, tzinfo=ZONE), "place": Substr("area_code", 1, VILLAGE)}
        for one in measured(reports, field, begin, end, KEYS, made):
            found[tuple(one.pop(name) for name in KEYS)].update(one)
    write_days(ReportTally, begin, end, found, KEPT)


def _add_up_month(month: date) -> None:
    write_month(ReportTally, month, KEPT, COLUMNS)
