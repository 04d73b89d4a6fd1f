"""Messages: advice to the person within her limits; the family asked to call, by consent alone, once, and told nothing else."""

from datetime import timedelta

import pytest

from antifraud.alerts.actions import grading, messaging
from antifraud.alerts.actions.messaging import ask_families
from antifraud.alerts.actions.sweeping import sweep_alerts
from antifraud.alerts.models import AlertPolicy, AlertStep, Attempt, FraudAlert
from antifraud.registrations.models import Message, Registration
from tests.antifraud.alerts.conftest import MONDAY, NAME, OTHER_PHONE, PHONE, TRIED, row
from tests.antifraud.registrations.conftest import ASKED_PHONE, FAMILY_PHONE, member, registration
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
CHILD, SECOND = "13700003333", "13700004444"


@pytest.fixture
def family(people) -> Registration:
    """A registration whose holder lets the family be asked: two adults confirmed, one only asked, a child."""
    own = registration(PHONE, tells_family=True)
    member(own, FAMILY_PHONE)
    member(own, SECOND)
    member(own, ASKED_PHONE, state="asked", answered_at=None)
    member(own, CHILD, is_child=True, guardian_consented_at=MONDAY)
    return own


def sent() -> list[tuple[str, str]]:
    """Number and words of what waits for the gateway."""
    return [(open_sealed(one.phone), open_sealed(one.words)) for one in Message.objects.order_by("pk")]


def test_the_family_that_confirmed_is_asked_to_call_and_learns_nothing_else(family, receive):
    receive(row(grade="high"))
    sweep_alerts(now=MONDAY + timedelta(seconds=15))
    assert [phone for phone, _words in sent()] == [FAMILY_PHONE, SECOND]
    (words,) = {words for _phone, words in sent()}
    assert words == "【金钟罩】请尽快给绑定号码138****1234的家人打个电话。如需解除绑定，请到注册页面办理。"
    assert [word for word in (PHONE, NAME, "诈骗", "公检法", "转账", "预警") if word in words] == []
    tried = Attempt.objects.get()
    assert (tried.channel, tried.reached, tried.by, len(tried.messages)) == ("family", "sent", None, 2)
    held = FraudAlert.objects.get()
    assert (held.attempts_made, held.contacted_at, held.state) == (0, None, "assigned")
    assert list(AlertStep.objects.values_list("verb", "actor_id")) == [("tell_family", None)]
    entry = LedgerEntry.objects.get(verb="alert.family_asked")
    assert (entry.object_label, entry.detail) == (held.code, {"messages": 2})


def test_a_family_is_asked_once_a_day_whatever_comes(family, receive):
    receive(row(grade="high"))
    receive(row(grade="high", type="loan"))
    for minutes in (1, 2, 60):
        receive(row(grade="high"), now=MONDAY + timedelta(minutes=minutes))
        ask_families(now=MONDAY + timedelta(minutes=minutes))
    assert (len(sent()), Attempt.objects.count()) == (2, 1)
    receive(row(grade="high", type="romance"), now=MONDAY + timedelta(days=1, minutes=2))
    assert (ask_families(now=MONDAY + timedelta(days=1, minutes=2)), len(sent())) == (1, 4)


def test_nobody_is_asked_without_consent_for_a_lower_grade_for_practice_or_once_she_was_reached(receive, act, people):
    from antifraud.alerts.actions.dissuading import record_attempt

    refused = {}
    for number, (words, given, member_state, more) in enumerate(
        [
            ("the holder did not agree", {"grade": "high"}, "confirmed", {"tells_family": False}),
            ("the member only was asked", {"grade": "high"}, "asked", {"tells_family": True}),
            ("withdrawn", {"grade": "high"}, "confirmed", {"tells_family": True, "state": "withdrawn"}),
            ("medium", {"grade": "medium"}, "confirmed", {"tells_family": True}),
            ("practice", {"grade": "high"}, "confirmed", {"tells_family": True}),
            ("reached", {"grade": "high"}, "confirmed", {"tells_family": True}),
            ("switched off", {"grade": "high"}, "confirmed", {"tells_family": True}),
        ]
    ):
        phone = f"1360000000{number}"
        withdrawn = more.pop("state", "")
        own = registration(phone, **more)
        member(own, f"1350000000{number}", state=member_state, answered_at=MONDAY if member_state == "confirmed" else None)
        code = receive(row(phone=phone, **given), is_simulated=words == "practice").opened[0]
        if withdrawn:
            Registration.objects.unscoped("a test").filter(pk=own.pk).update(state="withdrawn", withdrawn_at=MONDAY)
        if words == "reached":
            record_attempt(actor=act("police"), alert_id=FraudAlert.objects.get(code=code).pk, attempt=TRIED, now=MONDAY)
        AlertPolicy.objects.update(tell_family=words != "switched off")
        refused[words] = ask_families(now=MONDAY)
    assert (refused, sent()) == (dict.fromkeys(refused, 0), [])


def test_of_a_family_member_the_holder_is_asked_as_the_member_was_told(family, receive):
    receive(row(phone=FAMILY_PHONE, grade="high"))
    ask_families(now=MONDAY)
    assert sent() == [(PHONE, "【金钟罩】请尽快给绑定号码137****1111的家人打个电话。如需解除绑定，请到注册页面办理。")]


def test_a_raised_grade_asks_the_family_too(family, receive, act):
    receive(row(grade="low"))
    assert ask_families(now=MONDAY) == 0
    grading.regrade(actor=act("officer"), alert_id=FraudAlert.objects.get().pk, grade="high", reason="正在转账", now=MONDAY)
    assert (ask_families(now=MONDAY), ask_families(now=MONDAY)) == (1, 0)


def test_the_person_gets_the_advice_of_her_type_once_a_day_over_all_her_alerts(receive, act):
    receive(row(), row(type="loan"), row(phone=OTHER_PHONE))
    held_all = list(FraudAlert.objects.order_by("pk"))
    one, two = [held for held in held_all if held.phone.same_as(PHONE)]
    (third,) = [held for held in held_all if held.phone.same_as(OTHER_PHONE)]
    row_after = messaging.send_advice(actor=act("worker"), alert_id=one.pk, now=MONDAY)
    assert (row_after.state, row_after.attempts_made, Attempt.objects.get().by.username) == ("assigned", 0, "worker")
    for held in (one, two):
        with pytest.raises(DomainError):
            messaging.send_advice(actor=act("officer"), alert_id=held.pk, now=MONDAY + timedelta(hours=1))
    messaging.send_advice(actor=act("officer"), alert_id=third.pk, now=MONDAY)
    assert [(phone, held.type.advice_zh in words) for (phone, words), held in zip(sent(), (one, third), strict=True)] == [
        (PHONE, True), (OTHER_PHONE, True),
    ]  # fmt: skip


def test_at_night_no_message_goes_unless_the_grade_is_high(receive, act):
    night = MONDAY.replace(hour=22)
    receive(row(), row(phone=OTHER_PHONE, grade="high"))
    medium, high = FraudAlert.objects.get(grade="medium"), FraudAlert.objects.get(grade="high")
    with pytest.raises(DomainError):
        messaging.send_advice(actor=act("officer"), alert_id=medium.pk, now=night)
    messaging.send_advice(actor=act("officer"), alert_id=high.pk, now=night)
    assert [phone for phone, _words in sent()] == [OTHER_PHONE]


def test_practice_sends_nothing_and_keeps_the_attempt(receive, act):
    receive(row(), is_simulated=True)
    messaging.send_advice(actor=act("officer"), alert_id=FraudAlert.objects.get().pk, now=MONDAY)
    assert (sent(), Attempt.objects.get().messages) == ([], [])
