"""The resident's own contact: masked, shown on request, corrected, erased; and gone when its time is over, whoever wrote it down."""

from datetime import timedelta

import pytest

from grids.reports.actions import handling, own_contact
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry

from .conftest import NAME, PHONE, at

pytestmark = pytest.mark.django_db


def test_the_own_contact_is_corrected_without_the_ledger_learning_it(raised, client):
    row = raised()
    answer = client.post(at(row, "contact"), {"contact": "", "phone": "139 1111 2222"})
    row.refresh_from_db()
    assert (answer.status_code, str(row.contact), str(row.phone)) == (302, "欧阳**", "139****2222")
    entry = LedgerEntry.objects.get(verb="report.contact_changed")
    assert entry.detail == {"fields": ["phone"], "notice": "2026-11"}
    assert [word for word in ("1111", PHONE, NAME) if word in str(list(LedgerEntry.objects.values_list("reason", "detail")))] == []


@pytest.mark.parametrize(("what", "left"), [("all", (None, None)), ("phone", ("欧阳**", None)), ("contact", (None, "138****1234"))])
def test_the_own_contact_is_erased(raised, client, what, left):
    row = raised()
    answer = client.post(at(row, "erase"), {"what": what})
    row.refresh_from_db()
    assert (answer.status_code, tuple(str(one) if one else None for one in (row.contact, row.phone))) == (302, left)
    assert (row.phone_index is None) is (left[1] is None)
    again = client.post(at(row, "erase"), {"what": what})
    assert (again.status_code, LedgerEntry.objects.filter(verb="report.contact_erased").count()) == (302, 1)


def test_the_contact_page_shows_masks_alone(raised, client):
    body = client.get(at(raised(), "contact")).content.decode()
    assert ("138****1234" in body, "欧阳**" in body, PHONE in body, NAME in body) == (True, True, False, False)


def test_the_own_contact_is_shown_in_full_on_request_and_the_ledger_keeps_that_it_was(raised, client):
    row = raised()
    assert client.get(at(row, "show_contact")).status_code == 405
    answer = client.post(at(row, "show_contact"))
    body = answer.content.decode()
    assert (answer.status_code, NAME in body, PHONE in body, "no-store" in answer["Cache-Control"]) == (200, True, True, True)
    entry = LedgerEntry.objects.get(verb="report.contact_shown")
    assert (entry.detail, entry.object_label) == ({"fields": ["contact", "phone"], "notice": "2026-11"}, row.code)
    assert PHONE not in client.get(at(row, "contact")).content.decode()
    assert client.post(at(row, "show_contact", key="23456789")).status_code == 404
    assert LedgerEntry.objects.filter(verb="report.contact_shown").count() == 1


def test_contacts_of_reports_that_nobody_outside_raised_are_not_touched(file, client):
    row = file(contact=NAME, phone=PHONE)
    answers = [client.post(at(row, "contact"), {"phone": "13911112222"}), client.post(at(row, "erase"), {"what": "all"})]
    row.refresh_from_db()
    assert ([answer.status_code for answer in answers], str(row.phone)) == ([422, 302], "138****1234")
    assert "138****1234" in client.get(at(row, "contact")).content.decode()
    assert PHONE not in client.post(at(row, "show_contact"), follow=True).content.decode()


def test_contacts_are_erased_when_the_promised_time_is_over(lead_to, raised, settings):
    settings.RESIDENT_CONTACT_DAYS = 30
    living, over = raised(), lead_to("all")
    assert own_contact.erase_old_contacts(now=clock.now() + timedelta(days=29)) == 0
    assert own_contact.erase_old_contacts(now=clock.now() + timedelta(days=31)) == 1
    living.refresh_from_db(), over.refresh_from_db()
    assert (over.phone, over.contact, str(living.phone)) == (None, None, "138****1234")


def test_so_are_those_that_staff_wrote_down_for_somebody(file, act, settings):
    settings.RESIDENT_CONTACT_DAYS = 30
    living, over = file(contact=NAME, phone=PHONE), file(contact=NAME, phone=PHONE)
    handling.withdraw(actor=act("worker"), report_id=over.pk, reason="看错了")
    assert own_contact.erase_old_contacts(now=clock.now() + timedelta(days=31)) == 1
    living.refresh_from_db(), over.refresh_from_db()
    assert (over.phone, over.contact, str(living.phone)) == (None, None, "138****1234")
    assert LedgerEntry.objects.get(verb="report.contact_erased").object_label == over.code
