"""Periods of figures, and the parts of time into which they are divided."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Period(TextChoices):
    """What figures may be of; each app offers some of these."""

    DAY = "day", _("today")
    WEEK = "week", _("this week")
    LAST_WEEK = "last_week", _("last week")
    MONTH = "month", _("this month")
    LAST_MONTH = "last_month", _("last month")
    QUARTER = "quarter", _("this quarter")
    LAST_QUARTER = "last_quarter", _("last quarter")
    YEAR = "year", _("this year")
    LAST_YEAR = "last_year", _("last year")
    FREE = "free", _("from … to …")


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    begin: date
    end: date


def months_later(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def first_of(step: str, day: date) -> date:
    """The first day of the day, week (from Monday), month, quarter or year in which a day lies."""
    if step == "day":
        return day
    if step == "week":
        return day - timedelta(days=day.weekday())
    months = {"month": 1, "quarter": 3, "year": 12}[step]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def after(step: str, first: date) -> date:
    """The first day of the next day, week, month, quarter or year."""
    if step in ("day", "week"):
        return first + timedelta(days=1 if step == "day" else 7)
    return months_later(first, {"month": 1, "quarter": 3, "year": 12}[step])


def days_of(period: str, today: date) -> Days:
    """The period of the calendar that holds today, up to today, or the whole one before it: nothing is late before it is due."""
    step = period.removeprefix("last_")
    first = first_of(step, today)
    if step == period:
        return Days(first, today)
    last = first - timedelta(days=1)
    return Days(first_of(step, last), last)


def parts_of(step: str, days: Days) -> list[Days]:
    """The days, weeks, months or quarters of a period, in order, each cut to it."""
    parts, begin = [], days.begin
    while begin <= days.end:
        following = after(step, first_of(step, begin))
        parts.append(Days(begin, min(days.end, following - timedelta(days=1))))
        begin = following
    return parts


def last_months(end: date, number: int) -> Days:
    """So many months, the last of them that of `end`, up to it."""
    return Days(months_later(end, 1 - number), end)
