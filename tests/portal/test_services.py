"""Embedded services end with the last command that uses them."""

import os

import pytest

from tongshan_portal import embedded
from tongshan_portal.launcher import services

pytestmark = [pytest.mark.chaos, pytest.mark.usefixtures("no_services_given")]


def as_another_command():
    """What a second process of the same folder finds: no address in its environment yet."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)


def test_what_a_command_started_it_stops(folder):
    with services.ensured(folder) as names:
        assert (names, embedded.is_running(folder)) == (["postgres", "redis"], True)
    assert not embedded.is_running(folder)


def test_what_was_running_before_is_left_running(folder):
    embedded.start_redis(folder)
    with services.ensured(folder):
        pass
    assert embedded.answers(folder, "redis")
    embedded.stop(folder)


def test_a_command_that_ends_first_leaves_them_to_the_other(folder):
    first = services.ensured(folder)
    first.__enter__()
    as_another_command()
    with services.ensured(folder, leave_running=False):
        as_another_command()
    assert embedded.is_running(folder)
    first.__exit__(None, None, None)
    assert not embedded.is_running(folder)


def test_the_later_one_stops_what_the_first_could_not(folder):
    first, later = services.ensured(folder), services.ensured(folder)
    first.__enter__()
    as_another_command()
    later.__enter__()
    first.__exit__(None, None, None)
    assert embedded.is_running(folder)
    later.__exit__(None, None, None)
    assert not embedded.is_running(folder)


def test_servers_of_the_environment_are_used_and_left_alone(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/portal")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
    with services.ensured(folder) as names:
        assert (names, embedded.is_running(folder)) == ([], False)
