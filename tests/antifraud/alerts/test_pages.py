"""Need-to-know: role × object × channel; the queue, the page, the form of an attempt, taking a warning in by hand, the numbers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from antifraud.alerts.actions import assigning, closing, dissuading
from antifraud.alerts.exports import AlertExporter
from antifraud.alerts.forms.steps import same_person
from antifraud.alerts.models import AlertPolicy, Attempt, FraudAlert, FraudWarning
from antifraud.alerts.queries import figures
from antifraud.alerts.queries.matter import alert_page
from grids.net.registry import measures, point_layers
from tests.antifraud.alerts.conftest import MONDAY, NAME, NOBODY, OTHER_PHONE, PHONE, SUNDAY, row
from tests.conftest import GRID, TOWN
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.events import Delivered
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.live.subscription import hears
from tongshan_portal.ui.board import counters_for
from tongshan_portal.ui.desk import waiting_for
from tongshan_portal.workflow.calendar import local

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, people):
    def get(who, address, **query):
        client.force_login(people[who])
        return client.get(address, query)

    return get


@pytest.fixture
def send(client, people):
    def post(who, address, **given):
        client.force_login(people[who])
        return client.post(address, given)

    return post


LINE = {"officer", "second_officer", "town_desk", "police"}
EVERYBODY = [
    "officer", "second_officer", "town_desk", "other_town_desk", "police", "other_police", "worker", "colleague", "village_officer",
    "town_officer", "other_town_officer", "duty_officer", "director", "mediator", "system_admin", "security_admin", "auditor", "stranger",
]  # fmt: skip
SEES = {
    "with the grid worker": LINE | {"worker"},
    "passed on": LINE,
    "with the police": LINE,
    "came while the desk was closed": LINE | {"duty_officer"},
    "recorded by the grid worker": LINE | {"worker"},
    "checked": LINE | {"worker"},
    "closed": LINE,
}
"""Who sees an alert of the first grid, as it stands."""
COUNTS = {"officer", "second_officer", "town_desk", "police", "worker", "village_officer", "town_officer", "duty_officer", "director"}
OPEN = {"with the grid worker", "passed on", "with the police", "came while the desk was closed"}


@pytest.fixture
def standing(alert, alert_in, act):
    """An alert of the first grid, as the words say."""

    def make(words: str) -> FraudAlert:
        states = {"passed on": "new", "recorded by the grid worker": "recorded", "checked": "checked", "closed": "closed"}
        if words in states:
            return alert_in(states[words])
        if words == "came while the desk was closed":
            AlertPolicy.objects.update(desk_always_open=False)
            return alert(now=SUNDAY, happened_at=SUNDAY.isoformat())
        held = alert()
        if words == "with the police":
            police = f"community_police:{GRID[:12]}:{act('police').user_id}"
            assigning.assign(actor=act("officer"), alert_id=held.pk, recipient=police)
        held.refresh_from_db()
        return held

    return make


@pytest.mark.parametrize("words", SEES)
def test_role_object_channel(standing, read, people, actor, words):
    """One object for everybody, through every channel: page, verbs, reveal, list, parts, export, home, live, choices, map, counters."""
    held = standing(words)
    event = OutboxEvent.objects.filter(topic="alerts", user_ids=[], line__alert=held.code).latest("id")
    named = OutboxEvent.objects.filter(topic="alerts", line__alert=held.code).exclude(user_ids=[]).filter(id__gt=event.id).first()
    for who in EVERYBODY:
        me, seen = actor(people[who]), who in SEES[words]
        found = {
            "page": read(who, reverse("alerts:show", args=[held.code])).status_code == 200,
            "attempt": read(who, reverse("alerts:attempt", args=[held.code])).status_code not in (404,),
            "step": read(who, reverse("alerts:step", args=[held.code, "accept"])).status_code not in (404,),
            "reveal": read(who, reverse("audit:reveal", args=["alerts.fraudalert", held.pk, "phone"])).status_code not in (403, 404),
            "list": len(getattr(read(who, reverse("alerts:index"), view="all"), "context", None).get("lines", [])) == 1,
            "warnings": FraudWarning.objects.visible_to(me.scope).filter(alert=held).exists(),
            "rows": FraudAlert.objects.visible_to(me.scope).filter(pk=held.pk).exists(),
        }
        over = words in ("recorded by the grid worker", "checked") and who == "worker"  # she sees what became of it, not the number
        assert found == {**dict.fromkeys(found, seen), "reveal": seen and not over}, who
        exported = AlertExporter().rows(me, QueryDict("")).filter(pk=held.pk).exists()
        assert (exported, bool(me.scope.reaches_for("alerts.export"))) == (
            seen,
            who in {"officer", "second_officer", "town_desk", "other_town_desk"},
        )
        assert hears(me.scope, _delivered(event)) == (who in LINE), who
        if named is not None:
            assert hears(me.scope, _delivered(named)) == (me.user_id in named.user_ids), who
            assert me.user_id not in named.user_ids or seen
        assert bool(same_person(me, held)) is False
        if not seen:
            assert [one for one in waiting_for(me) if held.code in one.href] == []
        counted = words in OPEN and who in COUNTS
        assert sum(figures.open_by_area(me, 15, "").values()) == int(counted), who
        counters = {one.name: one.count(me).number for one in counters_for(me.scope)}
        assert counters.get("alerts_open", 0) == int(counted), who
    assert "alerts" in measures
    assert not [name for name in point_layers if "alert" in name]


def _delivered(event: OutboxEvent) -> Delivered:
    return Delivered(1, event.topic, event.kind, event.area_code, tuple(event.user_ids), b"")


@pytest.mark.parametrize("who", ["town_officer", "director", "village_officer", "colleague", "other_town_officer"])
def test_who_only_counts_meets_no_name_number_code_or_type(alert, read, who):
    held = alert()
    page = read(who, reverse("alerts:figures"))
    text = page.content.decode()
    shown = text.split("</form>")[-1]  # the filter offers every type of the dictionary
    assert page.status_code == 200
    assert not [word for word in (held.code, PHONE, "138****1234", "欧阳") if word in text] + [
        word for word in ("冒充公检法",) if word in shown
    ]


@pytest.mark.parametrize("who", ["mediator", "auditor", "system_admin", "stranger"])
def test_who_does_not_count_gets_no_numbers(read, who, people):
    assert read(who, reverse("alerts:figures")).status_code == 403


def test_the_page_shows_masks_script_checklist_and_no_number(alert, read):
    held = alert()
    text = read("worker", reverse("alerts:show", args=[held.code])).content.decode()
    assert [word for word in ("138****1234", "欧阳**", "安全账户", "到就近派出所核实") if word not in text] == []
    assert [word for word in (PHONE, NAME, "3组12号") if word in text] == []


def test_a_reveal_takes_a_reason_which_the_ledger_keeps(alert, send):
    held = alert()
    address = reverse("audit:reveal", args=["alerts.fraudalert", held.pk, "phone"])
    assert PHONE not in send("worker", address, reason="").content.decode()
    assert PHONE in send("worker", address, reason="电话劝阻").content.decode()
    assert LedgerEntry.objects.filter(object_label=held.code, reason="电话劝阻").count() == 1


def test_the_queue_is_in_order_of_urgency(receive, read):
    blank = {"area_code": "", "address": ""}
    low, high, medium = (
        receive(row(grade=grade, phone=phone, **blank)).opened[0]
        for grade, phone in (("low", PHONE), ("high", OTHER_PHONE), ("medium", "13700000001"))
    )
    lines = read("officer", reverse("alerts:index"), each="1").context["lines"]
    assert [line.row.code for line in lines] == [high, medium, low]


@pytest.mark.parametrize(
    ("view", "number"), [("now", 1), ("open", 1), ("overdue", 1), ("snoozed", 0), ("check", 0), ("closed", 0), ("all", 1)]
)
def test_each_tab_shows_its_rows(alert, read, view, number):
    alert()
    assert len(read("worker", reverse("alerts:index"), view=view).context["lines"]) == number


def test_filters_narrow_the_list(alert, read):
    held = alert()
    for query, number in (
        ({"grade": "high"}, 0),
        ({"grade": "medium"}, 1),
        ({"area": TOWN}, 1),
        ({"code": held.code[:9].lower()}, 1),
        ({"code": "X"}, 0),
    ):
        assert len(read("officer", reverse("alerts:index"), view="all", **query).context["lines"]) == number, query


def test_fifty_alerts_ask_no_more_than_one(receive, read):
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            read("officer", reverse("alerts:index"), view="all")
        return sum("alerts_" in one["sql"] for one in questions)

    receive(row())
    one = asked()
    receive(*[row(phone=f"1370000{number:04d}") for number in range(49)])
    assert (asked(), one) == (3, 3)  # the page, the count, the types of the filter


def test_the_next_one_leads_to_the_most_urgent(alert, send):
    held = alert()
    assert send("worker", reverse("alerts:next"))["Location"] == reverse("alerts:show", args=[held.code])
    assert send("colleague", reverse("alerts:next"))["Location"] == reverse("alerts:index")
    assert send("director", reverse("alerts:next")).status_code == 403


def test_one_tap_records_an_attempt(alert, send):
    held = alert()
    AlertPolicy.objects.update(quiet_from="00:00", quiet_until="00:00")
    answer = send("worker", reverse("alerts:attempt", args=[held.code]), channel="visit", reached="no")
    assert (answer.status_code, answer["Location"]) == (302, reverse("alerts:show", args=[held.code]))
    kept = Attempt.objects.get()
    assert (kept.channel, kept.reached, kept.by.username, kept.beyond_limits) == ("visit", "no", "worker", "")


def test_outside_the_limits_the_form_asks_why_and_keeps_what_was_typed(alert, send, read):
    held = alert()
    AlertPolicy.objects.update(calls_per_day=0, quiet_from="00:00", quiet_until="00:00")
    address = reverse("alerts:attempt", args=[held.code])
    answer = send("worker", address, channel="call", reached="no", notes="关机")
    text = answer.content.decode()
    assert (answer.status_code, Attempt.objects.count(), "关机" in text, 'name="beyond_limits"' in text) == (422, 0, True, True)
    send("worker", address, channel="call", reached="no", notes="关机", beyond_limits="正在转账")
    assert Attempt.objects.get().beyond_limits == "正在转账"


def test_an_attempt_without_an_answer_is_refused(alert, send):
    held = alert()
    assert send("worker", reverse("alerts:attempt", args=[held.code]), channel="visit").status_code == 422
    assert Attempt.objects.count() == 0


def test_every_verb_has_its_page(alert_in, read, send):
    for state, verb, who in (
        ("new", "assign", "officer"), ("new", "place", "officer"), ("assigned", "accept", "worker"), ("assigned", "pass_on", "worker"),
        ("being_reached", "escalate", "worker"), ("being_reached", "record_outcome", "worker"), ("being_reached", "hand_over", "worker"),
        ("being_reached", "snooze", "worker"), ("being_reached", "merge", "officer"), ("being_reached", "regrade", "officer"),
        ("being_reached", "call_off", "officer"), ("being_reached", "send_advice", "worker"), ("recorded", "check_outcome", "officer"),
        ("recorded", "send_back", "police"), ("checked", "make_return_call", "officer"), ("checked", "close", "officer"),
        ("closed", "reopen", "officer"),
    ):  # fmt: skip
        held = alert_in(state)
        assert read(who, reverse("alerts:step", args=[held.code, verb])).status_code == 200, verb
        FraudWarning.objects.all().delete()
        FraudAlert.objects.all().delete()


def test_the_outcome_is_recorded_and_checked_on_its_pages(alert_in, send):
    held = alert_in("being_reached")
    given = {"result": "stopped", "at_risk": "50000", "transferred": "2000", "money_went": "after", "stopped": "48000", "notes": "已止付"}
    send("worker", reverse("alerts:step", args=[held.code, "record_outcome"]), **given)
    held.refresh_from_db()
    assert (held.state, held.amount_stopped, held.loss_avoided) == ("recorded", 48000, None)
    assert send("worker", reverse("alerts:step", args=[held.code, "check_outcome"])).status_code == 403
    send("officer", reverse("alerts:step", args=[held.code, "check_outcome"]), loss_avoided="40000")
    held.refresh_from_db()
    assert (held.state, held.loss_avoided) == ("checked", 40000)


def test_when_the_money_went_is_asked_refused_kept_in_the_form_and_shown_in_the_course(alert_in, send, read, act):
    held = alert_in("being_reached")
    address, went_at = reverse("alerts:step", args=[held.code, "record_outcome"]), held.received_at - timedelta(hours=2)
    given = {"result": "defrauded", "at_risk": "50000", "transferred": "50000", "money_went_at": f"{local(went_at):%Y-%m-%dT%H:%M}"}
    for more, wrong in (
        ({"money_went_at": ""}, "money_went"),
        ({"money_went": "after"}, "money_went"),
        ({"transferred": ""}, "transferred"),
    ):
        answer = send("worker", address, **given | more)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    held.refresh_from_db()
    assert (held.state, held.money_went) == ("being_reached", "")
    send("worker", address, **given)
    held.refresh_from_db()
    assert (held.state, held.money_went, held.money_went_at) == ("recorded", "before", went_at.replace(second=0, microsecond=0))
    course = alert_page(act("officer"), held).course
    assert (course[0].went, course[1].source) == (held.get_money_went_display(), "police")  # the money, then the warning
    text = read("officer", reverse("alerts:show", args=[held.code])).content.decode()
    assert text.count('class="went"') == 1
    closing.send_back(actor=act("officer"), alert_id=held.pk, reason="再核转账时间")
    form = read("worker", address).context["form"]
    assert [form[name].initial for name in ("transferred", "money_went", "money_went_at")] == [50000, "before", held.money_went_at]


def test_a_verb_that_came_too_late_goes_back_with_a_sentence(alert, read):
    held = alert()
    answer = read("officer", reverse("alerts:step", args=[held.code, "check_outcome"]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("alerts:show", args=[held.code]))
    assert read("officer", reverse("alerts:step", args=[held.code, "nonsense"])).status_code == 404


def given(**more):
    return {
        "phone": PHONE, "name": NAME, "type": "authority", "grade": "high", "amount": "1000",
        "happened_at": MONDAY.strftime("%Y-%m-%dT%H:%M"),
        "area_code": GRID, "key": str(uuid4()), **more,
    }  # fmt: skip


def test_a_warning_is_taken_in_by_hand_once(people, send):
    form = given()
    first = send("officer", reverse("alerts:new"), **form)
    held = FraudAlert.objects.get()
    assert (first["Location"], held.source, held.grade) == (reverse("alerts:show", args=[held.code]), "by_hand", "high")
    send("officer", reverse("alerts:new"), **form)
    assert (FraudAlert.objects.count(), FraudWarning.objects.count()) == (1, 1)


def test_what_cannot_be_taken_stands_beside_its_field(people, send):
    answer = send("officer", reverse("alerts:new"), **given(phone="12"))
    assert (answer.status_code, list(answer.context["form"].errors), FraudAlert.objects.count()) == (422, ["phone"], 0)
    assert NAME in answer.content.decode()


@pytest.mark.parametrize("who", ["worker", "police", "town_officer", "director", "stranger"])
def test_only_the_desk_takes_warnings_in_by_hand(people, send, who):
    assert (send(who, reverse("alerts:new"), **given()).status_code, FraudAlert.objects.count()) == (403, 0)


def test_the_export_is_masked(receive, act):
    receive(row())
    held = FraudAlert.objects.get()
    values = [column.value(held) for column in AlertExporter.columns]
    assert ("138****1234" in values, PHONE in values, NAME in values, [one.plain for one in AlertExporter.columns if one.plain]) == (
        True,
        False,
        False,
        [],
    )


def test_the_home_of_the_desk_shows_what_waits(alert, read):
    held = alert()
    address = reverse("alerts:show", args=[held.code])
    assert address in read("worker", reverse("home")).content.decode()
    assert address not in read("colleague", reverse("home")).content.decode()


def test_an_accepted_alert_is_seen_by_nobody_else_at_the_desk(alert, act, person, people):
    from tongshan_portal.accounts.enums import Role

    people["twin"] = person("twin", Role.GRID_WORKER, GRID)
    held = alert()
    assert [FraudAlert.objects.visible_to(act(who).scope).count() for who in ("worker", "twin")] == [1, 1]
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=NOBODY, now=MONDAY + timedelta(minutes=1))
    assert [FraudAlert.objects.visible_to(act(who).scope).count() for who in ("worker", "twin")] == [1, 0]
