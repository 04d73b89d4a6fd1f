"""A wave of warnings comes in while web, worker, beat, Redis and PostgreSQL are killed with -9: each is taken once and shown once.

`./portal bench chaos_warnings` does the same with 20,000 of them.
"""

from types import SimpleNamespace

import pytest
from django.db import connection

from antifraud.alerts.models import FraudAlert, FraudWarning
from bench.chaos_rig import exercise, warning_exercise
from bench.chaos_rig.warning_checker import Accepted, WarningVerdict, _verdict, judge
from tests.antifraud.alerts.conftest import *  # noqa: F403 - the cast of the alerts
from tests.antifraud.alerts.conftest import OTHER_PHONE, row
from tests.conftest import DISTRICT, OTHER_TOWN, TOWN
from tongshan_portal.live.models import OutboxEvent

pytestmark = pytest.mark.chaos
SECONDS, COUNT, SIZE = 12, 2000, 50


def test_every_accepted_warning_is_taken_once_and_shown_once_while_processes_are_killed(under_fire):
    found = warning_exercise.on(under_fire, SECONDS, count=COUNT, size=SIZE)
    assert found.verdict == WarningVerdict()
    assert (found.problems, found.accepted) == ([], COUNT)
    assert (found.missed, found.twice, found.outside) == (0, 0, 0)
    assert found.settled_after < exercise.SETTLES
    assert [kind for kind, count in found.kills.items() if count == 0] == []
    assert "0 faults" in found.chain


def _check(accepted: Accepted) -> dict[str, int]:
    """What is wrong, by the checker in this test's own transaction."""
    with connection.cursor() as cursor:
        return {name: count for name, count in _verdict(cursor, accepted, "EX").as_dict().items() if count}


@pytest.mark.django_db
def test_the_checker_sees_what_was_lost_and_what_was_done_twice(receive):
    """The negative controls, one after the other over the same rows."""
    received = receive(row(external_id="EX-1"), row(external_id="EX-2", phone=OTHER_PHONE))
    accepted = Accepted(dict(received.alert_of))
    assert _check(accepted) == {}
    accepted.codes["EX-LOST"] = ""
    assert _check(accepted) == {"lost": 1}
    del accepted.codes["EX-LOST"]
    assert _check(Accepted({"EX-1": accepted.codes["EX-2"]})) == {"other_alert": 1}
    receive(row(external_id="EX-1"), source="bank")
    assert _check(accepted) == {"doubled": 1}
    FraudWarning.objects.unscoped("a control").filter(source="bank")._raw_delete("default")
    assert _check(accepted)["miscounted"] == 1
    FraudAlert.objects.filter(code=accepted.codes["EX-1"]).update(warnings_joined=1)
    OutboxEvent.objects.filter(kind="alert.joined").delete()
    assert _check(accepted) == {"without_entry": 1}


@pytest.mark.django_db
def test_the_checker_sees_a_second_alert_a_missing_task_and_a_missing_event(receive):
    received = receive(row(external_id="EX-1"))
    accepted = Accepted(dict(received.alert_of))
    held = FraudAlert.objects.get()
    held.tasks.all().delete()
    OutboxEvent.objects.filter(topic="alerts", user_ids=[]).delete()
    assert _check(accepted) == {"without_task": 1, "without_event": 1}
    receive(row(external_id="EX-2", type="loan"))
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX alert_open_once")  # rolled back with the test
    FraudAlert.objects.exclude(pk=held.pk).update(type=held.type)
    assert _check(accepted)["twice_open"] == 1


def test_a_page_that_misses_repeats_or_shows_too_much_is_seen():
    events = [(1, "alert.received", "FA-1", TOWN), (2, "alert.received", "FA-2", TOWN), (3, "alert.received", "FA-3", OTHER_TOWN)]
    one, two, three = ((kind, code) for _position, kind, code, _area in events)

    def page(*shown, has=(1, 2, 3)):
        return SimpleNamespace(shown=list(shown), has=lambda position: position in has)

    assert judge(page(one, two), TOWN, events) == (0, 0, 0)
    assert judge(page(one, has=(1,)), TOWN, events) == (1, 0, 0)
    assert judge(page(one, two, two), TOWN, events) == (0, 1, 0)
    assert judge(page(one, two, three), TOWN, events) == (0, 0, 1)
    assert judge(page(one), "", events) == (0, 0, 1)
    assert judge(page(one, two, three, ("alert.received", "of the demo")), DISTRICT, events) == (0, 0, 0)
