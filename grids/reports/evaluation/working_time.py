"""How long a report took in hours of service: the portal's, or those of the place whose system it came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from tongshan_portal.workflow.calendar import ZONE, OutsideCalendar, ServiceHours, WorkingCalendar, working_calendar
from tongshan_portal.workflow.official import YearPlan


@dataclass(frozen=True, slots=True)
class Hours:
    """Working days and hours of service on the clocks of a place. `known_only`: years that nobody arranged are not guessed."""

    calendar: WorkingCalendar
    zone: tzinfo
    known_only: bool = False


def own_hours() -> Hours:
    """Those of this portal."""
    return Hours(working_calendar(), ZONE)


def hours_of_place(zone: tzinfo, periods: Sequence[str], holidays: Sequence[str], source: str) -> Hours:
    """Those of another place: periods as `08:30-17:00`, days off beside weekends as ISO dates. Raises ValueError for what is neither.

    Years of which no day off is named are not known: a matter that reaches into them has no working time.
    """
    spans = tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, _dash, end in (one.partition("-") for one in periods))
    days = frozenset(date.fromisoformat(day) for day in holidays)
    if not days:
        raise ValueError("holidays")
    plans = {day.year: YearPlan(frozenset(one for one in days if one.year == day.year), source=source) for day in days}
    return Hours(WorkingCalendar(plans, ServiceHours(spans, source)), zone, known_only=True)


def worked_minutes(filed_at: datetime, closed_at: datetime, hours: Hours | None = None) -> int | None:
    """Whole minutes of service between filing and closing, pauses included; None where the calendar does not hold the days."""
    hours = hours or own_hours()
    # Service is counted by what the clocks on the wall say there; the calendar reads walls of one zone.
    begin, end = (moment.astimezone(hours.zone).replace(tzinfo=ZONE, fold=0) for moment in (filed_at, closed_at))
    if hours.known_only and hours.calendar.is_provisional(begin, end):
        return None
    try:
        return max(0, hours.calendar.service_between(begin, end) // timedelta(minutes=1))
    except OutsideCalendar:
        return None
