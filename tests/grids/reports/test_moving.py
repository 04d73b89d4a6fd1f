"""From desk to desk: up, down, across; each hop with its own time to sign for, and nobody pushes the alarm back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from grids.reports.actions import handling, moving, sweeping
from grids.reports.models import ReportStep
from grids.reports.routing import Recipient
from tests.conftest import GRID, TOWN, VILLAGE
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def at_desk(row):
    row.refresh_from_db()
    return row.state, row.desk_code, row.department, row.lead


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("deliveries__user__username", flat=True))


def test_from_the_grid_up_to_the_command_centre_and_the_reason_goes_along(on_desk, act):
    row = on_desk(GRID, "worker", "handling")
    moving.send_up(actor=act("worker"), report_id=row.pk, reason="需要挖掘机")
    assert at_desk(row) == ("dispatched", VILLAGE, None, None)
    moving.send_up(actor=act("village_officer"), report_id=row.pk, reason="村里没有")
    assert at_desk(row) == ("dispatched", TOWN, None, None)
    moving.send_up_to_centre(actor=act("town_officer"), report_id=row.pk, reason="跨镇事项")
    assert at_desk(row) == ("opened", "", None, None)
    steps = ReportStep.objects.unscoped("a test").filter(report=row, verb__startswith="send_up")
    assert [step.reason for step in steps] == ["需要挖掘机", "村里没有", "跨镇事项"]
    assert (row.bounces, row.returns) == (0, 0)
    assert told("report.sent_up") == ["town_officer", "village_officer"]
    assert told("report.sent_up_to_centre") == ["dispatcher"]


def test_down_to_a_desk_in_whose_area_it_lies_and_to_no_other(on_desk, act, desk):
    row = on_desk(TOWN, "town_officer")
    for wrong in (Recipient(desk_code=TOWN), Recipient(desk_code="320312106201002"), desk("water")):
        with pytest.raises(DomainError):
            moving.send_down(actor=act("town_officer"), report_id=row.pk, recipient=wrong)
    assert at_desk(row) == ("dispatched", TOWN, None, None)
    moving.send_down(actor=act("town_officer"), report_id=row.pk, recipient=Recipient(desk_code=GRID))
    assert at_desk(row) == ("dispatched", GRID, None, None)
    assert told("report.arrived") == ["town_officer", "worker"]


def test_a_transfer_needs_another_desk_and_a_reason(report_in, act, desk):
    row = report_in("handling")
    for recipient, reason in ((desk("urban"), "理由"), (desk("water"), " ")):
        with pytest.raises(DomainError):
            moving.transfer(actor=act("handler"), report_id=row.pk, recipient=recipient, reason=reason)
    assert at_desk(row)[:3] == ("handling", "", desk("urban").department)
    moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水管网")
    assert at_desk(row) == ("dispatched", "", desk("water").department, None)
    assert row.departments == [desk("urban").department.pk, desk("water").department.pk]
    assert told("report.arrived") == ["assistant", "handler", "other_handler"]


def test_after_two_bounces_the_command_centre_decides(report_in, act, desk, reads):
    row = report_in("dispatched")
    moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水")
    moving.transfer(actor=act("other_handler"), report_id=row.pk, recipient=desk("urban"), reason="井盖")
    with pytest.raises(NotAllowed):
        moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水")
    row.refresh_from_db()
    assert (row.state, row.department, row.bounces) == ("dispatched", desk("urban").department, 2)
    handling.object_to(actor=act("handler"), report_id=row.pk, reason="不属本单位")
    with pytest.raises(NotAllowed):
        handling.dispatch(actor=act("town_officer"), report_id=row.pk, recipient=desk("water"))
    reads("dispatcher", row)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("water"))


def test_each_hop_has_its_own_time_to_sign_for_and_a_late_one_is_marked(file, act, desk):
    row = file(now=MONDAY)
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("urban"), now=MONDAY)
    row = moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水", now=MONDAY.replace(hour=10))
    assert row.due_at == MONDAY.replace(hour=15, minute=30)
    row = moving.transfer(actor=act("other_handler"), report_id=row.pk, recipient=desk("urban"), reason="井盖", now=MONDAY.replace(hour=17))
    steps = ReportStep.objects.unscoped("a test").filter(report=row, verb="transfer")
    assert [step.was_late for step in steps] == [False, True]


def test_hops_do_not_push_back_the_alarm_that_nobody_leads(file, act, desk):
    row = file(now=MONDAY)
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY + timedelta(minutes=10))
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("urban"), now=MONDAY + timedelta(minutes=20))
    moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水", now=MONDAY + timedelta(minutes=29))
    sweeping.sweep_clocks(now=MONDAY + timedelta(minutes=30))
    assert LedgerEntry.objects.filter(verb="report.no_lead_found", object_label=row.code).count() == 1


def test_who_signs_leads_and_a_move_ends_it(on_desk, act):
    row = on_desk(VILLAGE, "village_officer", "handling")
    row.refresh_from_db()
    assert (row.lead.username, row.lead_alarm_at) == ("village_officer", None)
    row = moving.send_up(actor=act("village_officer"), report_id=row.pk, reason="需要吊车")
    assert (row.lead, row.lead_alarm_at is None) == (None, False)
