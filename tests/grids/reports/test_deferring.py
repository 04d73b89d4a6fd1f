"""Deferral: asked in time, approved by another, the clocks stand still until a day and run again by themselves."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grids.reports.actions import dates, deferring, handling, oversight
from grids.reports.models import Report, ReportStep
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.live.models import Notice

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FRIDAY = date(2026, 11, 27)


@pytest.fixture
def handled_since_monday(file, act, desk):
    row = file(now=MONDAY)
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("urban"), now=MONDAY)
    return handling.sign_for(actor=act("handler"), report_id=row.pk, now=MONDAY)


@pytest.fixture
def asked(handled_since_monday, act):
    return deferring.ask_deferral(
        actor=act("handler"), report_id=handled_since_monday.pk, until=FRIDAY, reason="等雨停", now=MONDAY.replace(hour=10)
    )


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("deliveries__user__username", flat=True))


def test_it_rests_until_the_day_and_goes_on_by_itself(asked, act):
    due, deadline = asked.due_at, asked.deadline_at
    row = deferring.approve_deferral(actor=act("director"), report_id=asked.pk, now=MONDAY.replace(hour=11))
    assert (row.due_at, row.deadline_at, row.deferrals, row.deferral, row.deferral_asked_by) == (None, None, 1, None, None)
    before, friday = datetime(2026, 11, 26, 23, 59, tzinfo=MONDAY.tzinfo), datetime(2026, 11, 27, tzinfo=MONDAY.tzinfo)
    assert (row.deferred_until, dates.keep_dates(now=before)) == (friday, 0)
    assert dates.keep_dates(now=friday + timedelta(hours=3)) == 1
    row.refresh_from_db()
    # Due at the close of Tuesday, the first working day; Monday to Thursday did not count: now the close of Friday.
    assert (due, row.due_at) == (MONDAY.replace(day=24, hour=17, minute=30), MONDAY.replace(day=27, hour=17, minute=30))
    assert (row.deferred_until, row.clock_now().pauses[-1].until, row.total_clock().is_paused) == (None, friday, False)
    assert row.deadline_at > deadline
    assert dates.keep_dates(now=friday + timedelta(hours=4)) == 0
    assert (told("report.deferral_asked"), told("report.deferred"), told("report.deferral_over")) == (
        ["supervisor", "town_officer"], ["handler"], ["handler"],
    )  # fmt: skip


def test_who_asks_does_not_approve(on_desk, act):
    row = on_desk("320312106", "town_officer", "handling")
    deferring.ask_deferral(actor=act("town_officer"), report_id=row.pk, until=date.today() + timedelta(days=9), reason="等雨停")
    with pytest.raises(NotAllowed):
        deferring.approve_deferral(actor=act("town_officer"), report_id=row.pk)
    row.refresh_from_db()
    assert (row.deferrals, row.deferred_until, row.deferral is None) == (0, None, False)


@pytest.mark.parametrize(
    ("until", "now"),
    [
        (FRIDAY, MONDAY.replace(day=24, hour=17, minute=31)),  # overdue
        (date(2026, 11, 23), MONDAY.replace(hour=10)),  # a day that has begun
        (date(2028, 1, 1), MONDAY.replace(hour=10)),  # too far
    ],
)
def test_it_is_asked_for_in_time_and_for_a_day_to_come(handled_since_monday, act, until, now):
    with pytest.raises(DomainError):
        deferring.ask_deferral(actor=act("handler"), report_id=handled_since_monday.pk, until=until, reason="等雨停", now=now)
    assert Report.objects.unscoped("a test").get().deferral is None


def test_asked_in_time_and_approved_after_it_rests_from_the_asking_on(asked, act):
    late = MONDAY.replace(day=25, hour=9)
    row = deferring.approve_deferral(actor=act("director"), report_id=asked.pk, now=late)
    assert (row.due_at, row.clock_now().pauses[-1].start) == (None, MONDAY.replace(hour=10))


def test_a_day_that_came_while_the_request_waited_is_refused(asked, act):
    with pytest.raises(DomainError):
        deferring.approve_deferral(actor=act("director"), report_id=asked.pk, now=MONDAY.replace(day=28))
    asked.refresh_from_db()
    assert (asked.deferrals, asked.deferred_until) == (0, None)
    row = deferring.refuse_deferral(actor=act("director"), report_id=asked.pk, reason="请先处理")
    assert (row.deferral, row.deferral_asked_by, told("report.deferral_refused")) == (None, None, ["handler"])


def test_one_request_waits_at_a_time(asked, act):
    with pytest.raises(DomainError):
        deferring.ask_deferral(actor=act("handler"), report_id=asked.pk, until=FRIDAY, reason="又一次", now=MONDAY.replace(hour=11))
    assert ReportStep.objects.unscoped("a test").filter(verb="ask_deferral").count() == 1


def test_a_clock_that_the_desk_paused_stays_paused_and_gets_its_day(asked, act):
    oversight.pause(actor=act("handler"), report_id=asked.pk, reason="等待配件", now=MONDAY.replace(hour=10, minute=30))
    row = deferring.approve_deferral(actor=act("director"), report_id=asked.pk, now=MONDAY.replace(hour=11))
    assert [(one.start, one.reason) for one in row.clock_now().pauses] == [(MONDAY.replace(hour=10, minute=30), "等待配件")]
    assert row.deferred_until is not None


def test_the_desk_may_go_on_earlier_and_a_result_ends_the_rest(asked, act):
    deferring.approve_deferral(actor=act("director"), report_id=asked.pk, now=MONDAY.replace(hour=11))
    row = oversight.resume(actor=act("handler"), report_id=asked.pk, now=MONDAY.replace(hour=12))
    assert (row.deferred_until, row.total_clock().is_paused) == (None, False)
    oversight.pause(actor=act("handler"), report_id=asked.pk, reason="等待配件", now=MONDAY.replace(hour=13))
    row = handling.feed_back(actor=act("handler"), report_id=asked.pk, result="已换", now=MONDAY.replace(hour=14))
    assert (row.total_clock().is_paused, row.deadline_at is None, row.due_at is None) == (False, False, False)
    assert [one.until for one in row.total_clock().pauses] == [MONDAY.replace(hour=12), MONDAY.replace(hour=14)]
