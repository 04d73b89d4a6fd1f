"""The change of shifts: written and signed by who leaves, signed by another who takes over; read by who may see each alert."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from antifraud.alerts.actions import assigning, dissuading
from antifraud.alerts.actions.shifts import take_over, write_handover
from antifraud.alerts.models import FraudAlert, Handover
from antifraud.alerts.queries.shift import brief_of, sections_of
from tests.antifraud.alerts.conftest import MONDAY, NAME, NOBODY, PHONE, row
from tests.conftest import DISTRICT, TOWN
from tongshan_portal.kernel.errors import Conflict, InvalidTransition, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice

pytestmark = pytest.mark.django_db
EVENING = MONDAY + timedelta(hours=8)
PHONES = [f"1370000000{number}" for number in range(6)]


@pytest.fixture
def standing(receive, act, alert_in):
    """Two open of which one is overdue, one turned to the bank, one snoozed, one recorded, one checked (a call is promised)."""
    checked = alert_in("checked")
    FraudAlert.objects.filter(pk=checked.pk).update(due_at=EVENING + timedelta(days=2))
    recorded = alert_in("recorded")
    low = receive(row(phone=PHONES[0], grade="low")).opened[0]
    high = receive(row(phone=PHONES[1], grade="high")).opened[0]
    snoozed = receive(row(phone=PHONES[2])).opened[0]
    pk = {one.code: one.pk for one in FraudAlert.objects.all()}
    dissuading.escalate(actor=act("police"), alert_id=pk[high], to="bank", reason="请止付", now=EVENING - timedelta(hours=1))
    assigning.accept(actor=act("worker"), alert_id=pk[snoozed], now=MONDAY)
    dissuading.record_attempt(actor=act("worker"), alert_id=pk[snoozed], attempt=NOBODY, now=MONDAY)
    assigning.snooze(actor=act("worker"), alert_id=pk[snoozed], until=EVENING + timedelta(hours=1), reason="正在上班", now=EVENING)
    FraudAlert.objects.filter(code=low).update(due_at=EVENING + timedelta(hours=1))
    return {"checked": checked.code, "recorded": recorded.code, "low": low, "high": high, "snoozed": snoozed}


def lines(sections) -> dict[str, list[str]]:
    return {one.name: [line.code for line in one.lines] for one in sections}


def test_the_brief_says_what_is_open_promised_to_check_turned_to_others_and_snoozed(standing, act):
    brief = brief_of(act("officer"), DISTRICT, MONDAY - timedelta(days=1), EVENING)
    found = sections_of(act("second_officer"), brief, EVENING)
    assert lines(found) == {
        "open": [standing["high"], standing["low"]],
        "promised": [standing["checked"]],
        "to_check": [standing["recorded"]],
        "escalated": [standing["high"]],
        "snoozed": [standing["snoozed"]],
    }
    assert [line.is_late for line in found[0].lines] == [True, False]
    assert {name: brief["counts"][name] for name in ("open", "high", "medium", "low", "overdue", "snoozed")} == {
        "open": 2, "high": 1, "medium": 0, "low": 1, "overdue": 1, "snoozed": 1,
    }  # fmt: skip
    assert [word for word in (PHONE, "138****", NAME, "欧阳") if word in str(brief)] == []


def test_it_is_signed_by_who_leaves_and_by_another_and_says_so_in_the_ledger(standing, act):
    officer = act("officer")
    held = write_handover(actor=officer, area_code=DISTRICT, note="高危一件，银行已联系", now=EVENING)
    told = Notice.objects.filter(kind="alert.shift_written").values_list("deliveries__user__username", flat=True)
    assert sorted(told) == ["duty_officer", "second_officer"]
    again = write_handover(actor=officer, area_code=DISTRICT, note="高危一件", now=EVENING + timedelta(minutes=5))
    assert (again.pk, again.note, Handover.objects.count()) == (held.pk, "高危一件", 1)
    for verb in (
        lambda: write_handover(actor=act("second_officer"), area_code=DISTRICT, note=""),
        lambda: take_over(actor=officer, handover_id=held.pk),
        lambda: take_over(actor=act("police"), handover_id=held.pk),
    ):
        with pytest.raises((Conflict, NotAllowed)):
            verb()
    held.refresh_from_db()
    assert (held.state, held.taken_by) == ("drafted", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=held.pk).update(state="taken_over", taken_by=held.left_by_id, taken_at=EVENING)
    row = take_over(actor=act("second_officer"), handover_id=held.pk, now=EVENING + timedelta(minutes=10))
    assert (row.state, row.taken_by.username, row.written_at) == ("taken_over", "second_officer", EVENING + timedelta(minutes=5))
    with pytest.raises(InvalidTransition):
        take_over(actor=act("duty_officer"), handover_id=held.pk)
    verbs = list(LedgerEntry.objects.filter(verb__startswith="handover.").order_by("id").values_list("verb", flat=True))
    assert verbs == ["handover.written", "handover.amended", "handover.taken_over"]
    after = write_handover(actor=act("second_officer"), area_code=DISTRICT, note="", now=EVENING + timedelta(hours=8))
    assert after.since == EVENING + timedelta(minutes=5)


def test_the_duty_officer_sees_what_she_takes_over_and_only_from_then_on(standing, act):
    held = write_handover(actor=act("officer"), area_code=DISTRICT, note="", now=EVENING)
    duty = act("duty_officer")
    before = sections_of(duty, held.brief, EVENING)
    assert ([one.lines for one in before], [one.hidden for one in before]) == ([[]] * 5, [2, 1, 1, 1, 1])
    assert FraudAlert.objects.visible_to(duty.scope).count() == 0
    take_over(actor=duty, handover_id=held.pk, now=EVENING)
    seen = set(FraudAlert.objects.visible_to(duty.scope).values_list("code", flat=True))
    assert seen == {standing["high"], standing["low"], standing["snoozed"]}
    assert LedgerEntry.objects.get(verb="handover.taken_over").detail == {"from": "officer", "shared": 3}


def test_pages_of_the_shift_for_who_may_and_for_nobody_else(standing, client, people):
    address = reverse("alerts:handovers")
    client.force_login(people["officer"])
    assert client.get(address).status_code == 200
    client.post(address, {"note": "注意城东"})
    held = Handover.objects.get()
    assert (held.area_code, held.note, held.left_by.username) == (DISTRICT, "注意城东", "officer")
    page, answers = reverse("alerts:handover", args=[held.pk]), {}
    for who in ("officer", "second_officer", "duty_officer", "town_desk", "police", "worker", "director", "system_admin", "stranger"):
        client.force_login(people[who])
        answers[who] = (client.get(address).status_code, client.get(page).status_code, client.get(address, {"area": TOWN}).status_code)
    assert answers == {
        "officer": (200, 200, 200), "second_officer": (200, 200, 200), "duty_officer": (200, 200, 200), "town_desk": (200, 404, 200),
        "police": (403, 404, 403), "worker": (403, 404, 403), "director": (403, 404, 403), "system_admin": (403, 404, 403),
        "stranger": (403, 404, 403),
    }  # fmt: skip
    client.force_login(people["second_officer"])
    assert client.get(address).context["waiting"] == held
    client.post(reverse("alerts:take_over", args=[held.pk]))
    held.refresh_from_db()
    text = client.get(page).content.decode()
    assert (held.state, held.taken_by.username, "second_officer" in text, PHONE in text) == ("taken_over", "second_officer", True, False)
