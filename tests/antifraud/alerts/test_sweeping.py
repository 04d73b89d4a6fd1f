"""What the portal does by itself: rungs, snoozes that are over."""

from datetime import timedelta

import pytest

from antifraud.alerts.actions import assigning, dissuading
from antifraud.alerts.actions.sweeping import sweep_alerts
from antifraud.alerts.models import FraudAlert
from tests.antifraud.alerts.conftest import MONDAY, NOBODY, row
from tests.conftest import GRID
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice, OutboxEvent

pytestmark = pytest.mark.django_db


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("deliveries__user__username", flat=True))


def test_the_sweep_climbs_each_rung_once_and_tells_the_right_people(alert, act):
    held = alert()  # medium: 30 minutes, reminded 10 before, the duty officer 30 after
    for minutes, climbed in ((19, 0), (20, 1), (21, 0), (30, 1), (59, 0), (60, 1), (90, 0)):
        assert sweep_alerts(now=MONDAY + timedelta(minutes=minutes)) == climbed, minutes
    assert (told("alert.warning"), told("alert.overdue")) == ({"worker"}, {"worker", "officer", "second_officer", "town_desk"})
    assert told("alert.escalated") == {"worker", "officer", "second_officer", "town_desk", "duty_officer"}
    entries = LedgerEntry.objects.filter(object_label=held.code).order_by("id").values_list("verb", flat=True)
    assert list(entries) == ["alert.received", "alert.overdue", "alert.escalated"]
    assert [held] == list(FraudAlert.objects.visible_to(act("duty_officer").scope))


def test_after_a_standstill_all_rungs_are_climbed_in_order(alert):
    alert()
    assert sweep_alerts(now=MONDAY + timedelta(hours=3)) == 3
    kinds = OutboxEvent.objects.filter(topic="alerts", user_ids=[]).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["alert.received", "alert.warning", "alert.overdue", "alert.escalated"]


def test_what_is_nobodys_reminds_the_desk(receive):
    receive(row(area_code="", address=""))
    sweep_alerts(now=MONDAY + timedelta(minutes=20))
    assert told("alert.warning") == {"officer", "second_officer"}


def test_a_snooze_that_is_over_comes_back_to_whoever_has_it_with_a_new_clock(alert, act):
    held = alert()
    assigning.accept(actor=act("worker"), alert_id=held.pk, now=MONDAY)
    until = MONDAY + timedelta(hours=2)
    assigning.snooze(actor=act("worker"), alert_id=held.pk, until=until, reason="正在手术", now=MONDAY + timedelta(minutes=5))
    assert sweep_alerts(now=until - timedelta(seconds=1)) == 0
    assert sweep_alerts(now=until) == 1
    held.refresh_from_db()
    assert (held.state, held.assignee.username, held.due_at, told("alert.woken")) == (
        "assigned", "worker", until + timedelta(minutes=30), {"worker"},
    )  # fmt: skip
    assert sweep_alerts(now=until) == 0


def test_nothing_falls_due_after_the_end(alert_in):
    held = alert_in("closed")
    assert (held.due_at, held.rung_at, sweep_alerts(now=held.closed_at + timedelta(days=30))) == (None, None, 0)


def test_attempts_do_not_stop_the_clock_before_somebody_spoke_to_the_person(alert, act):
    held = alert()
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=NOBODY, now=MONDAY + timedelta(minutes=5))
    assert sweep_alerts(now=MONDAY + timedelta(minutes=31)) == 2
    assert FraudAlert.objects.get().area_code == GRID
