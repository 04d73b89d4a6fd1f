"""The loop of an alert: every state × verb × person, and what each verb brings."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from antifraud.alerts.actions import assigning, closing, dissuading, grading, messaging
from antifraud.alerts.actions.claiming import take_next
from antifraud.alerts.actions.dissuading import Amounts, AttemptGiven
from antifraud.alerts.enums import AlertState
from antifraud.alerts.models import AlertPolicy, AlertStep, Attempt, DissuasionTask, FraudAlert
from antifraud.alerts.workflow import DONE, STEPS
from tests.antifraud.alerts.conftest import MONDAY, NOBODY, OTHER_PHONE, PHONE, TRIED, row
from tests.conftest import DISTRICT, GRID, NEXT_GRID, VILLAGE
from tests.workflow.matrix import cells, walk
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, InvalidTransition, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice, OutboxEvent

pytestmark = pytest.mark.django_db

PEOPLE = [
    "worker", "colleague", "village_officer", "town_officer", "other_town_officer", "duty_officer", "director", "mediator", "officer",
    "second_officer", "town_desk", "other_town_desk", "police", "other_police", "system_admin", "auditor", "stranger",
]  # fmt: skip
DESK = {"officer", "second_officer", "town_desk"}
LINE = DESK | {"police"}
MAY = {
    "place": DESK,
    "assign": DESK,
    "accept": {"worker"},
    "pass_on": {"worker"},
    "record_attempt": DESK | {"worker"},
    "escalate": DESK | {"worker"},
    "record_outcome": DESK | {"worker"},
    "hand_over": DESK | {"worker"},
    "check_outcome": LINE,
    "send_back": LINE,
    "make_return_call": LINE,
    "close": LINE,
    "snooze": DESK | {"worker"},
    "wake": DESK | {"worker"},
    "reopen": LINE,
    "merge": DESK,
    "regrade": DESK,
    "send_advice": DESK | {"worker"},
    "call_off": DESK,
}
"""Who may, of an alert of the first grid that its worker was asked for and worked on."""
AMOUNTS = Amounts(Decimal(50000), Decimal(0), Decimal(50000))


def may(verb: str, who: str, state: str) -> bool:
    """A new alert is nobody's: the worker has passed it on."""
    return who in MAY[verb] and not (who == "worker" and state == AlertState.NEW)


@pytest.fixture
def do(act, alert):
    """How each verb is done."""
    other = alert(type="romance")
    AlertPolicy.objects.update(quiet_from="00:00", quiet_until="00:00")  # the suite runs at any hour

    def call(verb: str, who: str, held: FraudAlert) -> FraudAlert:
        actor, pk = act(who), held.pk
        calls = {
            "place": lambda: assigning.place(actor=actor, alert_id=pk, area_code=NEXT_GRID),
            "assign": lambda: assigning.assign(actor=actor, alert_id=pk, recipient=f"community_police:{VILLAGE}:{act('police').user_id}"),
            "accept": lambda: assigning.accept(actor=actor, alert_id=pk),
            "pass_on": lambda: assigning.pass_on(actor=actor, alert_id=pk, reason="不在本网格"),
            "record_attempt": lambda: dissuading.record_attempt(actor=actor, alert_id=pk, attempt=NOBODY),
            "escalate": lambda: dissuading.escalate(actor=actor, alert_id=pk, to="bank", reason="请止付"),
            "record_outcome": lambda: dissuading.record_outcome(actor=actor, alert_id=pk, outcome="stopped", amounts=AMOUNTS),
            "hand_over": lambda: dissuading.hand_over(actor=actor, alert_id=pk, reason="联系不上"),
            "check_outcome": lambda: closing.check_outcome(actor=actor, alert_id=pk),
            "send_back": lambda: closing.send_back(actor=actor, alert_id=pk, reason="未核实身份"),
            "make_return_call": lambda: closing.make_return_call(actor=actor, alert_id=pk, reached=False),
            "close": lambda: closing.close(actor=actor, alert_id=pk),
            "snooze": lambda: assigning.snooze(actor=actor, alert_id=pk, until=clock.now() + timedelta(hours=1), reason="正在上班"),
            "wake": lambda: assigning.wake(actor=actor, alert_id=pk),
            "reopen": lambda: closing.reopen(actor=actor, alert_id=pk, reason="又联系了骗子"),
            "regrade": lambda: grading.regrade(actor=actor, alert_id=pk, grade="high", reason="正在转账"),
            "send_advice": lambda: messaging.send_advice(actor=actor, alert_id=pk),
            "call_off": lambda: grading.call_off(actor=actor, alert_id=pk, reason="来源撤回"),
            "merge": lambda: assigning.merge(actor=actor, alert_id=pk, into_code=other.code, reason="同一件事"),
        }
        return calls[verb]()

    return call


def test_the_table_names_every_verb_of_the_expectation():
    assert set(MAY) == {item.verb for item in STEPS.transitions if not item.by_system}
    assert set(DONE) == {item.verb for item in STEPS.transitions}


@pytest.mark.parametrize("state", AlertState.values)
def test_state_verb_role(alert_in, act, do, state):
    def before(verb: str, row: FraudAlert) -> None:
        if verb == "close" and state == AlertState.CHECKED:
            closing.make_return_call(actor=act("officer"), alert_id=row.pk, reached=True, is_safe=True)

    walk(
        cells(STEPS, PEOPLE, states=[state]),
        row=alert_in(state),
        before=before,
        act=lambda cell, row: do(cell.verb, cell.person, row),
        allowed=lambda cell: may(cell.verb, cell.person, state),
    )


def test_an_alert_goes_through_the_whole_loop_with_a_step_an_entry_and_an_event_each(alert_in):
    held = alert_in("closed")
    verbs = ["accept", "record_attempt", "record_attempt", "record_outcome", "check_outcome", "make_return_call", "close"]
    assert list(AlertStep.objects.filter(alert=held).values_list("verb", flat=True)) == verbs
    names = ["alert.received", *(DONE[verb] for verb in verbs)]
    assert list(LedgerEntry.objects.filter(object_label=held.code).order_by("id").values_list("verb", flat=True)) == names
    kinds = OutboxEvent.objects.filter(topic="alerts", user_ids=[], line__alert=held.code).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == names
    tasks = list(DissuasionTask.objects.filter(alert=held).values_list("state", "assignee__username"))
    assert (tasks, held.assignee.username, held.recorded_by.username, held.checked_by.username) == (
        [("done", "worker")], "worker", "worker", "officer",
    )  # fmt: skip


def test_what_is_said_of_the_person_stays_out_of_the_ledger(alert_in):
    held = alert_in("recorded")
    assert list(LedgerEntry.objects.filter(object_label=held.code).exclude(reason="").values_list("verb", flat=True)) == []


def test_whoever_records_the_outcome_does_not_check_it(alert_in, act):
    held = alert_in("being_reached")
    dissuading.record_outcome(actor=act("officer"), alert_id=held.pk, outcome="stopped", amounts=AMOUNTS)
    for verb in (closing.check_outcome, lambda **given: closing.send_back(reason="理由", **given)):
        with pytest.raises(NotAllowed):
            verb(actor=act("officer"), alert_id=held.pk)
    held.refresh_from_db()
    assert (held.state, held.loss_avoided) == ("recorded", None)
    with pytest.raises(IntegrityError), transaction.atomic():
        FraudAlert.objects.filter(pk=held.pk).update(state="checked", checked_by=held.recorded_by_id, checked_at=clock.now())
    closing.check_outcome(actor=act("second_officer"), alert_id=held.pk)
    held.refresh_from_db()
    assert (held.state, held.loss_avoided) == ("checked", Decimal(50000))


def test_nothing_counts_as_avoided_before_the_check_and_no_more_than_was_stopped(alert_in, act):
    held = alert_in("recorded")
    assert held.loss_avoided is None
    with pytest.raises(IntegrityError), transaction.atomic():
        FraudAlert.objects.filter(pk=held.pk).update(loss_avoided=1)
    with pytest.raises(DomainError):
        closing.check_outcome(actor=act("police"), alert_id=held.pk, loss_avoided=Decimal(48001))
    closing.check_outcome(actor=act("police"), alert_id=held.pk, loss_avoided=Decimal(40000))
    held.refresh_from_db()
    assert (held.state, held.loss_avoided) == ("checked", Decimal(40000))
    closing.reopen(actor=act("officer"), alert_id=held.pk, reason="又转了账")
    held.refresh_from_db()
    assert (held.state, held.loss_avoided, held.outcome, held.reopened) == ("new", None, "", 1)


@pytest.mark.parametrize(
    ("outcome", "amounts", "field"),
    [
        ("defrauded", Amounts(Decimal(100)), "transferred"),
        ("stopped", Amounts(Decimal(100), stopped=Decimal(101)), "stopped"),
        ("stopped", Amounts(Decimal(100), transferred=Decimal(101)), "transferred"),
        ("false_alarm", Amounts(Decimal(100), stopped=Decimal(1)), "stopped"),
        ("stopped", Amounts(Decimal(-1)), "at_risk"),
        ("unreachable", Amounts(), "result"),
        ("nonsense", Amounts(), "result"),
    ],
)
def test_amounts_fit_together_and_fit_the_outcome(alert_in, act, outcome, amounts, field):
    held = alert_in("being_reached")
    with pytest.raises(DomainError) as refused:
        dissuading.record_outcome(actor=act("worker"), alert_id=held.pk, outcome=outcome, amounts=amounts)
    held.refresh_from_db()
    assert (refused.value.field, held.state, held.outcome) == (field, "being_reached", "")


RECEIVED = MONDAY.replace(second=25)
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def worked_on(alert, act):
    """An alert that came in 25 seconds past nine, and an hour later is being reached."""
    held = alert(now=RECEIVED)
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=TRIED, now=MONDAY + AN_HOUR)
    return held


@pytest.mark.parametrize(
    ("said", "at", "kept"),
    [
        ("before", None, "before"),
        ("after", None, "after"),
        ("unknown", None, "unknown"),
        ("", MONDAY - timedelta(minutes=1), "before"),
        ("before", MONDAY - timedelta(days=30), "before"),
        ("", MONDAY + timedelta(minutes=1), "after"),
        ("after", MONDAY + AN_HOUR, "after"),
        # Within the minute of the warning the time says nothing: who was there says it.
        ("before", MONDAY, "before"),
        ("after", MONDAY, "after"),
        ("unknown", MONDAY, "unknown"),
    ],
)
def test_the_outcome_says_when_the_money_went_and_the_time_decides(worked_on, act, said, at, kept):
    amounts = Amounts(Decimal(1000), Decimal(1000), went=said, went_at=at)
    held = dissuading.record_outcome(
        actor=act("worker"), alert_id=worked_on.pk, outcome="defrauded", amounts=amounts, now=MONDAY + 2 * AN_HOUR
    )
    held.refresh_from_db()
    assert (held.state, held.money_went, held.money_went_at) == ("recorded", kept, at)


@pytest.mark.parametrize(
    ("transferred", "said", "at", "field"),
    [
        (1000, "", None, "money_went"),
        (1000, "yesterday", None, "money_went"),
        (1000, "after", MONDAY - AN_HOUR, "money_went"),
        (1000, "before", MONDAY + AN_HOUR, "money_went"),
        (1000, "unknown", MONDAY + AN_HOUR, "money_went"),
        (1000, "", MONDAY, "money_went"),
        (1000, "", MONDAY + 3 * AN_HOUR, "money_went_at"),
        (0, "after", None, "transferred"),
        (None, "", MONDAY, "transferred"),
    ],
)
def test_what_contradicts_itself_or_leaves_the_time_open_is_refused(worked_on, act, transferred, said, at, field):
    amounts = Amounts(Decimal(1000), None if transferred is None else Decimal(transferred), went=said, went_at=at)
    with pytest.raises(DomainError) as refused:
        dissuading.record_outcome(actor=act("worker"), alert_id=worked_on.pk, outcome="stopped", amounts=amounts, now=MONDAY + 2 * AN_HOUR)
    worked_on.refresh_from_db()
    assert (refused.value.field, worked_on.state, worked_on.money_went, worked_on.money_went_at) == (field, "being_reached", "", None)


def test_money_is_measured_at_the_first_warning_that_the_alert_carries(worked_on, act, alert):
    earlier = alert(type="loan", now=MONDAY - AN_HOUR, happened_at=(MONDAY - 2 * AN_HOUR).isoformat())
    assigning.merge(actor=act("officer"), alert_id=earlier.pk, into_code=worked_on.code, reason="同一骗局", now=MONDAY + AN_HOUR)
    amounts = Amounts(Decimal(1000), Decimal(1000), went_at=MONDAY - AN_HOUR / 2)
    held = dissuading.record_outcome(
        actor=act("worker"), alert_id=worked_on.pk, outcome="defrauded", amounts=amounts, now=MONDAY + 2 * AN_HOUR
    )
    assert held.money_went == "after"


def test_no_row_says_that_money_went_and_not_when(alert_in):
    held = alert_in("recorded")
    rows = FraudAlert.objects.filter(pk=held.pk)
    for change in ({"money_went": ""}, {"money_went": "soon"}, {"amount_transferred": None}, {"amount_transferred": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    assert rows.values_list("amount_transferred", "money_went").get() == (Decimal(2000), "after")


def test_an_outcome_that_was_sent_back_is_corrected_and_a_warning_taken_back_leaves_no_money(alert_in, act):
    held = alert_in("recorded")
    closing.send_back(actor=act("officer"), alert_id=held.pk, reason="转账时间不对")
    amounts = Amounts(Decimal(50000), Decimal(2000), Decimal(48000), "before")
    held = dissuading.record_outcome(actor=act("worker"), alert_id=held.pk, outcome="stopped", amounts=amounts)
    assert (held.money_went, held.amount_transferred) == ("before", Decimal(2000))
    closing.send_back(actor=act("officer"), alert_id=held.pk, reason="来源撤回")
    held = grading.call_off(actor=act("officer"), alert_id=held.pk, reason="来源撤回")
    assert (held.outcome, held.money_went, held.amount_transferred) == ("false_alarm", "", None)


def test_what_was_stopped_of_transferred_money_counts_too(alert_in, act):
    held = alert_in("being_reached")
    amounts = Amounts(Decimal(1000), transferred=Decimal(1000), stopped=Decimal(800), went="unknown")
    dissuading.record_outcome(actor=act("worker"), alert_id=held.pk, outcome="defrauded", amounts=amounts)
    closing.check_outcome(actor=act("officer"), alert_id=held.pk)
    held.refresh_from_db()
    assert (held.amount_transferred, held.amount_stopped, held.loss_avoided) == (Decimal(1000), Decimal(800), Decimal(800))


def test_no_outcome_without_an_attempt_and_no_handing_over_without_two(alert, act):
    held = alert()
    assigning.accept(actor=act("worker"), alert_id=held.pk)
    with pytest.raises(DomainError):
        dissuading.record_outcome(actor=act("worker"), alert_id=held.pk, outcome="stopped", amounts=AMOUNTS)
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=NOBODY)
    with pytest.raises(DomainError):
        dissuading.hand_over(actor=act("worker"), alert_id=held.pk, reason="联系不上")
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=NOBODY)
    dissuading.hand_over(actor=act("worker"), alert_id=held.pk, reason="联系不上")
    held.refresh_from_db()
    assert (held.state, held.outcome, held.attempts_made) == ("handed_over", "unreachable", 2)


def test_a_real_fraud_is_closed_only_after_the_return_call(alert_in, act):
    held = alert_in("checked")
    with pytest.raises(DomainError):
        closing.close(actor=act("officer"), alert_id=held.pk)
    with pytest.raises(DomainError):
        closing.make_return_call(actor=act("officer"), alert_id=held.pk, reached=True)
    closing.make_return_call(actor=act("officer"), alert_id=held.pk, reached=True, is_safe=True)
    closing.close(actor=act("officer"), alert_id=held.pk)
    held.refresh_from_db()
    assert held.state == "closed"


def test_a_false_alarm_needs_no_return_call(alert_in, act):
    held = alert_in("being_reached")
    dissuading.record_outcome(actor=act("worker"), alert_id=held.pk, outcome="false_alarm", amounts=Amounts())
    closing.check_outcome(actor=act("officer"), alert_id=held.pk)
    closing.close(actor=act("officer"), alert_id=held.pk)
    held.refresh_from_db()
    assert (held.state, held.loss_avoided) == ("closed", None)


def test_the_first_attempt_accepts_and_speaking_to_the_person_stops_the_clock_of_the_contact(alert, act):
    held = alert()
    assert (held.stage, held.due_at) == ("contact", MONDAY + timedelta(minutes=30))
    later = MONDAY + timedelta(minutes=5)
    held = dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=NOBODY, now=later)
    assert (held.state, held.stage, held.due_at, held.assignee.username) == (
        "being_reached",
        "contact",
        MONDAY + timedelta(minutes=30),
        "worker",
    )
    later = MONDAY + timedelta(minutes=9)
    held = dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=TRIED, now=later)
    assert (held.contacted_at, held.stage, held.due_at) == (later, "outcome", later + timedelta(minutes=240))


def test_assigning_and_passing_on_do_not_start_the_clock_anew(alert, act):
    held = alert()
    due = held.due_at
    assigning.pass_on(actor=act("worker"), alert_id=held.pk, reason="请假", now=MONDAY + timedelta(minutes=3))
    held = assigning.assign(
        actor=act("officer"),
        alert_id=held.pk,
        recipient=f"community_police:{VILLAGE}:{act('police').user_id}",
        now=MONDAY + timedelta(minutes=4),
    )
    assert (held.state, held.due_at, held.assignee.username, held.goes) == ("assigned", due, "police", "community_police")
    tasks = list(DissuasionTask.objects.filter(alert=held).order_by("pk").values_list("goes", "state", "reason"))
    assert tasks == [("grid_worker", "passed_on", "请假"), ("community_police", "offered", "")]


@pytest.mark.parametrize("recipient", ["grid_worker:320312106201002:", "duty:320312:0", "nobody", "", "desk"])
def test_nobody_outside_the_place_can_be_asked(alert, act, recipient):
    held = alert()
    with pytest.raises(DomainError):
        assigning.assign(actor=act("officer"), alert_id=held.pk, recipient=recipient)
    held.refresh_from_db()
    assert (held.state, held.assignee.username) == ("assigned", "worker")


def test_a_snooze_has_a_reason_and_an_end(alert_in, act):
    held = alert_in("being_reached")
    now = clock.now()
    for until in (now - timedelta(minutes=1), now + timedelta(hours=25)):
        with pytest.raises(DomainError):
            assigning.snooze(actor=act("worker"), alert_id=held.pk, until=until, reason="正在上班", now=now)
    with pytest.raises(DomainError):
        assigning.snooze(actor=act("worker"), alert_id=held.pk, until=now + timedelta(hours=1), reason=" ", now=now)
    held = assigning.snooze(actor=act("worker"), alert_id=held.pk, until=now + timedelta(hours=1), reason="正在上班", now=now)
    assert (held.state, held.due_at, held.stage) == ("snoozed", None, "")
    held = assigning.wake(actor=act("worker"), alert_id=held.pk, now=now + timedelta(minutes=30))
    assert (held.state, held.snoozed_until, held.assignee.username, held.stage) == ("assigned", None, "worker", "outcome")


def test_merging_counts_the_warnings_in_the_one_that_is_worked_on(alert, act):
    first, second = alert(), alert(type="loan")
    assigning.merge(actor=act("officer"), alert_id=second.pk, into_code=first.code.lower(), reason="同一骗局")
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.warnings_joined, second.state, second.merged_into_id) == (2, "merged", first.pk)


def test_only_alerts_of_the_same_person_are_merged(alert, act):
    first, other = alert(), alert(phone=OTHER_PHONE)
    for code in (other.code, first.code, "FA000000-NOTHING"):
        with pytest.raises(DomainError):
            assigning.merge(actor=act("officer"), alert_id=first.pk, into_code=code, reason="同一骗局")
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("assigned", None)


def test_what_was_warned_of_anew_is_not_reopened_beside_it(alert_in, act, receive):
    held = alert_in("closed")
    newer = receive(row(), now=clock.now()).opened[0]
    with pytest.raises(Conflict) as refused:
        closing.reopen(actor=act("officer"), alert_id=held.pk, reason="又联系了骗子")
    held.refresh_from_db()
    assert (held.state, newer in str(refused.value)) == ("closed", True)


def test_a_double_click_finds_the_state_changed(alert, act):
    held = alert()
    assigning.accept(actor=act("worker"), alert_id=held.pk)
    with pytest.raises(InvalidTransition):
        assigning.accept(actor=act("worker"), alert_id=held.pk)
    assert AlertStep.objects.filter(alert=held, verb="accept").count() == 1


NIGHT = MONDAY.replace(hour=21, minute=30)


@pytest.mark.parametrize(("grade", "refused"), [("medium", True), ("low", True), ("high", False)])
def test_at_night_nobody_is_disturbed_unless_the_grade_is_high(alert, act, grade, refused):
    held = alert(grade=grade)
    call = AttemptGiven(channel="call", reached="no")
    who = "police" if grade == "high" else "worker"
    if refused:
        with pytest.raises(DomainError) as error:
            dissuading.record_attempt(actor=act(who), alert_id=held.pk, attempt=call, now=NIGHT)
        assert (error.value.field, Attempt.objects.count()) == ("beyond_limits", 0)
        why = AttemptGiven(channel="call", reached="no", beyond_limits="正在转账")
        dissuading.record_attempt(actor=act(who), alert_id=held.pk, attempt=why, now=NIGHT)
        assert Attempt.objects.get().beyond_limits == "正在转账"
    else:
        dissuading.record_attempt(actor=act(who), alert_id=held.pk, attempt=call, now=NIGHT)
        assert Attempt.objects.get().beyond_limits == ""


@pytest.mark.parametrize(("hour", "quiet"), [(7, True), (8, False), (20, False), (21, True), (0, True)])
def test_the_hours_of_rest_go_over_midnight(alert, act, hour, quiet):
    from antifraud.alerts.limits import is_quiet

    assert is_quiet(AlertPolicy.objects.get(), MONDAY.replace(hour=hour)) is quiet


def test_so_many_calls_a_day_over_all_alerts_of_a_person(alert, act):
    AlertPolicy.objects.update(calls_per_day=2)
    first, second = alert(), alert(type="loan")
    call = AttemptGiven(channel="call", reached="no")
    for held in (first, second):
        dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=call, now=MONDAY)
    with pytest.raises(DomainError):
        dissuading.record_attempt(actor=act("worker"), alert_id=first.pk, attempt=call, now=MONDAY)
    dissuading.record_attempt(actor=act("worker"), alert_id=first.pk, attempt=AttemptGiven(channel="visit", reached="no"), now=MONDAY)
    dissuading.record_attempt(actor=act("worker"), alert_id=first.pk, attempt=call, now=MONDAY + timedelta(days=1))
    assert Attempt.objects.count() == 4


@pytest.mark.parametrize("at", [MONDAY + timedelta(minutes=1), MONDAY - timedelta(days=3)])
def test_an_attempt_is_recorded_soon_and_not_before_it_was_made(alert, act, at):
    held = alert()
    with pytest.raises(DomainError):
        dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=AttemptGiven("visit", "no", at=at), now=MONDAY)
    assert Attempt.objects.count() == 0


def test_turning_to_the_officer_tells_the_police_of_the_place(alert, act, people):
    held = alert()
    dissuading.escalate(actor=act("worker"), alert_id=held.pk, to="officer", reason="不听劝")
    told = Notice.objects.filter(kind="alert.turned_to").values_list("deliveries__user__username", flat=True)
    assert list(told) == ["police"]


def test_the_next_one_is_the_most_urgent_and_two_who_ask_get_two(alert, act):
    low, high = alert(grade="low"), alert(grade="high", phone=OTHER_PHONE)
    for held in (low, high):
        FraudAlert.objects.filter(pk=held.pk).update(state="new", goes="", desk_code="", assignee=None)
    first = take_next(actor=act("officer"), now=MONDAY)
    second = take_next(actor=act("second_officer"), now=MONDAY)
    assert (first.pk, second.pk) == (high.pk, low.pk)
    assert take_next(actor=act("town_desk"), now=MONDAY) is None
    assert take_next(actor=act("officer"), now=MONDAY).pk == high.pk
    assert take_next(actor=act("town_desk"), now=MONDAY + timedelta(minutes=6)).pk == high.pk


def test_what_is_kept_is_shown_to_others_and_given_back_when_left(alert, act, client, people):
    held, other = alert(grade="high"), alert(grade="low", phone=OTHER_PHONE)
    for one in (held, other):
        FraudAlert.objects.filter(pk=one.pk).update(state="new", goes="", desk_code="", assignee=None, changed_at=clock.now())
    client.force_login(people["officer"])
    assert client.post(reverse("alerts:next"))["Location"] == reverse("alerts:show", args=[held.code])
    assert client.get(reverse("alerts:show", args=[held.code])).context["page"].keeps_it is True
    client.force_login(people["second_officer"])
    lines = {line.row.pk: line.kept_for for line in client.get(reverse("alerts:index"), {"view": "all"}).context["lines"]}
    page = client.get(reverse("alerts:show", args=[held.code])).context["page"]
    assert (lines, page.line.kept_for, page.keeps_it) == ({held.pk: "officer", other.pk: ""}, "officer", False)
    client.post(reverse("alerts:release"), {"code": held.code})  # somebody else's stays kept
    held.refresh_from_db()
    assert held.claimed_by.username == "officer"
    client.force_login(people["officer"])
    assert client.post(f"{reverse('alerts:release')}?left=1", {"code": held.code}).status_code == 204
    held.refresh_from_db()
    kinds = OutboxEvent.objects.filter(kind__in=["alert.kept", "alert.given_back"]).order_by("id").values_list("kind", "line")
    assert (held.claimed_by, list(kinds)) == (None, [("alert.kept", {"alert": held.code}), ("alert.given_back", {"alert": held.code})])
    assert take_next(actor=act("second_officer")).pk == held.pk


def test_who_takes_the_next_one_gives_back_the_one_before(alert, act):
    low = alert(grade="low")
    FraudAlert.objects.update(state="new", goes="", desk_code="", assignee=None)
    assert take_next(actor=act("officer"), now=MONDAY).pk == low.pk
    high = alert(grade="high", phone=OTHER_PHONE)
    FraudAlert.objects.filter(pk=high.pk).update(state="new", goes="", desk_code="", assignee=None)
    assert take_next(actor=act("officer"), now=MONDAY).pk == high.pk
    assert list(FraudAlert.objects.filter(claimed_by__isnull=False)) == [high]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_in_the_same_moment_get_two(alert, act):
    held = [alert(phone=f"1370000000{number}", grade=grade) for number, grade in enumerate(("high", "medium"))]
    FraudAlert.objects.update(state="new", goes="", desk_code="", assignee=None)
    actors, got, start = [act("officer"), act("second_officer")], {}, threading.Barrier(2)

    def ask(who) -> None:
        try:
            start.wait(10)
            got[who.name] = take_next(actor=who, now=MONDAY).pk
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[who]) for who in actors]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(got.values()) == sorted(one.pk for one in held)


def test_nobody_gets_next_what_she_does_not_see(alert, act):
    alert()
    assert [take_next(actor=act(who), now=MONDAY) for who in ("colleague", "other_town_desk", "duty_officer", "director", "stranger")] == [
        None
    ] * 5


def test_the_desk_says_where_a_person_lives_within_its_own_areas(alert, act):
    held = alert(area_code="", address="", name="")
    assert (held.area_code, held.state, held.match_kind) == (DISTRICT, "new", "desk")
    with pytest.raises(NotAllowed):
        assigning.place(actor=act("town_desk"), alert_id=held.pk, area_code=GRID)
    held = assigning.place(actor=act("officer"), alert_id=held.pk, area_code=GRID)
    assert (held.area_code, held.match_kind) == (GRID, "chosen")
    with pytest.raises(DomainError):
        assigning.place(actor=act("officer"), alert_id=held.pk, area_code="320312106999")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_has_words(language):
    with translation.override(language):
        assert all(str(item.label).strip() for item in STEPS.transitions)


def test_the_number_of_the_person_is_kept_sealed(alert):
    held = alert()
    assert (str(held.phone), PHONE in repr(vars(held)), held.phone.stored.startswith("s1.")) == ("138****1234", False, True)
