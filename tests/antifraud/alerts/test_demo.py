"""The demo's history of alerts."""

import pytest
from django.core.management import CommandError, call_command

from antifraud.alerts.models import FraudAlert, FraudWarning
from grids.areas.models import Area
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock
from tongshan_portal.live.models import Delivery

pytestmark = pytest.mark.django_db
OTHER_VILLAGE = OTHER_TOWN + "201"


@pytest.mark.parametrize("demo", [False, True])
def test_made_up_alerts_are_for_a_demo_with_its_people_alone(settings, demo):
    settings.DEMO_MODE = demo
    with pytest.raises(CommandError):
        call_command("demo_alerts", verbosity=0)
    assert FraudAlert.objects.unscoped("a test").count() == 0


def test_the_demo_has_a_finished_history_that_says_it_is_made_up_and_comes_once(people, settings, person):
    settings.DEMO_MODE = True
    for name, role, area in (
        ("antifraud", Role.ANTIFRAUD_OFFICER, DISTRICT), ("duty", Role.DUTY_OFFICER, DISTRICT),
        ("grid-worker", Role.GRID_WORKER, GRID), ("grid-worker-2", Role.GRID_WORKER, NEXT_GRID),
    ):  # fmt: skip
        person(name, role, area)
    Posting.objects.exclude(user__username__in=["antifraud", "police", "duty", "grid-worker", "grid-worker-2"]).delete()
    Area.objects.get_or_create(code=OTHER_VILLAGE, defaults={"name": "茅村村"})
    Area.objects.create(code=OTHER_VILLAGE + "001", name="第001网格")
    for _turn in range(2):
        call_command("demo_alerts", number=40, verbosity=0)
    rows = FraudAlert.objects.unscoped("a test")
    assert (rows.count(), set(rows.values_list("state", "is_simulated")), FraudWarning.objects.count()) == (40, {("closed", True)}, 40)
    assert {one.outcome for one in rows} >= {"stopped", "defrauded", "false_alarm", "unreachable", "not_listening"}
    assert {one.money_went for one in rows} == {"", "before", "after", "unknown"}
    assert [one.code for one in rows if one.closed_at > clock.now()] == []
    assert Delivery.objects.filter(read_at=None).count() == 0
