"""When a limit runs out. One pure function: start, limit, pauses, extra amount → a moment, and whether it rests on a guessed year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .calendar import DAY, HOUR, WorkingCalendar, add_months, at_day, local, midnight_after, working_calendar
from .limits import BY_DAY, CALENDAR_FREE, Ends, Starts, TimeLimit, Unit


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood still from one moment until another (None: it still does), for a reason that both sides see."""

    start: datetime
    until: datetime | None
    reason: str


class Due(NamedTuple):
    """A due time; `provisional` when it rests on working days that are not arranged yet."""

    at: datetime
    provisional: bool


def due_at(
    started_at: datetime,
    limit: TimeLimit,
    pauses: Sequence[Pause] = (),
    extra: int = 0,
    calendar: WorkingCalendar | None = None,
) -> Due | None:
    """The due time; None while a pause is open.

    Minutes and hours: time (or service) outside pauses. Days: a day counts when the clock runs at its end (as `limit.ends` says).
    A pause that begins at or after the due time changes nothing: what is overdue stays so.
    `extra` is what extensions add, in the limit's unit.
    """
    calendar = calendar or working_calendar()
    if limit.unit in BY_DAY:
        at = _by_day(started_at, limit, pauses, extra, calendar)
    else:
        at = _by_time(started_at, limit, pauses, extra, calendar)
    if at is None:
        return None
    return Due(at, limit.unit not in CALENDAR_FREE and calendar.is_provisional(started_at, at))


def counts_from(started_at: datetime, limit: TimeLimit) -> datetime:
    """The moment from which an elapsed unit counts."""
    return midnight_after(local(started_at).toordinal()) if limit.starts is Starts.DAY_AFTER else started_at


def _by_time(start: datetime, limit: TimeLimit, pauses: Sequence[Pause], extra: int, calendar: WorkingCalendar) -> datetime | None:
    start = counts_from(start, limit)
    amount = limit.amount + extra
    if limit.unit is Unit.WORKING_HOUR:
        service = calendar.service_at(start) + amount * HOUR
        due = calendar.moment_of(service)
        for pause in pauses:
            if pause.start >= due:
                break
            if pause.until is None:
                return None
            if pause.until > start:
                service += calendar.service_at(pause.until) - calendar.service_at(max(pause.start, start))
                due = calendar.moment_of(service)
        return due
    due = local(start + timedelta(**{f"{limit.unit.value}s": amount}))
    for pause in pauses:
        if pause.start >= due:
            break
        if pause.until is None:
            return None
        if pause.until > start:
            due += pause.until - max(pause.start, start)
    return due


def _by_day(start: datetime, limit: TimeLimit, pauses: Sequence[Pause], extra: int, calendar: WorkingCalendar) -> datetime | None:
    base = first_day(start, limit, calendar) - 1
    stood: list[tuple[int, int]] = []
    due = _end_of(_last_day(base, limit, extra, stood, calendar), limit, calendar)
    for pause in pauses:
        if pause.start >= due:
            break
        if pause.until is None:
            return None
        first, end = max(_open_day(pause.start, limit, calendar), base + 1), _open_day(pause.until, limit, calendar)
        if first < end:
            stood.append((first, end))
            due = _end_of(_last_day(base, limit, extra, stood, calendar), limit, calendar)
    return due


def first_day(start: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> int:
    """The ordinal of the first day that a limit in days may count: what begins so that it is the same runs out at the same moment."""
    return _open_day(start, limit, calendar) if limit.starts is Starts.AT_ONCE else local(start).toordinal() + 1


def _last_day(base: int, limit: TimeLimit, extra: int, stood: list[tuple[int, int]], calendar: WorkingCalendar) -> int:
    """The ordinal of the last day, after days that stood still ([first, end), in order) and rest days."""
    if limit.unit is Unit.WORKING_DAY:
        rank = calendar.rank(base + 1) + limit.amount + extra - 1
        for first, end in stood:
            if calendar.nth(rank) >= first:
                rank += calendar.rank(end) - calendar.rank(first)
        return calendar.nth(rank)
    amount = limit.amount + extra
    last = add_months(date.fromordinal(base), amount).toordinal() if limit.unit is Unit.MONTH else base + amount
    for first, end in stood:
        if last >= first:
            last += end - first
    if not limit.rolls:
        return last
    last = calendar.opening(last)
    for first, end in stood:  # moved by a rest day into a pause
        if first <= last < end:
            last = calendar.opening(end)
    return last


def _open_day(moment: datetime, limit: TimeLimit, calendar: WorkingCalendar) -> int:
    """The first day that has not ended at the moment: today, or tomorrow after close of service."""
    today = local(moment).toordinal()
    return today if moment < _end_of(today, limit, calendar) else today + 1


def _end_of(ordinal: int, limit: TimeLimit, calendar: WorkingCalendar) -> datetime:
    return midnight_after(ordinal) if limit.ends is Ends.MIDNIGHT else calendar.close_of(ordinal)


def shift(moment: datetime, amount: int, unit: Unit, calendar: WorkingCalendar | None = None) -> datetime:
    """The moment so much later (negative: earlier). Days and months keep the hour, working days land on working days."""
    calendar = calendar or working_calendar()
    here = local(moment)
    if unit is Unit.WORKING_HOUR:
        return calendar.moment_of(calendar.service_at(moment) + amount * HOUR) if amount else here
    if unit in CALENDAR_FREE:
        return here + timedelta(**{f"{unit.value}s": amount})
    since_midnight = (here - at_day(here.toordinal(), 0)) // timedelta(microseconds=1) % DAY
    if unit is Unit.MONTH:
        return at_day(add_months(here.date(), amount).toordinal(), since_midnight)
    if unit is Unit.DAY:
        return at_day(here.toordinal() + amount, since_midnight)
    rank = calendar.rank(here.toordinal()) if calendar.is_working(here.date()) or amount <= 0 else calendar.rank(here.toordinal()) - 1
    return at_day(calendar.nth(rank + amount), since_midnight) if amount else here
