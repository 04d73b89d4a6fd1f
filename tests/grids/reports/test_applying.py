"""A changed time limit: it reaches no running clock by itself; applied, it keeps start and pauses, and stopped clocks do not change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from grids.reports.actions import applying, handling, oversight
from grids.reports.models import Category, Report, ReportStep, TimePolicy
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def running(file, act, desk):
    """A report that is handled since Monday, one working day for it."""

    def make():
        row = file(now=MONDAY)
        handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY)
        handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("urban"), now=MONDAY)
        return handling.sign_for(actor=act("handler"), report_id=row.pk, now=MONDAY)

    return make


@pytest.fixture
def policy():
    """The limit to handle what is urgent, changed from one working day to three."""
    row = TimePolicy.objects.get(stage="handle", urgency="high")
    row.amount, row.version = 3, row.version + 1
    row.save()
    return row


def clocks(row):
    row.refresh_from_db()
    return row.clock, row.due_at, row.total, row.deadline_at


def test_a_changed_limit_reaches_no_running_clock_by_itself(running, request):
    row = running()
    before = clocks(row)
    request.getfixturevalue("policy")
    assert clocks(row) == before


def test_applied_it_keeps_the_start_and_moves_the_due_time(running, act, policy):
    row = running()
    Report.objects.filter(pk=row.pk).update(clock=row.clock | {"policy": "1.1", "limit": row.clock["limit"] | {"amount": 1}})
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(1, 0)
    row.refresh_from_db()
    hop = row.clock_now()
    assert (hop.started_at, hop.limit.amount, hop.policy) == (MONDAY, 3, f"{policy.pk}.{policy.version}")
    assert row.due_at == MONDAY.replace(day=26, hour=17, minute=30)
    step = ReportStep.objects.unscoped("a test").filter(report=row).order_by("-id").first()
    assert (step.verb, step.actor_label) == ("apply_limit", "system_admin")
    assert LedgerEntry.objects.get(verb="report_settings.applied").detail == {"changed": 1, "left": 0}


def test_applied_again_nothing_changes(running, act):
    row = running()
    policy = TimePolicy.objects.get(stage="handle", urgency="high")
    before = clocks(row)
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(0, 0)
    assert (clocks(row), LedgerEntry.objects.filter(verb="report_settings.applied").count()) == (before, 0)


def test_a_pause_is_never_lost(running, act, request):
    row, open_pause = running(), running()
    for one in (row, open_pause):
        oversight.pause(actor=act("handler"), report_id=one.pk, reason="等待配件", now=MONDAY.replace(hour=10))
    oversight.resume(actor=act("handler"), report_id=row.pk, now=MONDAY.replace(day=25, hour=10))
    policy = request.getfixturevalue("policy")
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(2, 0)
    row.refresh_from_db(), open_pause.refresh_from_db()
    # Monday to Wednesday morning did not count: Wednesday, Thursday, Friday.
    assert (len(row.clock_now().pauses), row.due_at) == (1, MONDAY.replace(day=27, hour=17, minute=30))
    assert (open_pause.clock_now().is_paused, open_pause.due_at, open_pause.rung_at) == (True, None, None)


def test_stopped_clocks_and_past_hops_are_unchanged(report_in, act, request):
    closed, handled = report_in("closed"), report_in("handled")
    before = clocks(closed), clocks(handled)
    steps = list(ReportStep.objects.unscoped("a test").order_by("id").values_list("due_at", flat=True))
    policy = request.getfixturevalue("policy")
    total = TimePolicy.objects.get(stage="total", urgency="low")
    for one in (policy, total):
        applying.apply_policy(actor=act("system_admin"), policy_id=one.pk)
    assert (clocks(closed), clocks(handled)) == before
    assert list(ReportStep.objects.unscoped("a test").order_by("id").values_list("due_at", flat=True)) == steps


def test_the_whole_loop_follows_its_own_limit(running, act):
    row = running()
    policy = TimePolicy.objects.get(stage="total", urgency="high")
    TimePolicy.objects.filter(pk=policy.pk).update(amount=10, version=2)
    hop = clocks(row)[:2]
    applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk)
    assert clocks(row)[:2] == hop
    assert (row.total_clock().limit.amount, row.total_clock().started_at) == (10, MONDAY)


def test_a_more_exact_limit_is_not_overruled(running, act, policy):
    row = running()
    TimePolicy.objects.create(stage="handle", category=Category.objects.get(code="manhole"), amount=9, unit="working_day")
    before = clocks(row)
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(0, 0)
    assert clocks(row) == before


def test_extensions_in_another_unit_are_left_alone_and_counted(running, act, policy):
    row = running()
    oversight.ask_extension(actor=act("handler"), report_id=row.pk, amount=1, reason="缺材料", now=MONDAY.replace(hour=10))
    oversight.approve_extension(actor=act("director"), report_id=row.pk, now=MONDAY.replace(hour=10))
    TimePolicy.objects.filter(pk=policy.pk).update(unit="hour", version=9)
    before = clocks(row)
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(0, 1)
    assert clocks(row) == before


def test_it_goes_chunk_by_chunk(running, act, monkeypatch, request):
    rows = [running() for _number in range(3)]
    monkeypatch.setattr(applying, "CHUNK", 2)
    policy = request.getfixturevalue("policy")
    assert applying.apply_policy(actor=act("system_admin"), policy_id=policy.pk) == applying.Applied(3, 0)
    assert {row.clock_now().limit.amount for row in Report.objects.unscoped("a test").filter(pk__in=[row.pk for row in rows])} == {3}
    assert LedgerEntry.objects.filter(verb="report_settings.applied").count() == 2


@pytest.mark.parametrize("who", ["dispatcher", "director", "auditor"])
def test_only_the_system_administrator_applies_it(running, act, who, request):
    row = running()
    before = clocks(row)
    with pytest.raises(NotAllowed):
        applying.apply_policy(actor=act(who), policy_id=request.getfixturevalue("policy").pk)
    assert clocks(row) == before


def test_a_limit_without_running_clocks_says_so(act):
    with pytest.raises(DomainError):
        applying.apply_policy(actor=act("system_admin"), policy_id=TimePolicy.objects.get(stage="rate").pk)


def test_in_the_administration_it_is_one_choice(running, client, people, request):
    row = running()
    policy = request.getfixturevalue("policy")
    client.force_login(people["system_admin"])
    answer = client.post(reverse("admin:reports_timepolicy_changelist"), {"action": "apply_to_running", "_selected_action": [policy.pk]})
    row.refresh_from_db()
    assert (answer.status_code, row.clock_now().limit.amount) == (302, 3)
