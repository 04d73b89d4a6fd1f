"""Registrations for officers: role × object × channel, masked everywhere, opened with a reason."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from antifraud.registrations.actions import points
from antifraud.registrations.models import Registration, RegistrationPoint
from antifraud.registrations.public import match_phones
from grids.net.registry import measures
from tests.antifraud.registrations.conftest import FAMILY_PHONE, NAME, PHONE, registration
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ui.board import counters_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast, person) -> dict[str, User]:
    return {
        **cast,
        "officer": person("officer", Role.ANTIFRAUD_OFFICER),
        "other_officer": person("other_officer", Role.ANTIFRAUD_OFFICER, OTHER_TOWN),
        "police": person("police", Role.COMMUNITY_POLICE, VILLAGE),
        "village_officer": person("village_officer", Role.VILLAGE_OFFICER, VILLAGE),
    }


@pytest.fixture
def read(client, people):
    def get(who, address, **query):
        client.force_login(people[who])
        return client.get(address, query)

    return get


SEES = {
    "officer": True, "police": True, "village_officer": True, "other_officer": False, "worker": None, "town_officer": None,
    "duty_officer": None, "mediator": None, "system_admin": None, "auditor": None, "stranger": None,
}  # fmt: skip
"""Who sees the registration of the village: True, False (outside: as if it were not there), None (not by the role)."""
REVEALS = {"officer", "police"}
WITHDRAWS = {"officer", "police", "village_officer"}
COUNTS = {
    "officer": 2, "police": 2, "village_officer": 2, "other_officer": 0, "worker": 2, "town_officer": 2, "duty_officer": 2,
    "mediator": None, "system_admin": None, "auditor": None, "stranger": None,
}  # fmt: skip
"""How many protected each one counts; None: nobody by the role."""


@pytest.mark.parametrize("who", SEES)
def test_role_object_channel(read, client, held, who):
    sees, show = SEES[who], reverse("registrations:show", args=[held.number])
    listed = read(who, reverse("registrations:index"))
    page = read(who, show)
    export = read(who, reverse("exchange:new_export", args=["antifraud_registrations"]))
    reveal = client.post(reverse("audit:reveal", args=["registrations.registration", held.pk, "phone"]), {"reason": "核实预警对象"})
    member = client.post(
        reverse("audit:reveal", args=["registrations.familymember", held.family.first().pk, "phone"]), {"reason": "联系家人"}
    )
    assert (listed.status_code, page.status_code) == (403 if sees is None else 200, 200 if sees else 404)
    if sees is not None:
        assert len(listed.context["lines"]) == int(sees)
    assert export.status_code == (200 if who in ("officer", "other_officer") else 403)
    refused = 403 if sees else 404
    expected = 200 if who in REVEALS else refused
    assert (reveal.status_code, member.status_code) == (expected, expected)
    assert (PHONE in reveal.content.decode(), FAMILY_PHONE in member.content.decode()) == (who in REVEALS,) * 2
    withdraw = client.post(reverse("registrations:withdraw", args=[held.number]), {"reason": "本人到所申请"})
    assert withdraw.status_code == (302 if who in WITHDRAWS else refused)
    state = Registration.objects.unscoped("a test").get().state
    assert (state, match_phones([PHONE])[0] is None) == (("withdrawn", True) if who in WITHDRAWS else ("registered", False))


@pytest.mark.parametrize("who", COUNTS)
def test_who_counts_how_many(read, held, people, actor, who):
    page = read(who, reverse("registrations:counts"))
    assert page.status_code == (403 if COUNTS[who] is None else 200)
    tiles = [counter.count(actor(people[who])).number for counter in counters_for(actor(people[who]).scope) if counter.name == "protected"]
    assert tiles == ([] if COUNTS[who] is None else [COUNTS[who]])
    if COUNTS[who] is not None:
        assert page.context["figures"][2].number == COUNTS[who]
        assert (PHONE in page.content.decode(), "138****" in page.content.decode()) == (False, False)


def test_counts_below_and_beside_a_scope(read, held, people, actor):
    below = read("duty_officer", reverse("registrations:counts")).context["lines"]
    assert [(line.area_code, line.counts.protected) for line in below] == [(TOWN, 2)]
    assert read("town_officer", reverse("registrations:counts"), area=VILLAGE).context["figures"][0].number == 1
    assert read("town_officer", reverse("registrations:counts"), area=OTHER_TOWN).status_code == 404
    assert read("town_officer", reverse("registrations:counts"), area="x").status_code == 404
    values = measures["protected"].values
    assert (values(actor(people["duty_officer"]), 9, DISTRICT), values(actor(people["other_officer"]), 9, DISTRICT)) == ({TOWN: 2}, {})
    facts = read("duty_officer", reverse("net:area", args=[VILLAGE])).context["page"].facts
    assert [fact.number for fact in facts if "registrations" in fact.href] == [2]


def test_a_grid_worker_counts_the_village_and_sees_nobody(read, held, people):
    Posting.objects.create(user=people["worker"], role=Role.GRID_WORKER, area_code=NEXT_GRID, starts_on="2020-01-01")
    assert read("worker", reverse("registrations:counts")).context["figures"][0].number == 1
    assert GRID[:12] == VILLAGE


@pytest.mark.parametrize("who", ["officer", "police", "village_officer"])
def test_numbers_and_names_are_masked(read, held, who):
    for address in (reverse("registrations:index"), reverse("registrations:show", args=[held.number])):
        page = read(who, address).content.decode()
        assert (PHONE in page, NAME in page, FAMILY_PHONE in page, "138****1234" in page) == (False, False, False, True)
    assert LedgerEntry.objects.get(verb="registration.seen").object_label == held.number


def test_a_registration_is_found_by_the_whole_number_only(read, held):
    found = [len(read("officer", reverse("registrations:index"), phone=text).context["lines"]) for text in ("138 0000 1234", "1380000")]
    assert found == [1, 0]


def test_a_withdrawal_on_request_needs_a_reason(read, client, held):
    read("officer", "/")
    address = reverse("registrations:withdraw", args=[held.number])
    assert (client.post(address, {"reason": " "}).status_code, Registration.objects.get().state) == (422, "registered")
    client.post(address, {"reason": "本人来电"})
    assert client.post(address, {"reason": "本人来电"}).status_code == 422
    entry = LedgerEntry.objects.get(verb="registration.withdrawn")
    assert (entry.actor_label, entry.reason) == ("officer", "本人来电")


@pytest.mark.parametrize(
    ("who", "area", "may"),
    [("officer", DISTRICT, True), ("police", VILLAGE, True), ("police", TOWN, False), ("town_officer", VILLAGE, True),
     ("other_officer", VILLAGE, False), ("worker", GRID, False), ("duty_officer", DISTRICT, False)],
)  # fmt: skip
def test_who_sets_up_a_registration_point_where(people, actor, who, area, may):
    def make() -> RegistrationPoint:
        return points.create_point(actor=actor(people[who]), area_code=area, label="反诈中心")

    if may:
        assert make().area_code == area
    else:
        with pytest.raises(NotAllowed):
            make()
    assert RegistrationPoint.objects.unscoped("a test").count() == int(may)


def test_a_point_is_made_printed_closed_and_opened_by_the_pages(read, client, people):
    read("police", "/")
    made = client.post(reverse("registrations:new_point"), {"label": "社区民警曹志刚", "area": VILLAGE})
    row = RegistrationPoint.objects.get()
    assert made.url == reverse("registrations:poster", args=[row.code])
    poster, picture = client.get(made.url), client.get(reverse("registrations:picture", args=[row.code]))
    assert f"http://testserver/bell/{row.code}/" in poster.content.decode() and "<svg" in poster.content.decode()
    assert (picture["Content-Type"], b"<svg" in picture.content) == ("image/svg+xml", True)
    client.post(reverse("registrations:close_point", args=[row.code]))
    client.post(reverse("registrations:close_point", args=[row.code]))
    assert RegistrationPoint.objects.get().in_use is False
    client.post(reverse("registrations:open_point", args=[row.code]))
    assert (RegistrationPoint.objects.get().in_use, LedgerEntry.objects.filter(verb__startswith="registration_point").count()) == (True, 3)
    assert read("other_officer", made.url).status_code == 404
    assert client.post(reverse("registrations:close_point", args=[row.code])).status_code == 404
    with pytest.raises(DomainError):
        points.create_point(actor=_actor(people["officer"]), area_code="320312999", label="x")


def _actor(user):
    from tongshan_portal.accounts.actor import actor_for

    return actor_for(user)


@pytest.mark.parametrize("name", ["registrations:index", "registrations:points", "registrations:counts"])
@pytest.mark.usefixtures("nothing_asked_by_time")
def test_lists_ask_as_often_for_one_row_as_for_fifty(read, held, people, name):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            read("officer", reverse(name))
        return len(asked)

    points.create_point(actor=_actor(people["officer"]), area_code=VILLAGE, label="x")
    questions()
    few = questions()
    for number in range(20):
        registration(f"1360000{number:04d}")
        points.create_point(actor=_actor(people["officer"]), area_code=VILLAGE, label="x")
    assert questions() == few


def test_relations_and_consent_texts_are_edited_in_the_admin(read, client, people):
    read("system_admin", "/")
    assert (
        client.post(
            "/admin/registrations/relation/add/", {"code": "friend", "label_zh": "朋友", "label_en": "friend", "in_use": "on"}
        ).status_code
        == 302
    )
    texts = {f"{name}_{tongue}": f"{name} {tongue}" for name in points.TEXTS for tongue in ("zh", "en")}
    assert client.post("/admin/registrations/consenttext/add/", texts).status_code == 302
    assert set(LedgerEntry.objects.values_list("verb", flat=True)) >= {"relation.changed", "consent_text.published"}
    read("security_admin", "/")
    assert client.post("/admin/registrations/consenttext/add/", texts).status_code == 403
