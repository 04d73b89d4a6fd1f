"""The pages of elements: role × object × channel, what is masked, what the ledger keeps."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.elements.actions import correcting as corrections
from grids.elements.models import Correction, Household, Place
from grids.net.registry import measures, point_layers
from tests.conftest import DISTRICT, GRID, NEXT_GRID, TOWN
from tests.grids.elements.conftest import CONTACT, PHONE, WHERE
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
FORMS = {
    "household": {"area": GRID, "address": "3组5号", "contact": "张三", "phone": "13900001111", "size": "2",
        "needs": ["errands"], "needs_agreed_on": "2026-01-31"},
    "place": {"area": GRID, "address": "3组5号", "name": "小卖部", "kind": "shop"},
    "facility": {"area": GRID, "address": "3组5号", "name": "路灯", "kind": "light", "sensor_id": ""},
    "organisation": {"area": GRID, "address": "3组5号", "name": "合作社", "kind": "social", "credit_code": ""},
}  # fmt: skip


@pytest.fixture
def read(client, cast):
    def get(who, address, **query):
        client.force_login(who if not isinstance(who, str) else cast[who])
        return client.get(address, query)

    return get


SEES = {
    "worker": (True, True), "colleague": (False, False), "town_officer": (True, True), "other_town_officer": (False, False),
    "duty_officer": (True, True), "mediator": (None, True), "system_admin": (None, None), "auditor": (None, None), "stranger": (None, None),
}  # fmt: skip
"""Who sees the first grid's household, and its place: True, False (outside: as if it were not there), None (not by the role)."""


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("kind", ["household", "place"])
def test_role_object_channel(read, held, who, kind):
    sees, row = SEES[who][kind == "place"], held[kind]
    listed = read(who, reverse("elements:list", args=[kind]))
    page = read(who, reverse("elements:element", args=[kind, row.pk]))
    found = read(who, reverse("elements:list", args=[kind]), q="3组12号楼")
    points = read(who, reverse("net:points", args=["places"]))
    map_search = read(who, reverse("net:map"), q="12号楼2单元").context["found"]
    assert (listed.status_code, page.status_code) == (403 if sees is None else 200, 200 if sees else 404)
    if sees is not None:
        assert [len(listed.context["lines"]), len(found.context["lines"])] == [int(sees)] * 2
    place_seen = SEES[who][1]
    assert points.status_code == (404 if place_seen is None else 200)
    if place_seen is not None:
        assert (len(points.json()["points"]), len(map_search)) == (int(place_seen), int(place_seen))


@pytest.mark.parametrize("who", ["worker", "duty_officer"])
def test_contact_and_phone_are_masked_everywhere(read, held, who):
    pages = [read(who, address).content.decode() for address in (
        reverse("elements:list", args=["household"]), reverse("elements:element", args=["household", held["household"].pk]),
    )]  # fmt: skip
    assert [(CONTACT in page, PHONE in page) for page in pages] == [(False, False)] * 2
    assert "138****1234" in pages[1]


def test_who_saw_a_household_is_in_the_ledger(read, held):
    read("duty_officer", reverse("elements:element", args=["household", held["household"].pk]))
    entry = LedgerEntry.objects.get(verb="household.seen")
    assert (entry.actor_label, entry.object_label, entry.area_code) == ("duty_officer", held["household"].number, GRID)


@pytest.mark.parametrize(
    ("who", "status"), [("worker", 200), ("duty_officer", 200), ("colleague", 404), ("mediator", 404), ("auditor", 404)]
)
def test_a_contact_is_opened_with_a_reason_by_those_who_may(read, client, held, who, status):
    read(who, "/")
    address = reverse("audit:reveal", args=["elements.household", held["household"].pk, "phone"])
    answer = client.post(address, {"reason": "核实走访时间"})
    assert (answer.status_code, PHONE in answer.content.decode()) == (status, status == 200)
    assert LedgerEntry.objects.filter(verb="sealed.revealed").count() == int(status == 200)


def test_a_household_is_found_by_the_whole_phone_number_only(read, held):
    def found(text):
        return len(read("worker", reverse("elements:list", args=["household"]), phone=text).context["lines"])

    assert (found("138-0000-1234"), found("1380000"), found(PHONE[:-1] + "5")) == (1, 0, 0)


@pytest.mark.parametrize("kind", FORMS)
def test_an_element_is_recorded_by_hand(read, client, cast, kind):
    read("worker", "/")
    answer = client.post(reverse("elements:record", args=[kind]), FORMS[kind])
    assert answer.status_code == 302
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("kind", "wrong", "field"),
    [("household", {"needs_agreed_on": ""}, "needs_agreed_on"), ("household", {"size": "0"}, "size"),
     ("household", {"area": NEXT_GRID[:12]}, "area"),
     ("place", {"kind": "palace"}, "kind"), ("place", {"name": ""}, "name"), ("organisation", {"credit_code": "123"}, "credit_code")],
)  # fmt: skip
def test_a_wrong_form_says_where_and_keeps_the_rest(read, client, cast, kind, wrong, field):
    read("town_officer", "/")
    answer = client.post(reverse("elements:record", args=[kind]), FORMS[kind] | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert "3组5号" in answer.content.decode()
    assert (Household.objects.count(), Place.objects.count()) == (0, 0)


def test_a_correction_shows_what_is_held_and_goes_to_somebody_else(read, client, held, village_officer):
    row = held["household"]
    address = reverse("elements:correct", args=["household", row.pk])
    page = read("worker", address).content.decode()
    assert ("worker" in page, "王**" in page, CONTACT in page) == (True, True, False)
    given = {"area": GRID, "address": WHERE["address"], "contact": "", "phone": "13911112222", "size": "3", "reason": "换号"}
    assert client.post(address, given).url == reverse("elements:element", args=["household", row.pk])
    listed = read(village_officer, reverse("elements:corrections"))
    (proposal,) = listed.context["waiting"]
    assert [change[1:] for change in proposal.changes] == [("138****1234", "139****2222")]
    client.post(reverse("elements:confirm", args=[proposal.row.pk]))
    assert Household.objects.get().phone.same_as("13911112222")


@pytest.mark.parametrize(("who", "status"), [("worker", 403), ("colleague", 404), ("duty_officer", 404), ("stranger", 404)])
def test_nobody_else_decides_by_the_page(read, client, held, cast, actor, who, status):
    row = corrections.propose_correction(
        actor=actor(cast["worker"]), kind="place", element_id=held["place"].pk, given={"name": "新名"}, reason="改名"
    )
    read(who, "/")
    answers = [client.post(reverse(f"elements:{verb}", args=[row.pk]), {"reason": "不行"}) for verb in ("confirm", "reject")]
    assert [answer.status_code for answer in answers] == [status] * 2
    assert (Correction.objects.get().state, Place.objects.get().name) == ("proposed", "北望超市")


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_lists_ask_as_often_for_one_row_as_for_fifty(read, held):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            read("town_officer", reverse("elements:list", args=["household"]))
        return len(asked)

    questions()
    few = questions()
    Household.objects.bulk_create(
        Household(number=f"X{number}", area_code=GRID, collected_on="2026-01-01", address=held["household"].address) for number in range(60)
    )
    assert questions() == few


def test_the_page_of_the_area_counts_what_the_reader_may_see(read, held):
    def facts(who):
        shown = read(who, reverse("net:area", args=[GRID])).context["page"].facts
        return [fact.number for fact in shown if fact.href.startswith("/elements/")]

    assert (facts("worker"), facts("colleague"), facts("duty_officer")) == ([1, 1, 1, 1], [], [1, 1, 1, 1])


def test_the_map_is_coloured_by_households_of_ones_own_areas(held, cast, actor):
    households, town_officer = measures["households"].values, actor(cast["town_officer"])
    assert households(town_officer, 15, TOWN) == {GRID: 1}
    assert households(actor(cast["other_town_officer"]), 15, DISTRICT) == {}
    assert {"facilities", "organisations", "places"} <= set(point_layers)


@pytest.mark.parametrize(("who", "status"), [("town_officer", 200), ("worker", 403), ("duty_officer", 403)])
def test_only_directors_and_town_officers_take_the_list_away(read, held, who, status):
    assert read(who, reverse("exchange:new_export", args=["households"])).status_code == status


def test_terms_are_edited_in_the_admin_by_system_administrators(read, client, cast):
    from grids.elements.dictionary import choices
    from grids.elements.enums import Dictionary

    read("system_admin", "/")
    given = {"dictionary": "need", "code": "library", "label_zh": "送书上门", "label_en": "books brought home", "in_use": "on"}
    assert client.post("/admin/elements/term/add/", given).status_code == 302
    assert "library" in [code for code, _term in choices(Dictionary.NEED)]
    assert LedgerEntry.objects.filter(verb="term.changed").count() == 1
    read("security_admin", "/")
    assert client.post("/admin/elements/term/add/", given | {"code": "other"}).status_code == 403
