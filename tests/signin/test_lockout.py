"""Lock-out: how many failures, where, and whom it must not touch."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from tongshan_portal.signin import lockout
from tongshan_portal.signin.models import Counter

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HOME, AWAY = "10.1.1.1", "203.0.113.9"


def fail(name: str, address: str, times: int, now: datetime = NOW) -> list[lockout.Attempt]:
    return [lockout.reserve(name, address, now=now) for _ in range(times)]


@pytest.mark.django_db
class TestOneAccountFromOneAddress:
    def test_the_fifth_failure_starts_a_wait_and_the_sixth_is_not_made(self):
        made = fail("wang", HOME, 6)
        until = NOW + timedelta(minutes=15)
        assert [(a.wait_until, a.locks_until) for a in made] == [(None, None)] * 4 + [(None, until), (until, None)]

    def test_the_wait_ends_when_it_was_said_to_end(self):
        until = fail("wang", HOME, 5)[-1].locks_until
        assert lockout.reserve("wang", HOME, now=until - timedelta(seconds=1)).wait_until == until
        assert lockout.reserve("wang", HOME, now=until).wait_until is None

    def test_trying_while_waiting_does_not_lengthen_the_wait(self):
        until = fail("wang", HOME, 5)[-1].locks_until
        waits = fail("wang", HOME, 50, NOW + timedelta(minutes=10))
        assert {a.wait_until for a in waits} == {until}

    def test_success_clears_the_count(self):
        attempt = fail("wang", HOME, 4)[-1]
        lockout.succeeded(attempt, now=NOW)
        assert [a.locks_until for a in fail("wang", HOME, 4)] == [None] * 4

    def test_a_right_password_at_the_last_place_takes_the_wait_away(self):
        attempt = fail("wang", HOME, 5)[-1]
        lockout.succeeded(attempt, now=NOW)
        assert lockout.reserve("wang", HOME, now=NOW).wait_until is None

    @pytest.mark.parametrize("spelling", ["WANG", " wang ", "Wang"])
    def test_spelling_opens_no_second_budget(self, spelling):
        fail("wang", HOME, 5)
        assert lockout.reserve(spelling, HOME, now=NOW).wait_until is not None


@pytest.mark.django_db
class TestOthersAreNotLockedOut:
    def test_a_colleague_behind_the_same_address_signs_in(self):
        fail("wang", HOME, 6)
        assert lockout.reserve("li", HOME, now=NOW).wait_until is None

    def test_guesses_from_outside_do_not_keep_the_owner_out(self):
        lockout.succeeded(lockout.reserve("wang", HOME, now=NOW), now=NOW)
        for number in range(10):
            fail("wang", f"203.0.113.{number}", 5)
        assert lockout.reserve("wang", AWAY, now=NOW).wait_until == NOW + timedelta(minutes=1)
        assert lockout.reserve("wang", HOME, now=NOW).wait_until is None

    def test_an_address_is_home_for_thirty_days(self):
        lockout.succeeded(lockout.reserve("wang", HOME, now=NOW), now=NOW)
        later = NOW + timedelta(days=31)
        for number in range(10):
            fail("wang", f"203.0.113.{number}", 5, later)
        assert lockout.reserve("wang", HOME, now=later).wait_until == later + timedelta(minutes=1)


@pytest.mark.django_db
class TestOneAccountFromEverywhere:
    def test_past_its_budget_one_attempt_a_minute(self):
        for number in range(4):
            fail("wang", f"203.0.113.{number}", 5)
        assert lockout.reserve("wang", "203.0.113.50", now=NOW).wait_until == NOW + timedelta(minutes=1)
        minute = NOW + timedelta(minutes=1)
        assert lockout.reserve("wang", "203.0.113.50", now=minute).wait_until is None
        assert lockout.reserve("wang", "203.0.113.51", now=minute).wait_until == minute + timedelta(minutes=1)


@pytest.mark.django_db
class TestManyAccountsFromOneAddress:
    def test_the_hundredth_failure_closes_the_address(self):
        made = [lockout.reserve(f"name{number}", AWAY, now=NOW) for number in range(101)]
        assert [bool(a.wait_until) for a in made] == [False] * 100 + [True]

    def test_an_ipv6_line_is_one_address(self):
        for number in range(100):
            lockout.reserve(f"name{number}", f"2001:db8:1:2::{number:x}", now=NOW)
        assert lockout.reserve("another", "2001:db8:1:2:ffff::1", now=NOW).wait_until is not None
        assert lockout.reserve("another", "2001:db8:1:3::1", now=NOW).wait_until is None


@pytest.mark.django_db
def test_neither_names_nor_addresses_are_kept():
    fail("wang", HOME, 5)
    kept = " ".join(f"{row.key} {row}" for row in Counter.objects.all())
    assert ("wang" in kept, HOME in kept) == (False, False)


@pytest.mark.django_db
def test_sweep_removes_what_decides_nothing():
    fail("wang", HOME, 5)
    lockout.succeeded(lockout.reserve("li", HOME, now=NOW), now=NOW)
    lockout.sweep(now=NOW + timedelta(days=2))
    assert list(Counter.objects.values_list("kind", flat=True)) == ["known"]
    lockout.sweep(now=NOW + timedelta(days=31))
    assert Counter.objects.count() == 0


@pytest.mark.django_db
def test_a_code_is_spent_once():
    assert [lockout.spend(1, "123456", now=NOW), lockout.spend(1, "123456", now=NOW), lockout.spend(2, "123456", now=NOW)] == [
        True,
        False,
        True,
    ]


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_share_one_budget():
    def guess(_):
        try:
            return lockout.reserve("wang", HOME, now=NOW).wait_until is None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(guess, range(24)))
    assert sum(made) == 5
