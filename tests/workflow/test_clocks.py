"""A clock's life: pauses, extensions, policy changes, storage."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.escalation import Rung, climbed_by, next_rung, rung_times
from tongshan_portal.workflow.extensions import Extension
from tongshan_portal.workflow.limits import TimeLimit, Unit

from .state_council import CHINA
from .test_due import at, stories

NOON = at("2026-11-23T12:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    return Clock(NOON, TimeLimit(4, Unit.HOUR, extendable=3))


def extension(amount=1, asked_at=NOON, **fields):
    return Extension(amount, "the owner is away", fields.pop("asked_by", 1), asked_at, fields.pop("approved_by", 2), asked_at, **fields)


def test_a_pause_holds_what_remains(clock):
    paused = clock.pause(NOON + HOUR, "asked the resident")
    assert (paused.due(), paused.is_paused) == (None, True)
    assert {paused.remaining(NOON + hours * HOUR) for hours in (1, 2, 50)} == {3 * HOUR}
    resumed = paused.resume(NOON + 50 * HOUR)
    assert resumed.due().at == NOON + 53 * HOUR
    assert resumed.elapsed(NOON + 51 * HOUR) == 2 * HOUR
    assert [pause.reason for pause in resumed.pauses] == ["asked the resident"]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda clock: clock.pause(NOON, "  "),
        lambda clock: clock.pause(NOON, "a").pause(NOON, "b"),
        lambda clock: clock.pause(NOON + 5 * HOUR, "too late"),
        lambda clock: clock.resume(NOON),
        lambda clock: clock.stop(NOON).stop(NOON),
        lambda clock: clock.stop(NOON).pause(NOON, "a"),
        lambda clock: clock.stop(NOON).resume(NOON),
        lambda clock: clock.stop(NOON).extend(extension()),
        lambda clock: clock.stop(NOON).under(TimeLimit(1, Unit.HOUR), "2"),
        lambda clock: clock.extend(extension(asked_at=NOON + 5 * HOUR)),
        lambda clock: clock.extend(extension(2)).extend(extension(2)),
        lambda clock: clock.extend(extension()).under(TimeLimit(1, Unit.DAY), "2"),
    ],
)
def test_refused(clock, attempt):
    with pytest.raises(DomainError):
        attempt(clock)


def test_a_clock_does_not_move_in_its_past(clock):
    for attempt in (
        lambda: clock.pause(NOON - HOUR, "a"),
        lambda: clock.stop(NOON - HOUR),
        lambda: clock.pause(NOON + HOUR, "a").resume(NOON),
    ):
        with pytest.raises(ValueError, match="past"):
            attempt()


@pytest.mark.parametrize("fields", [{"approved_by": 1}, {"approved_by": None}, {"asked_by": None}, {"amount": 0}])
def test_an_extension_needs_two_persons_and_some_time(fields):
    with pytest.raises(DomainError):
        extension(**fields)


def test_lateness_stays_when_the_clock_has_stopped(clock):
    stopped = clock.stop(NOON + 6 * HOUR)
    assert (stopped.is_overdue(NOON), stopped.is_overdue(NOON + 100 * HOUR)) == (False, True)
    assert stopped.lateness(NOON + 100 * HOUR) == 2 * HOUR
    assert not clock.is_overdue(NOON + 4 * HOUR)
    assert clock.is_overdue(NOON + 4 * HOUR + timedelta(microseconds=1))


def test_working_hours_remain_in_time_of_service():
    clock = Clock(at("2026-11-20T17:00"), TimeLimit(2, Unit.WORKING_HOUR))
    assert clock.remaining(at("2026-11-22T08:00")) == timedelta(hours=1.5)
    assert clock.lateness(at("2026-11-23T14:30")) == timedelta(hours=2.5)


def test_another_policy_keeps_pauses_and_extensions(clock):
    lived = clock.extend(extension()).pause(NOON + HOUR, "r").resume(NOON + 3 * HOUR)
    changed = lived.under(TimeLimit(8, Unit.HOUR), "2027-01")
    assert (changed.pauses, changed.extensions, changed.started_at) == (lived.pauses, lived.extensions, lived.started_at)
    assert (lived.due().at, changed.due().at) == (NOON + 7 * HOUR, NOON + 11 * HOUR)


@given(stories(most=6), st.booleans())
def test_what_is_stored_comes_back_equal(story, stopped):
    start, limit, pauses = story
    end = max([start, *(pause.until for pause in pauses)])
    clock = Clock(start, limit, pauses, (extension(2, start, kind="deferral"),), end if stopped else None, "v3")
    assert Clock.from_json(json.loads(json.dumps(clock.as_json()))) == clock


def test_an_unknown_version_is_refused(clock):
    with pytest.raises(ValueError, match="version 2"):
        Clock.from_json(clock.as_json() | {"version": 2})


RUNGS = (
    Rung("late", 1, Unit.WORKING_DAY, "director"),
    Rung("warn", -2, Unit.WORKING_HOUR, "lead"),
    Rung("due", 0, Unit.HOUR, "supervisor"),
)


def test_three_rungs_in_order_of_time():
    times = rung_times(at("2026-11-20T10:00"), at("2026-11-16T09:00"), RUNGS)
    assert times == (("warn", at("2026-11-19T16:30")), ("due", at("2026-11-20T10:00")), ("late", at("2026-11-23T10:00")))
    assert [next_rung(times, n) for n in range(4)] == [*(moment for _name, moment in times), None]
    assert climbed_by(times, 1, datetime(2026, 11, 30, tzinfo=CHINA)) == ("due", "late")
    assert [climbed_by(times, 1, at(moment)) for moment in ("2026-11-20T09:59", "2026-11-20T10:00")] == [(), ("due",)]


def test_a_short_limit_warns_at_once_not_before():
    start = at("2026-11-20T09:30")
    assert rung_times(at("2026-11-20T10:00"), start, RUNGS)[0] == ("warn", start)
