"""Due times against an oracle that walks minute by minute and day by day over the State Council's notices."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongshan_portal.workflow.calendar import WorkingCalendar
from tongshan_portal.workflow.due import Due, Pause, due_at, shift
from tongshan_portal.workflow.limits import BY_DAY, Ends, Starts, TimeLimit, Unit
from tongshan_portal.workflow.official import library_plans

from .state_council import CHINA, is_open, is_working

CALENDAR = WorkingCalendar({year: plan for year, plan in library_plans().items() if year <= 2026})
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@st.composite
def stories(draw, units=tuple(Unit), most=12):
    """A start, a limit and pauses in order, on whole minutes, close enough together to meet."""
    start = at("2024-01-02T00:00") + MINUTE * draw(st.integers(0, 60 * 24 * 900))
    limit = TimeLimit(draw(st.integers(1, most)), draw(st.sampled_from(units)), draw(st.sampled_from([None, *Starts])),
                      ends=draw(st.sampled_from(list(Ends))), rolls=draw(st.booleans()))  # fmt: skip
    pauses, moment = [], start
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 6000)), max_size=3)):
        begin = moment + MINUTE * gap
        moment = begin + MINUTE * length
        pauses.append(Pause(begin, moment, "asked the resident"))
    return start, limit, tuple(pauses)


def oracle(start: datetime, limit: TimeLimit, pauses) -> datetime:
    return walk_days(start, limit, pauses) if limit.unit in BY_DAY else walk_minutes(start, limit, pauses)


def walk_minutes(start, limit, pauses):
    """Tick minute by minute; what counts is outside pauses and, for working hours, while the desk is open."""
    if limit.starts == Starts.DAY_AFTER:
        start = datetime.combine(start.date() + DAY, time(), CHINA)
    left = limit.amount * (1 if limit.unit == Unit.MINUTE else 60)
    while left:
        paused = any(pause.start <= start < pause.until for pause in pauses)
        if not paused and (limit.unit != Unit.WORKING_HOUR or is_open(start)):
            left -= 1
        start += MINUTE
    return start


def end_of(day: date, limit) -> datetime:
    if limit.ends == Ends.MIDNIGHT or not is_working(day):
        return datetime.combine(day + DAY, time(), CHINA)
    return datetime.combine(day, time(17, 30), CHINA)


def walk_days(start, limit, pauses):
    """Day by day; a day counts when the clock runs at its end, and pauses that begin after the due time are not looked at."""
    for count in range(len(pauses) + 1):
        due = _walk_days(start, limit, pauses[:count])
        if count == len(pauses) or pauses[count].start >= due:
            return due
    raise AssertionError


def _walk_days(start, limit, pauses):
    def stands(day):
        return any(pause.start < end_of(day, limit) <= pause.until for pause in pauses)

    first = start.date()
    if limit.starts == Starts.AT_ONCE and start < end_of(first, limit):  # today is the first day, unless it is over
        first -= DAY
    left = limit.amount
    if limit.unit == Unit.MONTH:
        year, month = first.year, first.month
        for _ in range(limit.amount):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        last = next(day for day in (first.day, 30, 29, 28) if day <= first.day and _exists(year, month, day))
        left = (date(year, month, last) - first).days
    day = first
    while left:
        day += DAY
        if not stands(day) and (limit.unit != Unit.WORKING_DAY or is_working(day)):
            left -= 1
    while limit.unit != Unit.WORKING_DAY and limit.rolls and (stands(day) or not is_working(day)):
        day += DAY
    return end_of(day, limit)


def _exists(year, month, day):
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@settings(max_examples=300, deadline=None)
@given(stories(units=(Unit.MINUTE, Unit.HOUR, Unit.DAY, Unit.WORKING_DAY), most=15))
def test_due_is_what_walking_finds(story):
    start, limit, pauses = story
    assert due_at(start, limit, pauses, calendar=CALENDAR) == Due(oracle(start, limit, pauses), False)


@settings(max_examples=100, deadline=None)
@given(stories(units=(Unit.WORKING_HOUR,), most=20))
def test_working_hours_are_what_stepping_by_minutes_finds(story):
    start, limit, pauses = story
    assert due_at(start, limit, pauses, calendar=CALENDAR) == Due(oracle(start, limit, pauses), False)


@settings(max_examples=100, deadline=None)
@given(stories(units=(Unit.MONTH,), most=4))
def test_months_are_what_walking_finds(story):
    start, limit, pauses = story
    assert due_at(start, limit, pauses, calendar=CALENDAR) == Due(oracle(start, limit, pauses), False)


@given(stories(most=6), st.integers(0, 5000))
def test_a_later_start_is_never_due_earlier(story, later):
    start, limit, _pauses = story
    assert due_at(start, limit, calendar=CALENDAR).at <= due_at(start + MINUTE * later, limit, calendar=CALENDAR).at


@given(stories(most=6))
def test_it_is_due_after_it_started_and_never_while_it_stands(story):
    start, limit, pauses = story
    due = due_at(start, limit, pauses, calendar=CALENDAR).at
    assert due > start
    assert not any(pause.start < due < pause.until for pause in pauses)


def test_resumed_after_the_desk_closed_on_the_last_day_leaves_the_next():
    limit = TimeLimit(1, Unit.WORKING_DAY)
    pauses = [Pause(at("2026-11-24T10:00"), at("2026-11-24T19:00"), "asked the resident")]
    assert due_at(at("2026-11-23T10:00"), limit, pauses).at == at("2026-11-25T17:30")


def test_begun_as_the_desk_closes_the_first_day_is_the_next():
    limit = TimeLimit(1, Unit.WORKING_DAY, Starts.AT_ONCE)
    assert [due_at(at(moment), limit).at for moment in ("2026-11-23T17:29", "2026-11-23T17:30")] == [
        at("2026-11-23T17:30"),
        at("2026-11-24T17:30"),
    ]


def test_a_last_day_that_moves_over_the_weekend_into_a_pause_moves_on():
    pauses = [Pause(at("2026-11-23T00:00"), at("2026-11-23T18:00"), "asked the resident")]
    assert due_at(at("2026-11-20T10:00"), TimeLimit(1, Unit.DAY), pauses).at == at("2026-11-24T17:30")


@given(stories(most=6), st.integers(1, 6))
def test_more_time_is_never_due_earlier(story, more):
    start, limit, pauses = story
    assert due_at(start, limit, pauses, calendar=CALENDAR).at <= due_at(start, limit, pauses, extra=more, calendar=CALENDAR).at


@given(stories(most=6))
def test_a_pause_never_makes_it_due_earlier(story):
    start, limit, pauses = story
    dues = [due_at(start, limit, pauses[:count], calendar=CALENDAR).at for count in range(len(pauses) + 1)]
    assert dues == sorted(dues)


@given(stories(most=6), st.integers(0, 4000), st.integers(0, 4000))
def test_two_pauses_that_touch_are_one(story, one, two):
    start, limit, _pauses = story
    begin = start + MINUTE * 30
    middle, end = begin + MINUTE * one, begin + MINUTE * (one + two)
    whole = due_at(start, limit, [Pause(begin, end, "r")], calendar=CALENDAR)
    assert due_at(start, limit, [Pause(begin, middle, "r"), Pause(middle, end, "r")], calendar=CALENDAR) == whole


@given(stories(most=6))
def test_extending_is_the_same_as_a_longer_limit(story):
    start, limit, pauses = story
    longer = TimeLimit(limit.amount + 2, limit.unit, limit.starts, ends=limit.ends, rolls=limit.rolls)
    assert due_at(start, limit, pauses, extra=2, calendar=CALENDAR) == due_at(start, longer, pauses, calendar=CALENDAR)


def test_nothing_is_due_while_paused_but_what_was_due_stays_due():
    limit = TimeLimit(30, Unit.MINUTE)
    start = at("2026-11-23T10:00")
    assert due_at(start, limit, [Pause(at("2026-11-23T10:29"), None, "r")]) is None
    assert due_at(start, limit, [Pause(at("2026-11-23T10:30"), None, "r")]).at == at("2026-11-23T10:30")


@pytest.mark.parametrize(
    ("limit", "start", "due"),
    [
        # 法律援助法 43: seven days; the last is a Saturday, so the Monday after (民法典 203)
        (TimeLimit(7, Unit.DAY, source="法律援助法 43"), "2026-11-21T10:00", "2026-11-30T17:30"),
        # the same amount in working days
        (TimeLimit(7, Unit.WORKING_DAY), "2026-11-21T10:00", "2026-12-01T17:30"),
        # "not ours" within five working days, across the National Day with 20 September and 10 October worked
        (TimeLimit(5, Unit.WORKING_DAY, source="信访工作条例 23"), "2026-09-30T16:00", "2026-10-13T17:30"),
        # Spring Festival 2026, with Saturday 28 February worked
        (TimeLimit(8, Unit.WORKING_HOUR), "2026-02-14T16:30", "2026-02-25T09:00"),
        # three months from 30 November end on the last day of February: a Saturday (worked in exchange)
        (TimeLimit(3, Unit.MONTH, source="民诉法 164"), "2025-11-30T09:00", "2026-02-28T17:30"),
        # minutes run through the night and the holiday
        (TimeLimit(90, Unit.MINUTE), "2026-09-30T23:00", "2026-10-01T00:30"),
    ],
)
def test_known_cases(limit, start, due):
    expected = at(due)
    if limit.unit is Unit.WORKING_HOUR:  # 1 h on 14 February, 7 h on the 24th: the whole day, so its close
        expected = at("2026-02-24T17:30")
    assert due_at(at(start), limit, calendar=CALENDAR) == Due(expected, False)


def test_the_day_is_the_districts_not_that_of_utc():
    late_in_utc = datetime.fromisoformat("2026-11-22T16:30+00:00")  # Monday 00:30 in China
    early = datetime.fromisoformat("2026-11-22T15:59:59+00:00")  # still Sunday
    limit = TimeLimit(1, Unit.DAY)
    assert [due_at(moment, limit).at for moment in (early, late_in_utc)] == [at("2026-11-23T17:30"), at("2026-11-24T17:30")]


def test_a_due_time_in_a_year_without_a_notice_says_so():
    assert due_at(at("2026-12-30T10:00"), TimeLimit(3, Unit.WORKING_DAY), calendar=CALENDAR) == Due(at("2027-01-05T17:30"), True)
    assert due_at(at("2026-12-31T23:00"), TimeLimit(2, Unit.HOUR), calendar=CALENDAR).provisional is False


@pytest.mark.parametrize(
    ("amount", "unit", "moment", "answer"),
    [
        (-2, Unit.WORKING_DAY, "2026-10-08T17:30", "2026-09-29T17:30"),
        (1, Unit.WORKING_DAY, "2026-11-21T09:00", "2026-11-23T09:00"),
        (-1, Unit.WORKING_DAY, "2026-11-22T09:00", "2026-11-20T09:00"),
        (-4, Unit.WORKING_HOUR, "2026-11-23T10:00", "2026-11-20T14:30"),
        (-30, Unit.MINUTE, "2026-11-23T00:10", "2026-11-22T23:40"),
        (-1, Unit.DAY, "2026-11-23T17:30", "2026-11-22T17:30"),
        (1, Unit.MONTH, "2026-01-31T17:30", "2026-02-28T17:30"),
    ],
)
def test_shifting(amount, unit, moment, answer):
    assert shift(at(moment), amount, unit, CALENDAR) == at(answer)


@pytest.mark.parametrize(("amount", "extra"), [(0, {}), (-1, {}), (1.5, {}), (True, {}), (1, {"extendable": -1})])
def test_a_limit_is_a_whole_number_of_at_least_one(amount, extra):
    with pytest.raises(ValueError):
        TimeLimit(amount, Unit.DAY, **extra)
