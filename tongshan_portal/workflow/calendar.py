"""The working calendar: working days as the State Council arranges them (调休), and hours of service within them.

Everything is precomputed into arrays, so a question is a subtraction or a look-up: thousands of rows a second ask for their due time.
Moments go in and come out aware; days are those of China Standard Time, which has no summer time in the years covered.
"""

import calendar as months
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings

from .official import OFFICIAL_HOURS, YearPlan, library_plans, plans_from_settings

ZONE = ZoneInfo("Asia/Shanghai")
MICROSECOND = timedelta(microseconds=1)
HOUR = 3_600_000_000
DAY = 24 * HOUR
HORIZON_YEARS = 20
"""So many years past the last known arrangement may a deadline lie, provisionally."""


class OutsideCalendar(ValueError):
    """The day lies before the first or after the last year the calendar holds: no answer is better than a guess."""


@dataclass(frozen=True)
class ServiceHours:
    """When a desk is open on a working day: periods in order, and whose rule it is ("default" until an administrator sets it)."""

    periods: tuple[tuple[time, time], ...] = OFFICIAL_HOURS
    source: str = "default"

    def __post_init__(self) -> None:
        edges = [moment for period in self.periods for moment in period]
        if not edges or any(a >= b for a, b in zip(edges, edges[1:], strict=False)):
            raise ValueError("hours of service must be periods in order, none empty, none overlapping")

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The periods in microseconds of the day."""
        return tuple((_of_day(begin), _of_day(end)) for begin, end in self.periods)

    @cached_property
    def length(self) -> int:
        """Service per working day in microseconds."""
        return sum(end - begin for begin, end in self.spans)

    def passed(self, moment: int) -> int:
        """Service of the day until `moment` (both in microseconds)."""
        return sum(min(moment, end) - begin for begin, end in self.spans if moment > begin)

    def at(self, service: int) -> int:
        """The moment of the day at which so much service has passed (0 < service ≤ length): the earliest one."""
        for begin, end in self.spans:
            if service <= end - begin:
                return begin + service
            service -= end - begin
        raise ValueError("more service than a day has")


def _of_day(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


class WorkingCalendar:
    """Working days and hours over the years of `plans` (known) and HORIZON_YEARS after them.

    The latter are provisional: Monday to Friday, without the holidays that the law fixes by date.
    """

    def __init__(self, plans: Mapping[int, YearPlan], hours: ServiceHours | None = None) -> None:
        self.plans, self.hours = dict(plans), hours or ServiceHours()
        self.first = date(min(plans), 1, 1).toordinal()
        self.last = date(max(plans) + HORIZON_YEARS, 12, 31).toordinal()
        self.ranks, self.days = array("l"), array("l")
        for ordinal in range(self.first, self.last + 1):
            self.ranks.append(len(self.days))
            day = date.fromordinal(ordinal)
            if self.plans.get(day.year, PROVISIONAL).is_working(day):
                self.days.append(ordinal)
        self.ranks.append(len(self.days))
        self._official = frozenset(self.plans)

    def is_official(self, year: int) -> bool:
        """Whether the year's working days are arranged, not guessed."""
        return year in self._official

    def source(self, year: int) -> str:
        """Where the year's working days come from."""
        return self.plans[year].source if year in self.plans else "provisional"

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Whether any day between two moments is a guess."""
        return not all(year in self._official for year in range(local(start).year, local(end).year + 1))

    def rank(self, ordinal: int) -> int:
        """Working days before the day with this ordinal, counted from the calendar's first."""
        if not self.first <= ordinal <= self.last + 1:
            raise OutsideCalendar(f"the working calendar does not hold {date.fromordinal(ordinal)}")
        return self.ranks[ordinal - self.first]

    def is_working(self, day: date) -> bool:
        """Whether offices are open on the day."""
        ordinal = day.toordinal()
        return self.rank(ordinal + 1) > self.rank(ordinal)

    def nth(self, rank: int) -> int:
        """The ordinal of the working day with this rank."""
        if not 0 <= rank < len(self.days):
            raise OutsideCalendar("the deadline lies beyond the working calendar")
        return self.days[rank]

    def working_days(self, start: date, end: date) -> int:
        """Working days from `start` on, before `end`."""
        return self.rank(end.toordinal()) - self.rank(start.toordinal())

    def opening(self, ordinal: int) -> int:
        """The first working day on or after the day."""
        return self.nth(self.rank(ordinal))

    def service_at(self, moment: datetime) -> int:
        """Microseconds of service since the calendar began."""
        here = local(moment)
        ordinal = here.toordinal()
        rank = self.rank(ordinal)
        within = self.hours.passed(_of_day(here.time())) if self.ranks[ordinal - self.first + 1] > rank else 0
        return rank * self.hours.length + within

    def moment_of(self, service: int) -> datetime:
        """The earliest moment at which so much service has passed: 17:30, not 9:00 of the next day."""
        days, rest = divmod(service - 1, self.hours.length)
        return at_day(self.nth(days), self.hours.at(rest + 1))

    def service_between(self, start: datetime, end: datetime) -> timedelta:
        """Time of service from `start` to `end`; negative when `end` is earlier."""
        return MICROSECOND * (self.service_at(end) - self.service_at(start))

    def close_of(self, ordinal: int) -> datetime:
        """When the desk closes on a working day; on a rest day, midnight at its end."""
        working = self.rank(ordinal + 1) > self.rank(ordinal)
        return at_day(ordinal, self.hours.spans[-1][1]) if working else midnight_after(ordinal)


PROVISIONAL = YearPlan(source="provisional", fixed_only=True)


def local(moment: datetime) -> datetime:
    """The moment on the district's clock. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(ZONE)


def at_day(ordinal: int, microseconds: int) -> datetime:
    """A moment by its day and the microseconds since that day's midnight."""
    return datetime.combine(date.fromordinal(ordinal), time(), ZONE) + timedelta(microseconds=microseconds)


def midnight_after(ordinal: int) -> datetime:
    """24:00 of the day."""
    return at_day(ordinal + 1, 0)


def add_months(day: date, count: int) -> date:
    """The corresponding day so many months later, or that month's last (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1)
def working_calendar() -> WorkingCalendar:
    """The calendar of this installation: the library's years, and over them what settings.WORKING_CALENDAR and SERVICE_HOURS say."""
    periods = getattr(settings, "SERVICE_HOURS", None)
    hours = (
        ServiceHours(tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in periods), "settings") if periods else ServiceHours()
    )
    return WorkingCalendar({**library_plans(), **plans_from_settings(getattr(settings, "WORKING_CALENDAR", {}))}, hours)
