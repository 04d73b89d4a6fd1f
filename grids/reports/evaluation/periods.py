"""Periods of the evaluation."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Period(TextChoices):
    """What the evaluation looks at."""

    MONTH = "month", _("this month")
    LAST_MONTH = "last_month", _("last month")
    QUARTER = "quarter", _("this quarter")
    LAST_QUARTER = "last_quarter", _("last quarter")
    YEAR = "year", _("this year")
    LAST_YEAR = "last_year", _("last year")
    FREE = "free", _("from … to …")


MONTHS = {Period.MONTH: 1, Period.LAST_MONTH: 1, Period.QUARTER: 3, Period.LAST_QUARTER: 3, Period.YEAR: 12, Period.LAST_YEAR: 12}
PAST = (Period.LAST_MONTH, Period.LAST_QUARTER, Period.LAST_YEAR)


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included."""

    begin: date
    end: date


def months_later(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def days_of(period: str, today: date) -> Days:
    """The calendar's month, quarter or year that holds today, up to today, or the one before it: nothing is late before it is due."""
    length = MONTHS[Period(period)]
    begin = date(today.year, (today.month - 1) // length * length + 1, 1)
    if period not in PAST:
        return Days(begin, today)
    return Days(months_later(begin, -length), begin - timedelta(days=1))


def last_months(end: date, number: int) -> Days:
    """So many months, the last of them that of `end`, up to it."""
    return Days(months_later(end, 1 - number), end)
