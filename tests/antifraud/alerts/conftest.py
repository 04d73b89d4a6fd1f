"""Alerts in every state, brought there by the real actions, and the people of the line."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

import pytest

from antifraud.alerts.actions import assigning, closing, dissuading
from antifraud.alerts.actions.dissuading import Amounts, AttemptGiven
from antifraud.alerts.actions.receiving import receive_warnings
from antifraud.alerts.enums import AlertState as S
from antifraud.alerts.models import AlertPolicy, FraudAlert
from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN, VILLAGE, posted
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working day, the desk is open."""
SUNDAY = MONDAY - timedelta(days=1)
PHONE, OTHER_PHONE = "13800001234", "13900005678"
NAME = "欧阳慕容"
SOURCE = "police"
_numbers = count(1)


def row(**given) -> dict:
    """A warning as a source sends it."""
    return {
        "external_id": f"W-{next(_numbers)}",
        "phone": PHONE,
        "happened_at": "2026-11-23T08:55:00+08:00",
        "type": "authority",
        "grade": "medium",
        "name": NAME,
        "address": "柳新镇试验村3组12号",
        "area_code": GRID,
        "amount": "50000",
        **given,
    }


@pytest.fixture
def people(cast, people_with) -> dict[str, User]:
    """The cast, and the line: the anti-fraud desk (two), that of another town, the police of the village and of another town."""
    return cast | people_with(
        officer=posted(Role.ANTIFRAUD_OFFICER, DISTRICT),
        second_officer=posted(Role.ANTIFRAUD_OFFICER, DISTRICT),
        town_desk=posted(Role.ANTIFRAUD_OFFICER, TOWN),
        other_town_desk=posted(Role.ANTIFRAUD_OFFICER, OTHER_TOWN),
        police=posted(Role.COMMUNITY_POLICE, VILLAGE),
        other_police=posted(Role.COMMUNITY_POLICE, OTHER_TOWN),
        director=posted(Role.DIRECTOR, DISTRICT),
        village_officer=posted(Role.VILLAGE_OFFICER, VILLAGE),
    )


@pytest.fixture
def act(people, actor):
    """The actor of somebody: `act("officer")`."""
    return lambda name: actor(people[name])


@pytest.fixture
def receive(act):
    """Takes warnings in: `receive(row(), row(phone=…))`."""

    def take_in(*rows, now=MONDAY, source=SOURCE, who="officer", **more):
        return receive_warnings(actor=act(who), source=source, rows=rows, now=now, **more)

    return take_in


@pytest.fixture
def alert(receive):
    """One alert that a warning opened: `alert(grade="high")`. Without more it is offered to the grid worker."""

    def make(now=MONDAY, **given) -> FraudAlert:
        received = receive(row(**given), now=now)
        assert received.rejected == ()
        return FraudAlert.objects.get(code=received.opened[0])

    return make


TRIED = AttemptGiven(channel="visit", reached="yes", identity_checked=True, notes="已当面劝阻", beyond_limits="测试")
NOBODY = AttemptGiven(channel="visit", reached="no", beyond_limits="测试")


@pytest.fixture
def alert_in(alert, act, receive):
    """An alert in a state, with the worker of the grid, recorded by her, checked by the desk."""

    AlertPolicy.objects.update(desk_always_open=True)  # the suite runs at any hour

    def make(state: str) -> FraudAlert:
        made = alert(now=clock.now(), happened_at=clock.now().isoformat())
        worker, officer, pk = act("worker"), act("officer"), made.pk
        if state == S.NEW:
            assigning.pass_on(actor=worker, alert_id=pk, reason="不在本网格")
        elif state == S.MERGED:
            other = alert(type="loan")
            assigning.merge(actor=officer, alert_id=pk, into_code=other.code, reason="同一件事")
        elif state != S.ASSIGNED:
            assigning.accept(actor=worker, alert_id=pk)
            dissuading.record_attempt(actor=worker, alert_id=pk, attempt=NOBODY)
            dissuading.record_attempt(actor=worker, alert_id=pk, attempt=TRIED)
        if state == S.SNOOZED:
            assigning.snooze(actor=worker, alert_id=pk, until=clock.now() + timedelta(hours=1), reason="正在上班")
        elif state == S.HANDED_OVER:
            dissuading.hand_over(actor=worker, alert_id=pk, reason="多次联系不上")
        elif state in (S.RECORDED, S.CHECKED, S.CLOSED):
            amounts = Amounts(Decimal(50000), Decimal(2000), Decimal(48000), "after")
            dissuading.record_outcome(actor=worker, alert_id=pk, outcome="stopped", amounts=amounts)
            if state != S.RECORDED:
                closing.check_outcome(actor=officer, alert_id=pk)
            if state == S.CLOSED:
                closing.make_return_call(actor=officer, alert_id=pk, reached=True, is_safe=True)
                closing.close(actor=officer, alert_id=pk)
        made.refresh_from_db()
        assert made.state == state
        return made

    return make
