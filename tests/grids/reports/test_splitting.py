"""One report into two that know of each other, and ties to the matters of other apps."""

from uuid import uuid4

import pytest
from django.urls import reverse

from grids.reports.actions import splitting
from grids.reports.enums import Desk
from grids.reports.models import DispatchRule, Report, ReportLink, ReportStep
from grids.reports.public import link_report
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db


def links_of(row):
    return list(ReportLink.objects.unscoped("a test").filter(report=row).values_list("kind", "label", "address"))


def test_a_part_becomes_a_report_of_its_own_for_another_desk_linked_both_ways(report_in, act, desk, people):
    DispatchRule.objects.create(name="其余", desk=Desk.TOWN)
    row = report_in("filed")
    Report.objects.filter(pk=row.pk).update(state="opened", desk_code="", department=None, lon=117.1, lat=34.1, phone=None)
    child = splitting.split_off(actor=act("dispatcher"), report_id=row.pk, key=uuid4(), title="路面塌陷", recipient=desk("transport"))
    row.refresh_from_db()
    assert (child.state, child.department.code, child.title, child.source) == ("dispatched", "transport", "路面塌陷", "part")
    assert (child.area_code, child.lon, child.category, child.somebody_waits) == (row.area_code, 117.1, row.category, False)
    assert links_of(row) == [("report", child.code, reverse("reports:show", args=[child.code]))]
    assert links_of(child) == [("report", row.code, reverse("reports:show", args=[row.code]))]
    assert row.state == "opened"


def test_the_same_key_splits_once(report_in, act, desk):
    row, key = report_in("handling"), uuid4()
    given = {"actor": act("dispatcher"), "report_id": row.pk, "key": key, "title": "路面塌陷", "recipient": desk("transport")}
    assert splitting.split_off(**given).pk == splitting.split_off(**given).pk
    assert (Report.objects.unscoped("a test").count(), len(links_of(row))) == (2, 1)


def test_a_handler_does_not_split(report_in, act, desk):
    row = report_in("handling")
    with pytest.raises(NotAllowed):
        splitting.split_off(actor=act("handler"), report_id=row.pk, key=uuid4(), title="路面塌陷", recipient=desk("transport"))
    assert Report.objects.unscoped("a test").count() == 1


def test_splitting_by_its_page(report_in, client, people, desk):
    row = report_in("handling")
    client.force_login(people["dispatcher"])
    address = reverse("reports:step", args=[row.code, "split_off"])
    key = client.get(address).context["form"]["key"].value()
    given = {"recipient": desk("transport").key, "reason": "路面塌陷", "key": key}
    assert [client.post(address, given).status_code for _turn in range(2)] == [302, 302]
    assert Report.objects.unscoped("a test").filter(title="路面塌陷").count() == 1


def test_other_apps_say_what_a_report_became_once(report_in, act):
    row = report_in("handling")
    given = {"report_id": row.pk, "kind": "dispute", "label": "纠纷 2026-001", "address": "/disputes/2026-001/"}
    for actor in (act("town_officer"), system_actor("reports")):
        link_report(actor=actor, **given)
    assert links_of(row) == [("dispute", "纠纷 2026-001", "/disputes/2026-001/")]
    assert ReportStep.objects.unscoped("a test").filter(report=row, verb="link").count() == 1


@pytest.mark.parametrize("who", ["other_town_officer", "mediator", "stranger"])
def test_who_does_not_see_it_does_not_link_it(report_in, act, who):
    row = report_in("handling")
    with pytest.raises(Report.DoesNotExist):
        link_report(actor=act(who), report_id=row.pk, kind="dispute", label="纠纷", address="/disputes/1/")
    assert links_of(row) == []


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_link_stays_within_the_portal(report_in, act, address):
    row = report_in("handling")
    with pytest.raises(DomainError):
        link_report(actor=act("town_officer"), report_id=row.pk, kind="dispute", label="纠纷", address=address)
    assert links_of(row) == []
