"""The closed loop: every state × verb × person, and what each verb brings."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from grids.reports.actions import filing, handling, oversight, sweeping
from grids.reports.enums import Desk
from grids.reports.models import Category, DispatchRule, Report, ReportStep, SupervisionOrder
from grids.reports.routing import Recipient, recipient_named
from grids.reports.workflow import STEPS
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice, OutboxEvent

pytestmark = pytest.mark.django_db


def test_a_report_goes_through_the_whole_loop_with_a_step_an_entry_and_an_event_each(report_in):
    row = report_in("closed")
    verbs = ["file_report", "open_report", "dispatch", "sign_for", "feed_back", "verify", "close"]
    names = [
        "report.filed",
        "report.opened",
        "report.dispatched",
        "report.signed_for",
        "report.fed_back",
        "report.verified",
        "report.closed",
    ]
    assert list(ReportStep.objects.unscoped("a test").filter(report=row).values_list("verb", flat=True)) == verbs
    assert list(LedgerEntry.objects.filter(object_label=row.code).order_by("id").values_list("verb", flat=True)) == names
    assert [event.kind for event in OutboxEvent.objects.filter(topic="reports", user_ids=[]).order_by("id")] == names
    assert (row.resolution, row.lead.username, row.handled_by.username, row.verified_by.username) == (
        "已更换井盖", "handler", "handler", "supervisor",
    )  # fmt: skip


def test_the_same_key_files_once(file):
    key = uuid4()
    first = file(key=key)
    assert (file(key=key, title="又一次").pk, Report.objects.unscoped("a test").count()) == (first.pk, 1)


def test_another_persons_key_is_refused_by_the_database_and_tells_nothing(file):
    key = uuid4()
    file(key=key)
    with pytest.raises(IntegrityError):
        file("colleague", key=key, area_code=NEXT_GRID)


@pytest.mark.parametrize(
    ("who", "area"), [("colleague", GRID), ("worker", NEXT_GRID), ("mediator", GRID), ("auditor", GRID), ("stranger", GRID)]
)
def test_nobody_files_outside_the_own_area_or_without_the_role(file, who, area):
    with pytest.raises(NotAllowed):
        file(who, area_code=area)
    assert (Report.objects.unscoped("a test").count(), LedgerEntry.objects.filter(verb="report.filed").count()) == (0, 0)


def test_a_rule_opens_and_dispatches_at_once_the_first_match_wins(file, people):
    urban = Department.objects.get(code="urban")
    facilities = Category.objects.get(code="facilities")
    DispatchRule.objects.create(order=1, name="他镇", area_code=OTHER_TOWN, desk=Desk.TOWN)
    DispatchRule.objects.create(order=2, name="公用设施", category=facilities, desk=Desk.DEPARTMENT, department=urban)
    DispatchRule.objects.create(order=3, name="其余", desk=Desk.TOWN)
    row = file()
    row.refresh_from_db()
    assert (row.state, row.department, row.desk_code, row.filed_by.username) == ("dispatched", urban, "", "worker")
    other = file(category=Category.objects.get(code="other"))
    other.refresh_from_db()
    assert (other.state, other.department, other.desk_code) == ("dispatched", None, TOWN)


def test_without_a_rule_it_waits_for_the_desk_of_the_town(file):
    assert file().state == "filed"


def test_a_desk_outside_its_place_cannot_take_it(report_in):
    row = report_in("opened")
    for text in (f"desk:{OTHER_TOWN}", "desk:", "department:0", "nobody"):
        with pytest.raises(DomainError):
            recipient_named(text, row)
    assert recipient_named(f"desk:{VILLAGE}", row) == Recipient(desk_code=VILLAGE)


def test_after_two_bounces_only_the_command_centre_dispatches(report_in, act, reads):
    row = report_in("opened")
    department = Recipient(Department.objects.get(code="urban"))
    for _turn in range(2):
        reads("town_officer", row)
        handling.dispatch(actor=act("town_officer"), report_id=row.pk, recipient=department)
        handling.object_to(actor=act("handler"), report_id=row.pk, reason="不属本单位")
    with pytest.raises(NotAllowed):
        handling.dispatch(actor=act("town_officer"), report_id=row.pk, recipient=department)
    row.refresh_from_db()
    assert (row.state, row.bounces) == ("opened", 2)
    reads("dispatcher", row)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=department)


def test_not_ours_is_said_within_five_working_days(report_in, act):
    row = report_in("dispatched")
    later = row.dispatched_at + timedelta(days=15)
    with pytest.raises(DomainError):
        handling.object_to(actor=act("handler"), report_id=row.pk, reason="不属本单位", now=later)
    row.refresh_from_db()
    assert (row.state, row.bounces) == ("dispatched", 0)


def test_who_handles_does_not_verify(file, act, people):
    row = file()
    handling.open_report(actor=act("town_officer"), report_id=row.pk)
    handling.dispatch(actor=act("town_officer"), report_id=row.pk, recipient=Recipient(desk_code=TOWN))
    handling.sign_for(actor=act("town_officer"), report_id=row.pk)
    handling.feed_back(actor=act("town_officer"), report_id=row.pk, result="已办")
    with pytest.raises(NotAllowed):
        handling.verify(actor=act("town_officer"), report_id=row.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=row.pk).update(verified_by=people["town_officer"])


def test_sent_back_it_counts_as_rework_and_is_handled_again(report_in, act):
    row = report_in("handled")
    handling.send_back(actor=act("supervisor"), report_id=row.pk, reason="仍有缺口")
    row.refresh_from_db()
    assert (row.state, row.rework, row.handled_by) == ("handling", 1, None)


def test_reopening_keeps_the_history_and_starts_a_new_deadline(report_in, act):
    row = report_in("closed")
    before = ReportStep.objects.unscoped("a test").filter(report=row).count()
    later = row.closed_at + timedelta(days=30)
    handling.reopen(actor=act("supervisor"), report_id=row.pk, reason="居民反映未解决", now=later)
    row.refresh_from_db()
    assert (row.state, row.reopened, row.closed_at, row.lead) == ("opened", 1, None, None)
    assert row.deadline_at > later
    assert ReportStep.objects.unscoped("a test").filter(report=row).count() == before + 1


def test_an_order_must_be_answered_in_writing_before_closing(report_in, act):
    row = report_in("verified")
    oversight.supervise(actor=act("director"), report_id=row.pk, reason="为何两次返工")
    with pytest.raises(DomainError):
        handling.close(actor=act("supervisor"), report_id=row.pk)
    oversight.answer_order(actor=act("handler"), report_id=row.pk, result="配件批次不合格，已换")
    handling.close(actor=act("supervisor"), report_id=row.pk)
    order = SupervisionOrder.objects.unscoped("a test").get()
    assert (order.answer, order.answered_by.username) == ("配件批次不合格，已换", "handler")


def test_voiding_takes_two_persons(report_in, act):
    row = report_in("opened")
    oversight.propose_void(actor=act("duty_officer"), report_id=row.pk, reason="重复录入")
    with pytest.raises(NotAllowed):
        oversight.confirm_void(actor=act("duty_officer"), report_id=row.pk)
    oversight.confirm_void(actor=act("director"), report_id=row.pk)
    row.refresh_from_db()
    assert row.state == "void"


def test_a_double_click_finds_the_state_changed(report_in, act):
    row = report_in("dispatched")
    handling.sign_for(actor=act("handler"), report_id=row.pk)
    with pytest.raises(InvalidTransition):
        handling.sign_for(actor=act("handler"), report_id=row.pk)
    assert ReportStep.objects.unscoped("a test").filter(report=row, verb="sign_for").count() == 1


MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_each_hop_has_its_own_due_time_on_the_working_calendar(file, act):
    row = file(now=MONDAY)
    assert (row.due_at, row.deadline_at) == (MONDAY.replace(hour=11), MONDAY.replace(day=26, hour=17, minute=30))
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY.replace(hour=10))
    row.refresh_from_db()
    assert row.due_at == MONDAY.replace(hour=12)


def test_a_pause_holds_the_due_time_and_an_extension_moves_it(file, act):
    row = file(now=MONDAY)
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY)
    department = Recipient(Department.objects.get(code="urban"))
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=department, now=MONDAY)
    row = handling.sign_for(actor=act("handler"), report_id=row.pk, now=MONDAY)
    assert row.due_at == MONDAY.replace(day=24, hour=17, minute=30)
    row = oversight.pause(actor=act("handler"), report_id=row.pk, reason="等待配件", now=MONDAY.replace(hour=10))
    assert (row.due_at, row.rung_at) == (None, None)
    row = oversight.resume(actor=act("handler"), report_id=row.pk, now=MONDAY.replace(day=25, hour=10))
    assert row.due_at == MONDAY.replace(day=25, hour=17, minute=30)
    asked = MONDAY.replace(day=25, hour=11)
    oversight.ask_extension(actor=act("handler"), report_id=row.pk, amount=2, reason="缺材料", now=asked)
    row = oversight.approve_extension(actor=act("director"), report_id=row.pk, now=asked)
    assert (row.due_at, row.extensions) == (MONDAY.replace(day=27, hour=17, minute=30), 1)


def kinds() -> list[str]:
    return sorted(Notice.objects.filter(kind__startswith="report.").values_list("kind", flat=True))


def test_the_sweep_climbs_each_rung_once(file, people):
    file(now=MONDAY)
    for moment, told in ((MONDAY.replace(hour=10, minute=59), False), (MONDAY.replace(hour=11), True)):
        sweeping.sweep_clocks(now=moment)
        assert ("report.overdue" in kinds()) is told
    before = kinds()
    assert sweeping.sweep_clocks(now=MONDAY.replace(hour=11, minute=1)) == 0
    assert kinds() == before
    sweeping.sweep_clocks(now=MONDAY.replace(day=25))
    assert "report.escalated" in kinds()


def test_half_an_hour_without_a_lead_is_an_alarm(file, people, act):
    row = file(now=MONDAY)
    sweeping.sweep_clocks(now=MONDAY + timedelta(minutes=29))
    assert "report.no_lead" not in kinds()
    sweeping.sweep_clocks(now=MONDAY + timedelta(minutes=31))
    sweeping.sweep_clocks(now=MONDAY + timedelta(minutes=40))
    assert LedgerEntry.objects.filter(verb="report.no_lead_found", object_label=row.code).count() == 1


def test_a_notice_reaches_the_department_that_got_it(report_in, people):
    report_in("dispatched")
    told = Notice.objects.filter(kind="report.arrived").values_list("deliveries__user__username", flat=True)
    assert sorted(told) == ["assistant", "handler"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_has_words(language):
    with translation.override(language):
        assert all(str(item.label).strip() for item in STEPS.transitions)


def test_codes_are_unlike_and_cannot_be_guessed():
    made = {filing.new_code(clock.now()) for _number in range(200)}
    assert len(made) == 200
