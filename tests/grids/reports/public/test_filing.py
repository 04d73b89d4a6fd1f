"""Report without account: what is taken, what is refused and keeps what was typed, and what a machine or a hurried finger cannot do."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core import signing
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from shapely import box

from grids.areas.models import Area
from grids.areas.writing import write_shapes
from grids.reports.actions.resident_filing import file_for_resident
from grids.reports.enums import Desk, Located, Source
from grids.reports.models import Category, DispatchRule, Photo, ReportStep
from grids.reports.public_pages import challenge, limiting
from tests.conftest import DISTRICT, GRID, NEXT_GRID, TOWN
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import matching
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import OutboxEvent

from .conftest import NAME, PHONE, all_reports, answer_to

pytestmark = pytest.mark.django_db
FILE = "/report/"


@pytest.fixture
def page(areas):
    """The district stands."""
    return FILE


def test_one_sentence_and_a_place_are_enough(client, page, filled):
    answer = client.post(page, filled(text="", address=""))
    row = all_reports().get()
    assert (answer.status_code, answer["Location"]) == (302, f"/r/{row.code}/{row.follow_key}/slip/?new=1")
    assert (row.source, row.filed_by, row.area_code, row.located, row.category.code, row.contact, row.phone) == (
        Source.RESIDENT, None, GRID, Located.CHOSEN, "facilities", None, None,
    )  # fmt: skip
    assert [step.actor_label for step in ReportStep.objects.unscoped("a test").filter(report=row)] == ["portal/residents"]


def test_what_a_resident_leaves_is_sealed_and_in_no_channel(client, page, filled):
    client.post(page, filled(contact=NAME, phone="138 0000 1234", consent="on"))
    row = all_reports().get()
    assert matching(type(row), "phone", PHONE) and all_reports().filter(matching(type(row), "phone", PHONE)).get() == row
    assert (str(row.contact), str(row.phone)) == ("欧阳**", "138****1234")
    written = str(
        [*LedgerEntry.objects.values_list("reason", "detail", "object_label"), *OutboxEvent.objects.values_list("line", flat=True)]
    )
    assert [word for word in (NAME, PHONE, "0000 1234", row.follow_key) if word in written] == []
    entry = LedgerEntry.objects.get(verb="report.contact_given")
    assert entry.detail == {"fields": ["contact", "phone"], "notice": "2026-11"}


def test_a_contact_without_consent_is_not_taken_and_everything_typed_is_still_there(client, page, filled):
    answer = client.post(page, filled(contact=NAME, phone=PHONE))
    body = answer.content.decode()
    assert (answer.status_code, all_reports().count()) == (422, 0)
    assert all(word in body for word in ("小区门口路灯不亮", "已经三天了", "东门外", NAME, PHONE))


@pytest.mark.parametrize(
    ("given", "field"),
    [({"title": ""}, "title"), ({"phone": "abc", "consent": "on"}, "phone"), ({"sum": ""}, "sum"), ({"town": "320312999"}, "town")],
)
def test_what_is_wrong_is_said_beside_it(client, page, filled, given, field):
    answer = client.post(page, filled(**given))
    assert (answer.status_code, list(answer.context["form"].errors), all_reports().count()) == (422, [field], 0)


def test_without_any_place_it_is_refused_and_with_an_address_alone_the_desk_decides(client, page, filled):
    nowhere = {"town": "", "village": "", "grid": ""}
    refused = client.post(page, filled(**nowhere, address=""))
    assert (refused.status_code, list(refused.context["form"].errors), all_reports().count()) == (422, ["address"], 0)
    client.post(page, filled(**nowhere))
    row = all_reports().get()
    assert (row.area_code, row.located, row.state) == (DISTRICT, Located.DESK, "filed")


def test_another_town_forgets_the_village_of_the_one_before(client, page, filled):
    client.post(page, filled(town="320312119"))
    assert all_reports().get().area_code == "320312119"


@pytest.fixture
def ground(areas):
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1))], source="test", at=clock.now())


def test_a_point_says_the_grid_and_a_chosen_area_elsewhere_wins_over_it(client, page, filled, ground):
    nothing = {"town": "", "village": "", "grid": ""}
    for chosen in (nothing, {**nothing, "town": TOWN}, {}):
        client.post(page, filled(lon="117.15", lat="34.05", **chosen))
    found = list(all_reports().order_by("pk").values_list("area_code", "located", "lon"))
    assert found == [(NEXT_GRID, Located.POINT, 117.15), (NEXT_GRID, Located.POINT, 117.15), (GRID, Located.CHOSEN, 117.15)]


def test_a_point_outside_every_grid_is_left_to_the_desk(client, page, filled, ground):
    client.post(page, filled(lon="10", lat="50", town="", village="", grid="", address=""))
    row = all_reports().get()
    assert (row.area_code, row.located, row.lon) == (DISTRICT, Located.DESK, 10.0)


def test_an_area_that_is_not_in_force_is_refused(areas):
    Area.objects.filter(pk=GRID).update(valid_to=clock.today())
    with pytest.raises(DomainError):
        file_for_resident(actor=system_actor("residents"), key=uuid4(), title="路灯不亮", area_code=GRID)
    assert (all_reports().count(), LedgerEntry.objects.filter(verb="report.filed").count()) == (0, 0)


def test_the_place_is_chosen_step_by_step_without_scripts_and_keeps_what_was_typed(client, page, filled):
    answer = client.post(page, filled(village="", grid="", narrow="area"))
    body = answer.content.decode()
    assert (answer.status_code, all_reports().count()) == (200, 0)
    assert (f'<option value="{GRID[:12]}">' in body, f'<option value="{GRID}">' in body) == (True, False)
    assert all(word in body for word in ("小区门口路灯不亮", "已经三天了", "东门外"))
    deeper = client.post(page, filled(grid="", narrow="area")).content.decode()
    assert f'<option value="{GRID}">' in deeper


def test_a_point_fills_the_choices(client, page, filled, ground):
    answer = client.post(page, filled(town="", village="", grid="", lon="117.05", lat="34.05", narrow="point"))
    form = answer.context["form"]
    assert ([form[name].value() for name in ("town", "village", "grid")], answer.context["place"]) == (
        [TOWN, GRID[:12], GRID], "柳新镇 · 试验村 · 第001网格",
    )  # fmt: skip


def test_a_poster_of_a_grid_leads_to_its_place(client, page):
    assert client.get(page, {"area": GRID}).context["place"] == "柳新镇 · 试验村 · 第001网格"
    assert client.get(page, {"area": "<script>"}).context["place"] == ""


def test_the_same_rules_dispatch_as_for_staff(client, page, filled):
    urban = Department.objects.create(code="urban", name="城管局")
    category = Category.objects.get(code="facilities")
    DispatchRule.objects.create(order=1, name="公用设施", category=category, desk=Desk.DEPARTMENT, department=urban)
    client.post(page, filled())
    client.post(page, filled(town="", village="", grid=""))
    assert list(all_reports().order_by("pk").values_list("state", "department__code")) == [("dispatched", "urban"), ("filed", None)]


def test_sent_twice_it_is_one_report_and_both_lead_to_its_slip(client, page, filled):
    sent = filled()
    first, second = client.post(page, sent), client.post(page, sent)
    assert (second.status_code, second["Location"], all_reports().count()) == (302, first["Location"], 1)
    again = client.post(page, filled(key=sent["key"], title="又一次"))
    assert (again["Location"], all_reports().get().title) == (first["Location"], "小区门口路灯不亮")


def test_the_key_of_a_report_of_staff_opens_nothing(client, page, filled, cast, actor):
    from grids.reports.actions.filing import file_report

    key = uuid4()
    file_report(actor=actor(cast["worker"]), key=key, title="井盖", area_code=GRID)
    guest = Client()
    guest.raise_request_exception = False
    answer = guest.post(page, filled(key=str(key)))
    assert (answer.status_code, all_reports().count()) == (500, 1)


@pytest.fixture
def picture(monkeypatch, tmp_path):
    """A file as a phone sends it, and room for what is kept of it."""
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path))

    def make(colour: str) -> SimpleUploadedFile:
        data = BytesIO()
        Image.new("RGB", (40, 30), colour).save(data, "JPEG")
        return SimpleUploadedFile("家门口.jpg", data.getvalue(), "image/jpeg")

    return make


def test_up_to_three_photos_come_with_it_and_are_the_residents_own(client, page, filled, picture):
    sent = client.post(page, filled(photos=[picture("red"), picture("blue")]))
    row = all_reports().get()
    photos = list(Photo.objects.unscoped("a test").filter(report=row))
    assert ([(one.moment, one.added_by) for one in photos], row.photos_before) == ([("before", None)] * 2, 2)
    follow = sent["Location"].split("slip/")[0]
    assert {client.get(f"{follow}photos/{one.pk}/").status_code for one in photos} == {200}


def test_too_many_photos_or_none_at_all_are_refused_with_what_was_typed(client, page, filled, picture):
    many = client.post(page, filled(photos=[picture(colour) for colour in ("red", "blue", "green", "white")]))
    fake = client.post(page, filled(photos=[SimpleUploadedFile("a.jpg", b"<script>", "image/jpeg")]))
    assert ([answer.status_code for answer in (many, fake)], all_reports().count()) == ([422, 422], 0)
    assert all("小区门口路灯不亮" in answer.content.decode() for answer in (many, fake))
    assert (list(many.context["form"].errors), list(fake.context["form"].errors)) == (["photos"], ["photos"])


# The sum.


def test_a_question_is_used_once(client, page, filled):
    token = challenge.new(clock.now())
    client.post(page, filled(challenge=token))
    answer = client.post(page, filled(challenge=token))
    asked = answer.context["form"]["challenge"].value()
    assert (answer.status_code, list(answer.context["form"].errors), all_reports().count(), asked != token) == (422, ["sum"], 1, True)
    assert client.post(page, filled(challenge=asked)).status_code == 302


def test_a_wrong_answer_uses_the_question_up(client, page, filled):
    token = challenge.new(clock.now())
    wrong = client.post(page, filled(challenge=token, sum="99"))
    right = client.post(page, filled(challenge=token))
    assert (wrong.status_code, right.status_code, all_reports().count()) == (422, 422, 0)
    assert "小区门口路灯不亮" in wrong.content.decode()


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", signing.dumps({"n": "abc", "t": 0}, salt="another salt"), challenge.new(clock.now() - timedelta(hours=2)), "x" * 399],
    ids=["none", "nonsense", "forged", "expired", "long"],
)
def test_a_forged_or_expired_question_is_refused_and_another_is_asked(client, page, filled, token):
    given = filled() | {"challenge": token, "sum": "2"}
    answer = client.post(page, given)
    assert (answer.status_code, all_reports().count(), challenge.question(answer.context["form"]["challenge"].value()) != "") == (
        422,
        0,
        True,
    )


def test_a_signed_token_cannot_be_made_younger(client, page, filled):
    token = challenge.new(clock.now() - timedelta(hours=2))
    _payload, *signature = token.split(":", 1)
    forged = challenge.new(clock.now()).split(":", 1)[0] + ":" + signature[0]
    assert client.post(page, filled() | {"challenge": forged}).status_code == 422
    assert all_reports().count() == 0


def test_what_comes_faster_than_a_person_types_is_sent_once_more(client, page, filled, settings):
    settings.RESIDENT_SECONDS = 3
    token = challenge.new(clock.now())
    early = client.post(page, filled(challenge=token))
    assert (early.status_code, all_reports().count(), early.context["form"]["challenge"].value()) == (422, 0, token)
    settings.RESIDENT_SECONDS = 0
    assert client.post(page, filled(challenge=token)).status_code == 302


def test_the_trap_catches_what_fills_in_everything(client, page, filled):
    answer = client.post(page, filled(website="https://example.org"))
    assert (answer.status_code, all_reports().count()) == (422, 0)


@pytest.mark.parametrize("typed", ["12", " 1２ ", "十二", "Twelve"])
def test_a_number_is_understood_as_people_write_it(typed):
    assert challenge.number_in(typed) == 12


@pytest.mark.parametrize("typed", ["", "很多", "1.2", "-3"])
def test_what_is_no_number_is_none(typed):
    assert challenge.number_in(typed) is None


# Limits.


def test_an_address_has_its_limit_and_what_was_typed_stays(client, page, filled, settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 2
    codes = [client.post(page, filled()).status_code for _turn in range(3)]
    assert (codes, all_reports().count()) == ([302, 302, 429], 2)
    assert "小区门口路灯不亮" in client.post(page, filled()).content.decode()
    assert client.post(page, filled(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_one_line_is_one_address_however_many_it_has(client, page, filled, settings):
    settings.RESIDENT_REPORTS_PER_HOUR = 1
    addresses = ["2001:db8:1:1::1", "2001:db8:1:1::2", "2001:db8:1:2::1"]
    assert [client.post(page, filled(), REMOTE_ADDR=one).status_code for one in addresses] == [302, 429, 302]


def test_a_phone_number_has_its_limit_however_it_is_written(client, page, filled, settings):
    settings.RESIDENT_REPORTS_PER_PHONE = 1
    sent = [filled(phone=phone, consent="on") for phone in (PHONE, "+86 138-0000-1234", "13900001234")]
    assert [client.post(page, one).status_code for one in sent] == [302, 429, 302]


def test_wrong_sums_have_their_limit(client, page, filled, settings):
    settings.RESIDENT_WRONG_PER_HOUR = 2
    codes = [client.post(page, filled(sum="99")).status_code for _turn in range(3)]
    assert (codes, client.post(page, filled()).status_code, all_reports().count()) == ([422, 422, 429], 429, 0)


def test_counters_hold_neither_addresses_nor_numbers():
    counter = limiting._counter(limiting.FILED_WITH_PHONE, PHONE, clock.now())
    assert PHONE not in counter


def test_without_the_cache_nothing_is_taken_and_the_page_says_when_to_come_back(page, filled, settings):
    sent = filled()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    guest = Client()
    guest.raise_request_exception = False
    answer = guest.post(page, sent)
    assert (answer.status_code, answer["Retry-After"], all_reports().count()) == (503, "30", 0)


# Hostile words.


def test_markup_and_formulas_are_shown_as_they_were_written(client, page, filled):
    hostile = '<script>alert(1)</script>=HYPERLINK("http://x")'
    sent = client.post(page, filled(title=hostile, text=hostile, address="'\"><img src=x onerror=1>"))
    for address in (sent["Location"], sent["Location"].split("slip/")[0]):
        body = client.get(address).content.decode()
        assert ("<script>alert" in body, "<img src=x" in body, "&lt;script&gt;alert(1)" in body) == (False, False, True)


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_form_costs_few_questions(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page, {"area": GRID}).status_code == 200
    assert len(asked) <= 8


def test_the_answer_is_read_from_the_question():
    token = challenge.new(clock.now())
    assert challenge.check(token, answer_to(token), key="a", now=clock.now()) is None
