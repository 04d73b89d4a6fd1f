"""Taking warnings in: once each, joined by person and type, matched, assigned, told; the same statements for one as for many."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from antifraud.alerts.actions import assigning, closing, dissuading
from antifraud.alerts.actions.receiving import receive_warnings
from antifraud.alerts.actions.sweeping import sweep_alerts
from antifraud.alerts.desks import is_open
from antifraud.alerts.models import AlertPolicy, DissuasionTask, FraudAlert, FraudWarning, GradePolicy
from antifraud.alerts.queries.matter import alert_page
from antifraud.registrations.models import FamilyMember
from grids.elements.actions.recording import record_element
from tests.antifraud.alerts.conftest import MONDAY, OTHER_PHONE, PHONE, SUNDAY, TRIED, row
from tests.antifraud.registrations.conftest import FAMILY_PHONE, member, registration
from tests.conftest import DISTRICT, GRID, NEXT_GRID, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice, OutboxEvent

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, int, int]:
    return FraudWarning.objects.count(), FraudAlert.objects.count(), DissuasionTask.objects.count()


def test_a_warning_becomes_an_alert_with_a_task_and_its_grid_worker_is_told(receive, people):
    received = receive(row())
    held = FraudAlert.objects.get()
    assert (received.accepted, received.repeated, received.rejected, received.opened, received.joined) == (1, 0, (), (held.code,), ())
    assert (held.state, held.grade, held.rank, held.type.code, held.area_code, held.match_kind) == (
        "assigned", "medium", 1, "authority", GRID, "stated",
    )  # fmt: skip
    assert (held.goes, held.desk_code, held.assignee.username, held.with_duty, held.amount_at_risk) == (
        "grid_worker", GRID, "worker", False, Decimal(50000),
    )  # fmt: skip
    task = DissuasionTask.objects.get()
    assert (task.state, task.assignee.username, task.due_at) == ("offered", "worker", MONDAY + timedelta(minutes=30))
    notice = Notice.objects.get(kind="alert.arrived")
    assert ([one.user.username for one in notice.deliveries.all()], notice.params) == (["worker"], {"code": held.code})
    assert list(LedgerEntry.objects.order_by("id").values_list("verb", flat=True)) == ["alert.received", "warnings.received"]


def test_the_same_warning_twice_is_one(receive):
    sent = row()
    receive(sent)
    before = counts()
    again = receive(sent, sent)
    assert (again.accepted, again.repeated, counts()) == (0, 2, before)
    assert receive(sent, source="bank").joined == (FraudAlert.objects.get().code,)


def test_twice_in_one_batch_is_one_too(receive):
    sent = row()
    received = receive(sent, sent)
    assert (received.accepted, received.repeated, counts()) == (1, 1, (1, 1, 1))


def test_bad_rows_come_back_with_field_and_sentence_and_good_ones_are_taken(receive):
    received = receive(
        row(),
        row(phone="12"),
        row(grade="purple"),
        row(type="unknown"),
        row(happened_at="yesterday"),
        row(happened_at="2027-01-01T00:00:00+08:00"),
        row(external_id=""),
        row(amount="-5"),
        row(area_code="32"),
        row(extra="x"),
        row(phone=OTHER_PHONE),
    )
    fields = ["phone", "grade", "type", "happened_at", "happened_at", "external_id", "amount", "area_code", "extra"]
    assert [(one.index, one.field) for one in received.rejected] == list(enumerate(fields, start=1))
    assert all(one.sentence for one in received.rejected)
    assert (received.accepted, FraudAlert.objects.count()) == (2, 2)


@pytest.mark.parametrize("who", ["worker", "police", "town_officer", "director", "system_admin", "stranger"])
def test_only_the_desk_and_the_duty_officer_take_warnings_in(receive, who):
    with pytest.raises(NotAllowed):
        receive(row(), who=who)
    assert (counts(), LedgerEntry.objects.filter(verb="warnings.received").count()) == ((0, 0, 0), 0)


def test_the_same_person_and_type_joins_within_the_window_and_only_counts(receive):
    first = receive(row()).opened[0]
    later = MONDAY + timedelta(minutes=20)
    received = receive(row(happened_at=later.isoformat(), amount="60000"), row(happened_at=later.isoformat()), now=later)
    held = FraudAlert.objects.get()
    assert (received.joined, held.code, held.warnings_joined, held.amount_at_risk) == ((first,), first, 3, Decimal(60000))
    assert (held.due_at, held.last_warning_at) == (MONDAY + timedelta(minutes=30), later)
    assert (DissuasionTask.objects.count(), Notice.objects.filter(kind__startswith="alert.").count()) == (1, 1)
    assert list(FraudWarning.objects.values_list("alert__code", flat=True)) == [first] * 3


def test_a_number_is_the_same_however_it_is_written(receive):
    receive(row(phone="138 0000 1234"), row(phone="+86-13800001234"))
    assert counts() == (2, 1, 1)


def test_after_the_window_the_open_alert_begins_anew_and_its_assignee_is_told(receive, act):
    code = receive(row()).opened[0]
    held = FraudAlert.objects.get()
    dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=TRIED, now=MONDAY + timedelta(minutes=5))
    later = MONDAY + timedelta(hours=25)
    assert receive(row(happened_at=later.isoformat()), now=later).joined == (code,)
    held.refresh_from_db()
    assert (held.contacted_at, held.stage, held.due_at, held.warnings_joined) == (None, "contact", later + timedelta(minutes=30), 2)
    assert Notice.objects.filter(kind="alert.arrived", deliveries__user=held.assignee).count() == 2


def test_a_graver_warning_raises_the_grade_and_shortens_the_time(receive):
    receive(row(grade="low"))
    held = FraudAlert.objects.get()
    assert held.due_at == MONDAY + timedelta(minutes=120)
    later = MONDAY + timedelta(minutes=1)
    receive(row(grade="high"), now=later)
    held.refresh_from_db()
    assert (held.grade, held.rank, held.due_at) == ("high", 0, later + timedelta(minutes=10))
    receive(row(grade="low"), now=later)
    held.refresh_from_db()
    assert (held.grade, held.due_at) == ("high", later + timedelta(minutes=10))


def test_a_raised_grade_is_said_on_the_live_path_and_in_the_ledger_and_a_further_warning_is_none(receive):
    receive(row(grade="medium"))
    late = MONDAY + timedelta(hours=25)
    for grade, now in (("medium", MONDAY), ("high", MONDAY), ("high", MONDAY), ("high", late)):
        receive(row(grade=grade, happened_at=now.isoformat()), now=now)
    heard = OutboxEvent.objects.filter(topic="alerts", user_ids=[]).order_by("id").values_list("kind", "line__grade")
    assert list(heard) == [
        ("alert.received", "medium"), ("alert.joined", "medium"), ("alert.raised", "high"), ("alert.joined", "high"),
        ("alert.joined", "high"),
    ]  # fmt: skip
    verbs = LedgerEntry.objects.filter(object_label=FraudAlert.objects.get().code).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == [kind for kind, _grade in heard]


def test_another_type_is_another_alert_linked_to_the_person(receive):
    receive(row())
    receive(row(type="loan"))
    first, second = FraudAlert.objects.order_by("pk")
    assert (first.repeat_of, second.repeat_of) == (None, first)
    assert list(FraudAlert.objects.of_person(first)) == [second]


def test_a_repeat_victim_is_linked_to_the_earlier_alert_both_ways(receive, alert_in, act):
    earlier = alert_in("closed")
    receive(row())
    later = FraudAlert.objects.latest("pk")
    pages = {one: alert_page(act("officer"), one) for one in (earlier, later)}
    assert later.repeat_of == earlier
    assert [one.row for one in pages[earlier].later] == [later]
    assert (pages[earlier].earlier, pages[later].earlier.row, pages[later].later) == (None, earlier, [])
    hers = alert_page(act("worker"), later)  # she is told that there was one, and not which
    assert (hers.earlier, hers.row.repeat_of_id) == (None, earlier.pk)


def test_the_history_says_of_each_further_warning_what_it_did_and_none_doubles_the_alert(receive, act):
    receive(row(grade="low"))
    for minutes, grade in ((1, "low"), (1, "low"), (2, "high"), (60 * 25, "low"), (60 * 25 + 1, "low")):
        at = MONDAY + timedelta(minutes=minutes)
        receive(row(grade=grade, happened_at=at.isoformat()), now=at)
    held = FraudAlert.objects.get()
    course = alert_page(act("officer"), held).course
    assert [(one.came, one.number) for one in course[1:]] == [("counted", 2), ("graver", 1), ("renewed", 1), ("counted", 1)]
    assert (held.warnings_joined, held.due_at) == (6, MONDAY + timedelta(minutes=60 * 25 + 10))
    assert list(FraudWarning.objects.order_by("pk").values_list("came", flat=True))[0] == "opened"


def test_a_further_warning_ends_a_snooze(receive, alert_in):
    held = alert_in("snoozed")
    now = held.snoozed_until - timedelta(minutes=30)
    receive(row(happened_at=now.isoformat()), now=now)
    sweep_alerts(now=now + timedelta(seconds=15))
    held.refresh_from_db()
    assert (held.state, held.snoozed_until, held.warnings_joined) == ("assigned", None, 2)


def test_the_place_is_found_by_registration_family_household_address_stated_area_or_left_to_the_desk(receive, act):
    own = registration(PHONE)
    family = member(own, FAMILY_PHONE)
    where = {"area_code": NEXT_GRID}
    record_element(actor=act("colleague"), element="household", address="柳新镇试验村9组9号", phone=OTHER_PHONE, contact="李", **where)
    record_element(
        actor=act("colleague"), element="household", address="江苏省徐州市铜山区柳新镇试验村8组8号", phone="", contact="", **where
    )
    blank = {"address": "", "area_code": ""}
    receive(
        row(external_id="own", **blank),
        row(external_id="family", phone=FAMILY_PHONE, **blank),
        row(external_id="household", phone=OTHER_PHONE, **blank),
        row(external_id="address", phone="13600000001", area_code="", address="柳新镇 试验村8组8号"),
        row(external_id="stated", phone="13600000002", address="别处"),
        row(external_id="retired", phone="13600000003", address="", area_code="320312999"),
        row(external_id="desk", phone="13600000004", **blank),
    )
    found = {
        one.external_id: (one.alert.area_code, one.alert.match_kind, one.alert.registration_id, one.alert.member_id)
        for one in FraudWarning.objects.select_related("alert")
    }
    assert found == {
        "own": (VILLAGE, "registration", own.pk, None),
        "family": (VILLAGE, "family", own.pk, family.pk),
        "household": (NEXT_GRID, "household", None, None),
        "address": (NEXT_GRID, "address", None, None),
        "stated": (GRID, "stated", None, None),
        "retired": (DISTRICT, "desk", None, None),
        "desk": (DISTRICT, "desk", None, None),
    }
    assert FamilyMember.objects.unscoped("a test").count() == 1


def test_a_registration_knows_the_community_and_the_household_in_it_the_grid(receive, act):
    registration(PHONE)
    record_element(actor=act("colleague"), element="household", area_code=NEXT_GRID, address="9组9号", phone=PHONE, contact="李")
    receive(row(area_code="", address=""))
    held = FraudAlert.objects.get()
    assert (held.area_code, held.match_kind, held.assignee.username) == (NEXT_GRID, "registration", "colleague")


def test_an_address_that_several_areas_have_is_placed_where_they_meet(receive, act):
    for who, area in (("worker", GRID), ("colleague", NEXT_GRID)):
        record_element(actor=act(who), element="household", area_code=area, address="3组12号", phone="", contact="")
    receive(row(area_code="", address="3组12号"))
    assert FraudAlert.objects.get().area_code == VILLAGE


@pytest.mark.parametrize(
    ("grade", "area", "goes", "who"),
    [
        ("high", GRID, "community_police", "police"),
        ("medium", GRID, "grid_worker", "worker"),
        ("medium", VILLAGE, "community_police", "police"),
        ("low", NEXT_GRID, "grid_worker", "colleague"),
        ("high", TOWN, "desk", "town_desk"),
    ],
)
def test_the_grade_and_the_place_say_who_goes(receive, grade, area, goes, who):
    receive(row(grade=grade, area_code=area))
    held = FraudAlert.objects.get()
    assert (held.goes, held.assignee.username, held.state) == (goes, who, "assigned")


def test_where_several_sit_at_a_desk_it_is_offered_to_all_until_one_accepts(receive, person, act, people):
    people["twin"] = person("twin", Role.GRID_WORKER, GRID)
    receive(row())
    held = FraudAlert.objects.get()
    told = Notice.objects.filter(kind="alert.arrived").values_list("deliveries__user__username", flat=True)
    assert (held.assignee, sorted(told)) == (None, ["twin", "worker"])
    assigning.accept(actor=act("twin"), alert_id=held.pk)
    with pytest.raises(NotAllowed):
        dissuading.record_attempt(actor=act("worker"), alert_id=held.pk, attempt=TRIED)


def test_in_an_unknown_place_nobody_is_asked_and_the_desk_is_told(receive):
    receive(row(area_code="", address=""))
    held = FraudAlert.objects.get()
    told = Notice.objects.filter(kind="alert.arrived").values_list("deliveries__user__username", flat=True)
    assert (held.state, held.goes, held.assignee, sorted(told)) == ("new", "", None, ["officer", "second_officer"])


@pytest.mark.parametrize("area", [GRID, ""])
def test_while_the_desk_is_closed_the_duty_officer_gets_it(receive, act, area):
    receive(row(happened_at=SUNDAY.isoformat(), area_code=area, address=""), now=SUNDAY)
    held = FraudAlert.objects.get()
    assert (held.goes, held.assignee.username, held.with_duty, held.state) == ("duty", "duty_officer", True, "assigned")
    held = assigning.place(actor=act("duty_officer"), alert_id=held.pk, area_code=GRID, now=SUNDAY)
    police = f"community_police:{VILLAGE}:{act('police').user_id}"
    held = assigning.assign(actor=act("duty_officer"), alert_id=held.pk, recipient=police, now=SUNDAY)
    assert (held.assignee.username, list(FraudAlert.objects.visible_to(act("duty_officer").scope))) == ("police", [held])


@pytest.mark.parametrize(
    ("hour", "minute", "open_"),
    [(8, 59, False), (9, 0, True), (11, 59, True), (12, 0, False), (13, 30, True), (17, 29, True), (17, 30, False)],
)
def test_the_desk_is_open_by_the_service_calendar(areas, hour, minute, open_):
    limits = AlertPolicy.objects.get()
    assert is_open(limits, MONDAY.replace(hour=hour, minute=minute)) is open_
    assert is_open(limits, SUNDAY.replace(hour=hour, minute=minute)) is False
    limits.desk_always_open = True
    assert is_open(limits, SUNDAY) is True


def test_a_grade_that_the_police_confirm_otherwise_holds_for_what_comes_then(receive):
    receive(row())
    GradePolicy.objects.filter(grade="medium").update(contact_minutes=7, goes="community_police", is_confirmed=True)
    receive(row(phone=OTHER_PHONE))
    first, second = FraudAlert.objects.order_by("pk")
    assert (first.due_at, second.due_at) == (MONDAY + timedelta(minutes=30), MONDAY + timedelta(minutes=7))
    assert (first.clock["limit"]["source"], second.clock["limit"]["source"], second.goes) == ("default", "confirmed", "community_police")


def test_one_batch_takes_the_same_statements_as_a_large_one(receive):
    def statements(number: int, start: int) -> int:
        rows = [row(phone=f"137{start + place:08d}") for place in range(number)]
        with CaptureQueriesContext(connection) as asked:
            assert receive(*rows).accepted == number
        return len([one for one in asked if "areas_edition" not in one["sql"]])  # asked for by the clock, every other second

    receive(row())
    few = statements(3, 0)
    assert statements(300, 1000) == few
    assert few <= 15


def test_a_warning_is_never_edited(receive):
    receive(row())
    for change in ({"grade": "low"}, {"external_id": "other"}, {"amount_at_risk": 1}, {"digest": ""}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FraudWarning.objects.update(**change)
    kept = FraudWarning.objects.get()
    kept.save(update_fields=["phone"])  # the same text under a new seal
    assert (kept.grade, len(kept.digest)) == ("medium", 64)


def test_live_events_carry_no_personal_data_and_reach_whom_they_are_for(receive, people):
    receive(row())
    events = list(OutboxEvent.objects.filter(topic="alerts").order_by("id"))
    held = FraudAlert.objects.get()
    line = {"alert": held.code, "grade": "medium", "state": "assigned"}
    assert [(one.kind, one.area_code, one.line, one.user_ids) for one in events] == [
        ("alert.received", GRID, line, []),
        ("alert.received", GRID, line, [people["worker"].pk]),
    ]
    counted = OutboxEvent.objects.get(topic="alert_counts")
    assert (counted.kind, counted.area_code, counted.line, counted.user_ids) == ("alert.counted", TOWN, {}, [])


def test_under_a_new_index_key_the_open_alert_is_still_found(receive, settings):
    receive(row())
    settings.SEAL_INDEX_KEYS = f"i2:hmacsm3:{'QUFB' * 12},{settings.SEAL_INDEX_KEYS}"
    receive(row())
    held = FraudAlert.objects.get()
    assert (held.warnings_joined, held.phone_index.startswith("i2-")) == (2, True)


def test_many_alerts_for_one_person_are_one_notice(receive):
    receive(row(), row(phone=OTHER_PHONE))
    notice = Notice.objects.get(kind="alert.arrived_many")
    assert ([one.user.username for one in notice.deliveries.all()], notice.params) == (["worker"], {"number": 2})


def test_what_is_simulated_is_marked_everywhere(receive):
    receive(row(), is_simulated=True)
    assert (FraudAlert.objects.get().is_simulated, FraudWarning.objects.get().is_simulated) == (True, True)


def test_after_a_check_the_same_person_opens_a_new_alert(receive, alert_in, act):
    held = alert_in("recorded")
    closing.check_outcome(actor=act("officer"), alert_id=held.pk)
    assert len(receive(row()).opened) == 1


@pytest.mark.django_db(transaction=True)
def test_batches_that_meet_open_one_alert_for_each_person_and_count_every_warning_once(people, act):
    """Eight at once from four sources, the same forty people in different orders, every warning sent twice."""
    phones = [f"1370000{number:04d}" for number in range(40)]
    actor, failures = act("officer"), []
    gate = threading.Barrier(8)

    def send(number: int) -> None:
        source, order = f"source-{number % 4}", phones if number < 4 else phones[::-1]
        rows = [{**row(phone=phone), "external_id": f"{source}-{phone}"} for phone in order]
        try:
            gate.wait()
            receive_warnings(actor=actor, source=source, rows=rows, now=MONDAY)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (FraudAlert.objects.count(), FraudWarning.objects.count(), DissuasionTask.objects.count()) == (40, 160, 40)
    assert set(FraudAlert.objects.values_list("warnings_joined", flat=True)) == {4}


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_next_one_at_once_get_two(people, act, receive):
    from antifraud.alerts.actions.claiming import take_next

    for phone in (PHONE, OTHER_PHONE):
        receive(row(phone=phone, area_code="", address=""))
    actors, found, gate = [act("officer"), act("second_officer")], [], threading.Barrier(2)

    def ask(actor) -> None:
        gate.wait()
        with transaction.atomic():
            found.append(take_next(actor=actor, now=MONDAY))
        connections.close_all()

    threads = [threading.Thread(target=ask, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one.pk for one in found if one}) == 2
