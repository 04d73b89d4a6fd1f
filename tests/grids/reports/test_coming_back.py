"""What came back to a desk: a return is read before anything is done with it; a lead who leaves gives back what she had."""

from datetime import timedelta

import pytest
from django.urls import reverse

from grids.reports.actions import handling
from grids.reports.actions.in_bulk import do_in_bulk
from grids.reports.actions.leaderless import release_leads
from grids.reports.actions.sweeping import sweep_clocks
from grids.reports.models import Report
from grids.reports.notices import KINDS
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.live.models import Delivery
from tongshan_portal.workflow.in_bulk import Ticked

pytestmark = pytest.mark.django_db
REASON = "不是井盖，是雨水篦子"


@pytest.fixture
def returned(report_in, act, reads) -> Report:
    """A report that its department gave back; the dispatcher had opened it before."""
    row = report_in("dispatched")
    reads("dispatcher", row)
    handling.return_report(actor=act("handler"), report_id=row.pk, reason=REASON)
    return row


def state_of(row) -> tuple:
    row.refresh_from_db()
    return row.state, row.department_id


def test_an_unread_return_is_not_sent_on_alone_nor_in_bulk_until_it_was_opened(returned, act, desk, reads):
    me, data = act("dispatcher"), {"recipient": f"department:{Department.objects.get(code='water').pk}"}
    with pytest.raises(DomainError):
        handling.dispatch(actor=me, report_id=returned.pk, recipient=desk("water"))
    [refused] = do_in_bulk(actor=me, verb="dispatch", ticked=[Ticked(returned.code)], data=data)
    assert (refused.done, refused.unread, state_of(returned)) == (False, True, ("opened", None))
    reads("dispatcher", returned)
    [done] = do_in_bulk(actor=me, verb="dispatch", ticked=[Ticked(returned.code)], data=data)
    assert (done.done, state_of(returned)[0]) == (True, "dispatched")


def test_the_page_of_the_verb_says_why_it_came_back_and_counts_as_reading(returned, client, people):
    client.force_login(people["dispatcher"])
    address, given = reverse("reports:step", args=[returned.code, "dispatch"]), {}
    given["recipient"] = f"department:{Department.objects.get(code='water').pk}"
    refused = client.post(address, given)
    shown = client.get(address)
    sent = client.post(address, given)
    assert [refused.status_code, shown.status_code, sent.status_code] == [422, 200, 302]
    assert [REASON in answer.content.decode() for answer in (refused, shown)] == [True, True]


def test_a_result_that_was_sent_back_is_not_fed_back_again_unread(report_in, act, reads):
    row = report_in("handled")
    handling.send_back(actor=act("supervisor"), report_id=row.pk, reason="照片不清")
    with pytest.raises(DomainError):
        handling.feed_back(actor=act("handler"), report_id=row.pk, result="已更换")
    reads("handler", row)
    assert handling.feed_back(actor=act("handler"), report_id=row.pk, result="已更换").state == "handled"


def test_the_own_return_needs_no_reading(returned, file, act, desk, people):
    """Whoever gave it back herself knows why."""
    Posting.objects.filter(user=people["handler"]).update(role="dispatcher", department=None)
    assert handling.dispatch(actor=act("handler"), report_id=returned.pk, recipient=desk("water")).state == "dispatched"


def kinds_of(user) -> list[str]:
    found = Delivery.objects.filter(user=user).order_by("pk").values_list("notice__kind", flat=True)
    return [kind for kind in found if kind in ("report.lead_lost", "report.no_lead")]


@pytest.mark.parametrize("how", ["posting", "account"])
def test_a_lead_who_leaves_gives_it_back_to_the_desk_and_the_alarm_rings_after_half_an_hour(report_in, people, act, how):
    row, kept = report_in("handling"), report_in("handled")
    if how == "posting":
        Posting.objects.filter(user=people["handler"]).update(ends_on=clock.today() - timedelta(days=1))
    else:
        User.objects.filter(pk=people["handler"].pk).update(is_active=False)
    now = clock.now()
    assert [release_leads(now=now), release_leads(now=now)] == [1, 0]
    row.refresh_from_db()
    assert (row.state, row.lead_id, row.department.code, row.lead_alarm_at) == ("dispatched", None, "urban", now + timedelta(minutes=30))
    assert state_of(kept)[0] == "handled"
    sweep_clocks(now=now + timedelta(minutes=29))
    before = kinds_of(people["dispatcher"])
    sweep_clocks(now=now + timedelta(minutes=31))
    assert (before, kinds_of(people["dispatcher"]), kinds_of(people["assistant"])) == ([], ["report.no_lead"], ["report.lead_lost"])
    assert handling.sign_for(actor=act("assistant"), report_id=row.pk).lead_id == people["assistant"].pk


def test_a_lead_who_still_serves_on_the_desk_keeps_it(report_in, people):
    report_in("handling")
    posting = Posting.objects.get(user=people["handler"])
    Posting.objects.filter(pk=posting.pk).update(ends_on=clock.today() - timedelta(days=1))
    posting.pk, posting.starts_on = None, clock.today()
    posting.save()
    assert release_leads() == 0


def test_its_notice_is_known():
    assert "report.lead_lost" in {kind.name for kind in KINDS}
