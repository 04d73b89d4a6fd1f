"""What is known of each year: the State Council's arrangement of holidays, from chinesecalendar or from an administrator's file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from chinese_calendar import constants  # type: ignore[import-untyped]

OFFICIAL_HOURS = ((time(9), time(12)), (time(13, 30), time(17, 30)))
"""Hours of service where nobody set others: a labelled default, not a rule of the district."""

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Holidays with a date of the solar calendar (全国年节及纪念日放假办法, as of 2025): they hold in years not yet arranged, too."""


@dataclass(frozen=True)
class YearPlan:
    """One year: days off beside weekends, weekend days worked in exchange, and the source. `fixed_only`: nothing is arranged yet."""

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    source: str = ""
    fixed_only: bool = False

    def is_working(self, day: date) -> bool:
        """Whether offices are open."""
        if day in self.workdays:
            return True
        if day in self.holidays or (self.fixed_only and (day.month, day.day) in FIXED_HOLIDAYS):
            return False
        return day.weekday() < 5


def library_plans() -> dict[int, YearPlan]:
    """The years that chinesecalendar holds."""
    off, worked = set(constants.holidays), set(constants.workdays)
    years = {day.year for day in off}
    return {
        year: YearPlan(
            frozenset(day for day in off if day.year == year),
            frozenset(day for day in worked if day.year == year),
            "State Council (chinesecalendar)",
        )
        for year in years
    }


def plans_from_settings(stated: Mapping[Any, Mapping[str, Any]]) -> dict[int, YearPlan]:
    """`{"2027": {"holidays": ["2027-01-01", …], "workdays": […], "source": "国办发明电…"}}`: each year replaces the library's.

    Raises ValueError when a day belongs to another year, is both, or the source is missing: a calendar nobody answers for is none.
    """
    plans = {}
    for key, plan in stated.items():
        year = int(key)
        off, worked = (frozenset(date.fromisoformat(day) for day in plan.get(kind, ())) for kind in ("holidays", "workdays"))
        strange = sorted(day.isoformat() for day in off | worked if day.year != year)
        if strange:
            raise ValueError(f"working calendar {year}: {', '.join(strange)} lies in another year")
        if off & worked:
            raise ValueError(f"working calendar {year}: {min(off & worked)} is both a holiday and a workday")
        if not plan.get("source"):
            raise ValueError(f"working calendar {year}: name the source (the notice's number)")
        plans[year] = YearPlan(off, worked, plan["source"])
    return plans
