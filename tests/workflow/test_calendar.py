"""The working calendar against the State Council's own notices, and where they end."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from tongshan_portal.workflow import checks
from tongshan_portal.workflow.calendar import ZONE, OutsideCalendar, ServiceHours, WorkingCalendar, add_months, working_calendar
from tongshan_portal.workflow.official import YearPlan, library_plans, plans_from_settings

from . import state_council as notices

CALENDAR = WorkingCalendar({year: plan for year, plan in library_plans().items() if year <= 2026})
moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda moment: moment.replace(tzinfo=ZONE))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_every_day_is_as_the_notice_says(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366 if year == 2024 else 365)]
    assert [day for day in days if CALENDAR.is_working(day) != notices.is_working(day)] == []


@given(moments)
def test_passed_service_and_its_moment_are_inverse(moment):
    back = CALENDAR.moment_of(CALENDAR.service_at(moment))
    assert back <= moment
    assert CALENDAR.service_at(back) == CALENDAR.service_at(moment)


@given(moments, moments)
def test_working_days_between_are_those_counted_one_by_one(one, other):
    start, end = sorted([one.date(), other.date()])
    counted = sum(notices.is_working(start + timedelta(days=n)) for n in range((end - start).days))
    assert CALENDAR.working_days(start, end) == counted


def test_a_year_without_a_notice_is_provisional_and_keeps_the_fixed_holidays():
    assert (CALENDAR.is_official(2026), CALENDAR.is_official(2027), CALENDAR.source(2027)) == (True, False, "provisional")
    assert [CALENDAR.is_working(date(2027, 1, n)) for n in (1, 2, 3, 4)] == [False, False, False, True]


def test_a_span_that_touches_a_guessed_year_is_provisional():
    late = datetime(2026, 12, 31, 23, 59, tzinfo=ZONE)
    assert not CALENDAR.is_provisional(late, late)
    assert CALENDAR.is_provisional(late, late + timedelta(minutes=1))


def test_beyond_the_calendar_there_is_no_answer():
    with pytest.raises(OutsideCalendar):
        CALENDAR.is_working(date(2003, 12, 31))
    with pytest.raises(OutsideCalendar):
        CALENDAR.is_working(date(2047, 1, 1))


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.service_at(datetime(2026, 11, 23))


def test_an_administrators_year_replaces_the_librarys():
    plan = plans_from_settings({"2027": {"holidays": ["2027-01-01", "2027-01-04"], "workdays": ["2027-01-09"], "source": "国办发明电"}})
    calendar = WorkingCalendar({**library_plans(), **plan})
    assert (calendar.is_official(2027), calendar.source(2027)) == (True, "国办发明电")
    assert [calendar.is_working(date(2027, 1, n)) for n in (4, 5, 9, 10)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("plan", "complaint"),
    [
        ({"holidays": ["2026-01-01"], "source": "x"}, "another year"),
        ({"holidays": ["2027-01-01"], "workdays": ["2027-01-01"], "source": "x"}, "both"),
        ({"holidays": ["2027-01-01"]}, "source"),
    ],
)
def test_a_wrong_plan_is_refused(plan, complaint):
    with pytest.raises(ValueError, match=complaint):
        plans_from_settings({"2027": plan})


@pytest.mark.parametrize("periods", [(), ((time(12), time(9)),), ((time(9), time(12)), (time(11), time(13)))])
def test_hours_of_service_must_be_in_order(periods):
    with pytest.raises(ValueError, match="hours of service"):
        ServiceHours(periods)


def test_the_installation_reads_its_settings():
    working_calendar.cache_clear()
    try:
        with override_settings(SERVICE_HOURS=[("08:30", "18:00")], WORKING_CALENDAR={"2027": {"source": "notice"}}):
            calendar = working_calendar()
        assert (calendar.hours.periods, calendar.hours.source) == (((time(8, 30), time(18)),), "settings")
        assert calendar.source(2027) == "notice"
    finally:
        working_calendar.cache_clear()


@pytest.mark.parametrize(
    ("today", "known", "answer"),
    [
        (date(2026, 11, 23), 2026, ["workflow.I001"]),
        (date(2026, 11, 23), 2027, []),
        (date(2026, 10, 31), 2026, []),
        (date(2027, 1, 1), 2026, ["workflow.W001"]),
    ],
)
def test_the_check_speaks_up_in_time(monkeypatch, today, known, answer):
    monkeypatch.setattr(checks, "working_calendar", lambda: WorkingCalendar({year: YearPlan() for year in range(2025, known + 1)}))
    monkeypatch.setattr(checks.clock, "today", lambda: today)
    assert [message.id for message in checks.calendar_is_known()] == answer


def test_a_month_later_is_the_same_day_or_the_last():
    assert [add_months(date(2026, 1, 31), n) for n in (1, 2, 11, 12)] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 12, 31), date(2027, 1, 31),
    ]  # fmt: skip
