"""Periods of the calendar, the parts into which they are divided, and the spans in which days are added up."""

from datetime import date

from tongshan_portal.evaluation.keeping import spans
from tongshan_portal.evaluation.periods import Days, Period, days_of, last_months, parts_of


def test_periods_are_those_of_the_calendar():
    today = date(2026, 11, 25)
    found = {period.value: days_of(period, today) for period in Period if period != Period.FREE}
    assert found == {
        "day": Days(today, today), "week": Days(date(2026, 11, 23), today), "last_week": Days(date(2026, 11, 16), date(2026, 11, 22)),
        "month": Days(date(2026, 11, 1), today), "last_month": Days(date(2026, 10, 1), date(2026, 10, 31)),
        "quarter": Days(date(2026, 10, 1), today), "last_quarter": Days(date(2026, 7, 1), date(2026, 9, 30)),
        "year": Days(date(2026, 1, 1), today), "last_year": Days(date(2025, 1, 1), date(2025, 12, 31)),
    }  # fmt: skip


def test_last_months_end_with_the_day_and_reach_over_the_year():
    assert last_months(date(2026, 2, 20), 12) == Days(date(2025, 3, 1), date(2026, 2, 20))


def test_parts_are_cut_to_their_period():
    assert parts_of("week", Days(date(2026, 11, 20), date(2026, 11, 24))) == [
        Days(date(2026, 11, 20), date(2026, 11, 22)), Days(date(2026, 11, 23), date(2026, 11, 24)),
    ]  # fmt: skip


def test_neighbouring_days_are_one_span():
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 4)]
    assert list(spans(days)) == [(date(2026, 10, 31), date(2026, 11, 2)), (date(2026, 11, 4), date(2026, 11, 4))]
    assert list(spans([])) == []
