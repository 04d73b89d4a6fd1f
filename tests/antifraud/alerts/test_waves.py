"""Waves in the queue, and one deed for many of their alerts: each by its own right, none that nobody has read as it is now."""

from datetime import timedelta

import pytest
from django.urls import reverse

from antifraud.alerts.actions import assigning, closing, grading
from antifraud.alerts.actions.in_bulk import do_in_bulk
from antifraud.alerts.actions.opening import note_opening
from antifraud.alerts.models import AlertPolicy, FraudAlert
from antifraud.alerts.queries.waves import waves_in
from antifraud.registrations.models import Message
from tests.antifraud.alerts.conftest import MONDAY, OTHER_PHONE, PHONE, row
from tests.conftest import GRID, NEXT_GRID, VILLAGE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.workflow.in_bulk import MOST, Ticked

pytestmark = pytest.mark.django_db
SITE = "www.jd-kefu.example"
PHONES = [f"1370000000{number}" for number in range(5)]


@pytest.fixture
def wave(receive, act):
    """Three alerts of one type, source and site, read by the officer: `wave(3)`."""

    def make(number=3, **given) -> list[FraudAlert]:
        AlertPolicy.objects.update(desk_always_open=True, quiet_from="00:00", quiet_until="00:00")
        received = receive(*[row(phone=phone, claimed=SITE, **given) for phone in PHONES[:number]], now=clock.now())
        rows = list(FraudAlert.objects.filter(code__in=received.opened).order_by("pk"))
        for one in rows:
            note_opening(actor=act("officer"), row=one)
        return rows

    return make


def codes(waves) -> list[set[str]]:
    return [set(FraudAlert.objects.filter(pk__in=one.keys).values_list("code", flat=True)) for one in waves]


def test_a_wave_is_of_one_type_source_and_claimed_site_close_in_time(receive):
    alike = [row(phone=phone, claimed=site) for phone, site in zip(PHONES, (SITE, SITE.upper(), f" {SITE} "), strict=False)]
    first = receive(*alike)
    receive(row(phone=PHONES[3], claimed="www.other.example"), row(phone=PHONES[4]))  # another site, none at all
    receive(row(phone="13600000001", claimed=SITE, type="loan"), row(phone="13600000002", claimed=SITE, grade="high"), now=MONDAY)
    receive(row(phone="13600000003", claimed=SITE), source="bank")
    later = receive(row(phone="13600000004", claimed=SITE), now=MONDAY + timedelta(hours=6))
    receive(row(phone="13600000005", claimed=SITE), now=MONDAY + timedelta(hours=12, minutes=1))
    (found,) = waves_in(FraudAlert.objects.open(), MONDAY)
    assert codes([found]) == [{*first.opened, *later.opened, FraudAlert.objects.get(grade="high").code}]
    assert (found.number, [(str(grade), number) for grade, _tone, number in found.grades]) == (5, [("高", 1), ("中", 4)])
    assert (found.claimed.strip(), found.unassigned, found.first, found.due) == (SITE, 0, MONDAY, MONDAY + timedelta(minutes=10))
    AlertPolicy.objects.update(wave_from=6)
    assert waves_in(FraudAlert.objects.open(), MONDAY) == []


def test_the_queue_shows_a_wave_as_one_line_and_its_alerts_on_demand(wave, receive, client, people):
    rows = wave()
    single = receive(row(phone=PHONE, type="loan"), now=clock.now()).opened[0]
    client.force_login(people["officer"])
    together = client.get(reverse("alerts:index"), {"view": "open"}).context
    apart = client.get(reverse("alerts:index"), {"view": "open", "each": "1"}).context
    page = client.get(together["waves"][0].href).context
    assert (codes(together["waves"]), [line.row.code for line in together["lines"]]) == ([{one.code for one in rows}], [single])
    assert (apart["waves"], len(apart["lines"]), together["count"].number) == ([], 4, 4)
    assert {line.row.code for line in page["lines"]} == {one.code for one in rows}
    assert [verb for verb, _label in page["deeds"]] == ["assign", "snooze", "send_advice", "call_off", "merge"]
    client.force_login(people["worker"])  # she sees her own, and does nothing to many
    hers = client.get(together["waves"][0].href).context
    assert (len(hers["lines"]), hers["deeds"]) == (3, [])
    client.force_login(people["colleague"])
    assert client.get(together["waves"][0].href).status_code == 404


def ticked(rows) -> list[Ticked]:
    return [Ticked(one.code, one.changed_at) for one in rows]


def states(rows) -> list[str]:
    return [FraudAlert.objects.get(pk=one.pk).state for one in rows]


def test_the_desk_assigns_snoozes_advises_and_calls_off_what_it_ticked_with_one_entry_each(wave, act, people):
    rows, officer = wave(), act("officer")
    deeds = [
        ("assign", {"recipient": "each:community_police"}, "assigned", "alert.assigned"),
        ("send_advice", {}, "assigned", "alert.advised"),
        ("snooze", {"until": clock.now() + timedelta(hours=2), "reason": "等待来源核实"}, "snoozed", "alert.snoozed"),
        ("call_off", {"reason": "来源已撤回"}, "recorded", "alert.called_off"),
    ]
    for verb, data, state, entry in deeds:
        rows = [FraudAlert.objects.get(pk=one.pk) for one in rows]
        outcomes = do_in_bulk(actor=officer, verb=verb, ticked=ticked(rows), data=data)
        assert [one.done for one in outcomes] == [True] * 3, outcomes
        assert (states(rows), LedgerEntry.objects.filter(verb=entry).count()) == ([state] * 3, 3), verb
    assert set(FraudAlert.objects.values_list("goes", "outcome", "recorded_by__username", "loss_avoided")) == {
        ("community_police", "false_alarm", "officer", None)
    }
    assert Message.objects.count() == 3
    with pytest.raises(NotAllowed):  # the second person's check is kept
        closing.check_outcome(actor=officer, alert_id=rows[0].pk)
    assert closing.check_outcome(actor=act("second_officer"), alert_id=rows[0].pk).state == "checked"
    assert closing.send_back(actor=act("second_officer"), alert_id=rows[1].pk, reason="来源未撤回").state == "being_reached"


def test_what_nobody_opened_or_changed_since_or_is_not_hers_is_refused_and_the_others_go(wave, receive, act):
    AlertPolicy.objects.update(wave_from=2)
    rows = wave(3)
    unread = FraudAlert.objects.get(code=receive(row(phone=PHONES[3], claimed=SITE), now=clock.now()).opened[0])
    chosen = [*ticked(rows), Ticked(unread.code, unread.changed_at), Ticked("FA000000-NOTHING")]
    receive(row(phone=PHONES[1], claimed=SITE), now=clock.now())  # a further warning changes the second
    before = states([rows[1], unread])
    outcomes = do_in_bulk(actor=act("officer"), verb="call_off", ticked=chosen, data={"reason": "来源已撤回"})
    assert [(one.done, one.unread) for one in outcomes] == [(True, False), (False, False), (True, False), (False, True), (False, False)]
    assert (states([rows[1], unread]), before) == (before, ["assigned", "assigned"])
    again = do_in_bulk(actor=act("officer"), verb="call_off", ticked=chosen[:1], data={"reason": "来源已撤回"})  # the second of two clicks
    assert ([one.done for one in again], LedgerEntry.objects.filter(verb="alert.called_off").count()) == ([False], 2)
    note_opening(actor=act("worker"), row=unread)  # one pair of eyes is what it takes
    assert do_in_bulk(actor=act("officer"), verb="call_off", ticked=[chosen[3]], data={"reason": "来源已撤回"})[0].done


def test_each_goes_to_the_desk_of_its_own_place_or_to_one_person_for_all(receive, act, people):
    held = [
        FraudAlert.objects.get(code=receive(row(phone=phone, area_code=area)).opened[0])
        for phone, area in ((PHONES[0], GRID), (PHONES[1], NEXT_GRID), (PHONES[2], VILLAGE))
    ]
    for one in held:
        note_opening(actor=act("officer"), row=one)
    each = do_in_bulk(
        actor=act("officer"), verb="assign", ticked=[Ticked(one.code) for one in held], data={"recipient": "each:grid_worker"}
    )
    who = [FraudAlert.objects.get(pk=one.pk).assignee.username for one in held]
    assert ([one.done for one in each], who) == ([True, True, False], ["worker", "colleague", "police"])
    person = f"community_police:{VILLAGE}:{people['police'].pk}"
    do_in_bulk(actor=act("officer"), verb="assign", ticked=[Ticked(one.code) for one in held], data={"recipient": person})
    assert {FraudAlert.objects.get(pk=one.pk).assignee.username for one in held} == {"police"}
    with pytest.raises(DomainError):
        do_in_bulk(actor=act("officer"), verb="assign", ticked=[], data={})
    with pytest.raises(DomainError):
        do_in_bulk(actor=act("officer"), verb="assign", ticked=[Ticked(f"FA-{n}") for n in range(MOST + 1)], data={})


def test_duplicates_of_a_person_are_merged_and_the_graver_grade_goes_with_them(receive, act):
    kept = receive(row(phone=PHONE, type="loan", grade="low")).opened[0]
    merged = receive(row(phone=PHONE, grade="high"), now=MONDAY + timedelta(minutes=1)).opened[0]
    alone = receive(row(phone=OTHER_PHONE)).opened[0]
    for one in FraudAlert.objects.all():
        note_opening(actor=act("officer"), row=one)
    outcomes = do_in_bulk(
        actor=act("officer"),
        verb="merge",
        ticked=[Ticked(merged), Ticked(alone)],
        data={"reason": "同一骗局"},
        now=MONDAY + timedelta(minutes=2),
    )
    target = FraudAlert.objects.get(code=kept)
    assert ([one.done for one in outcomes], FraudAlert.objects.get(code=merged).merged_into) == ([True, False], target)
    assert (target.grade, target.warnings_joined, target.due_at) == ("high", 2, MONDAY + timedelta(minutes=10))


def test_the_page_of_a_deed_shows_what_is_unread_and_says_what_became_of_each(wave, receive, client, people):
    rows = wave()
    unread = receive(row(phone=PHONES[3], claimed=SITE), now=clock.now()).opened[0]
    client.force_login(people["officer"])
    address, names = reverse("alerts:bulk"), [*[one.code for one in rows], unread]
    form = client.get(address, {"verb": "call_off", "row": names})
    assert sorted(read for _line, read in form.context["rows"]) == [False, True, True, True]
    refused = client.post(address, {"verb": "call_off", "row": names, "reason": " "})
    done = client.post(address, {"verb": "call_off", "row": names, "reason": "来源已撤回"})
    assert (refused.status_code, done.status_code, done.context["done"], len(done.context["outcomes"])) == (422, 200, 3, 4)
    assert client.get(address, {"verb": "close", "row": names}).status_code == 404
    found = {}
    for who in ("worker", "police", "director", "stranger", "duty_officer"):
        client.force_login(people[who])
        found[who] = client.get(address, {"verb": "call_off", "row": names}).status_code
    assert found == {"worker": 403, "police": 403, "director": 403, "stranger": 403, "duty_officer": 403}


@pytest.mark.parametrize(("grade", "minutes"), [("high", 10), ("low", 120)])
def test_regrading_gives_the_running_clock_the_minutes_of_the_new_grade_from_its_own_start(alert, act, grade, minutes):
    held = alert()
    assigning.accept(actor=act("worker"), alert_id=held.pk, now=MONDAY + timedelta(minutes=31))  # late, and stays so
    row = grading.regrade(actor=act("officer"), alert_id=held.pk, grade=grade, reason="来源补充", now=MONDAY + timedelta(minutes=32))
    assert (row.grade, row.due_at, row.goes, row.assignee.username) == (
        grade, MONDAY + timedelta(minutes=minutes), "grid_worker", "worker",
    )  # fmt: skip
    entry = LedgerEntry.objects.get(verb="alert.regraded")
    assert (entry.reason, entry.detail["to"]) == ("来源补充", grade)
    for wrong in (grade, "purple", ""):
        with pytest.raises(DomainError):
            grading.regrade(actor=act("officer"), alert_id=held.pk, grade=wrong, reason="来源补充")
    with pytest.raises(DomainError):
        grading.regrade(actor=act("officer"), alert_id=held.pk, grade="medium", reason=" ")


def test_past_decisions_stay_and_a_raised_grade_ends_a_snooze(alert_in, act):
    held = alert_in("snoozed")
    grading.regrade(actor=act("officer"), alert_id=held.pk, grade="low", reason="来源补充")
    held.refresh_from_db()
    steps = list(held.steps.values_list("verb", "due_at"))
    assert (held.state, held.snoozed_until > clock.now(), held.due_at) == ("snoozed", True, None)
    grading.regrade(actor=act("officer"), alert_id=held.pk, grade="high", reason="正在转账")
    held.refresh_from_db()
    assert (held.snoozed_until <= clock.now(), list(held.steps.values_list("verb", "due_at"))[: len(steps)]) == (True, steps)


def test_an_alert_nobody_was_asked_for_is_called_off_by_the_desk_and_can_be_sent_back(alert, act):
    held = alert(area_code="", address="")
    assert held.goes == ""
    grading.call_off(actor=act("officer"), alert_id=held.pk, reason="来源已撤回")
    held = closing.send_back(actor=act("second_officer"), alert_id=held.pk, reason="来源未撤回")
    assert (held.state, held.goes, held.assignee.username) == ("being_reached", "desk", "officer")
