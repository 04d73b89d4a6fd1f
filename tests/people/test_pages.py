"""Pages of people: who sees which rows, what the forms do, what a page costs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from grids.areas import edition
from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, PersonGrant, Posting, User
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ui import banner

pytestmark = pytest.mark.django_db
LIST = "/people/"


def names(response) -> list[str]:
    return sorted(row.username for row in response.context["rows"])


SEES = {
    "worker": ["worker"],
    "town_officer": ["colleague", "mediator", "town_officer", "worker"],
    "other_town_officer": ["other_town_officer"],
    "duty_officer": [
        "auditor", "colleague", "duty_officer", "mediator", "other_town_officer",
        "security_admin", "system_admin", "town_officer", "worker",
    ],
}  # fmt: skip


@pytest.mark.parametrize("who", SEES)
def test_the_list_holds_the_postings_of_the_readers_areas(as_person, who):
    assert names(as_person(who).get(LIST)) == SEES[who]


def test_who_has_no_posting_is_refused_the_list(as_person):
    assert as_person("stranger").get(LIST).status_code == 403


FILTERS = {
    "role": ({"role": "grid_worker"}, ["colleague", "worker"]),
    "area by name": ({"area": "茅村镇"}, ["other_town_officer"]),
    "area by code": ({"area": GRID}, ["worker"]),
    "text": ({"q": "MEDI"}, ["mediator"]),
    "ended": ({"state": "ended"}, []),
    "department": ({"department": "police"}, []),
    "an area that is not there": ({"area": "某某镇"}, []),
}


@pytest.mark.parametrize("case", FILTERS)
def test_filters_narrow_the_list(as_person, case):
    Department.objects.get_or_create(code="police", defaults={"name": "公安局"})
    query, expected = FILTERS[case]
    assert names(as_person("duty_officer").get(LIST, query)) == expected


QUERIES = 7
"""Session, person, last seen, scope, departments, rows, count."""


@pytest.mark.parametrize("people", [1, 3, 60])
def test_the_list_costs_the_same_queries_for_any_number_of_rows(as_person, people, django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(edition, "CHECK_EVERY", 3600.0)  # a slow machine looks neither at the net's edition in between
    monkeypatch.setattr(banner, "KEEP", 3600.0)  # nor for banners
    client = as_person("town_officer")
    Posting.objects.filter(area_code__startswith=TOWN).exclude(user__username="town_officer").delete()
    department = Department.objects.get_or_create(code="police", defaults={"name": "公安局"})[0]
    for number in range(people - 1):
        user = User.objects.create(username=f"p{number}", name=f"p{number}")
        Posting.objects.create(user=user, role=Role.MEDIATOR, area_code=TOWN, starts_on=date(2020, 1, 1), department=department)
    client.get(LIST)
    with django_assert_num_queries(QUERIES):
        response = client.get(LIST)
    assert len(response.context["rows"]) == min(people, 50)


def test_a_person_outside_the_scope_is_not_found_and_inside_shows_what_is_visible(as_person, cast):
    Posting.objects.create(user=cast["worker"], role=Role.MEDIATOR, area_code=OTHER_TOWN, starts_on=date(2020, 1, 1))
    client = as_person("town_officer")
    assert client.get(f"/people/{cast['other_town_officer'].pk}/").status_code == 404
    assert client.get("/people/999999999/").status_code == 404
    shown = client.get(f"/people/{cast['worker'].pk}/").context["details"]
    assert [row.area_code for row in shown.postings] == [GRID]
    assert (shown.shows_grants, shown.shows_history, shown.verbs) == (False, False, frozenset())


def test_everybody_sees_her_own_page_with_all_her_postings(as_person, cast):
    shown = as_person("stranger").get(f"/people/{cast['stranger'].pk}/")
    assert (shown.status_code, shown.context["details"].postings, shown.context["details"].shows_grants) == (200, [], True)


def test_a_security_administrator_gives_a_posting(as_person, cast):
    client = as_person("security_admin")
    url = reverse("people:give_posting", args=[cast["stranger"].pk])
    data = {"role": "town_officer", "area": f"{TOWN} 柳新镇", "starts_on": "2026-01-01"}
    assert client.post(url, data).url == f"/people/{cast['stranger'].pk}/"
    made = cast["stranger"].postings.get()
    assert (made.role, made.area_code, made.starts_on, made.ends_on) == ("town_officer", TOWN, date(2026, 1, 1), None)


def test_what_the_rules_refuse_stands_beside_its_field(as_person, cast):
    client = as_person("security_admin")
    url = reverse("people:give_posting", args=[cast["auditor"].pk])
    response = client.post(url, {"role": "system_admin", "area": DISTRICT, "starts_on": "2026-01-01"})
    assert (response.status_code, list(response.context["form"].errors), cast["auditor"].postings.count()) == (422, ["role"], 1)


def test_a_posting_ends_with_a_reason(as_person, cast):
    client = as_person("security_admin")
    posting = cast["worker"].postings.get()
    url = reverse("people:end_posting", args=[posting.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "moved"}).status_code == 302
    posting.refresh_from_db()
    assert posting.ends_on == clock.today() - timedelta(1)


def test_a_system_administrator_creates_changes_and_shuts_an_account(as_person):
    client = as_person("system_admin")
    client.post("/people/new/", {"username": "li", "name": "李四", "phone": "13812345678"})
    made = User.objects.get(username="li")
    page = client.get(f"/people/{made.pk}/").content.decode()
    assert ("138****5678" in page, "13812345678" in page, made.must_change_password) == (True, False, True)
    client.post(f"/people/{made.pk}/change/", {"name": "李思", "phone": ""})
    client.post(f"/people/{made.pk}/disable/", {"reason": "left"})
    made.refresh_from_db()
    assert (made.name, made.is_active, str(made.phone)) == ("李思", False, "138****5678")
    client.post(f"/people/{made.pk}/enable/", {"reason": "back"})
    client.post(f"/people/{made.pk}/password/", {"password": "Brand-new-pass-88"})
    made.refresh_from_db()
    assert (made.is_active, made.check_password("Brand-new-pass-88")) == (True, True)


def test_a_taken_sign_in_name_is_said_beside_the_field(as_person):
    response = as_person("system_admin").post("/people/new/", {"username": "worker", "name": "x"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["username"])


def test_a_grant_is_given_listed_and_taken(as_person, cast):
    client = as_person("security_admin")
    day = clock.today() + timedelta(10)
    data = {"on": "mediator", "last_day": day.isoformat(), "reason": "complaint"}
    assert client.post(reverse("people:give_grant", args=[cast["worker"].pk]), data).status_code == 302
    grant = PersonGrant.objects.get()
    assert client.get(f"/people/{cast['worker'].pk}/").context["details"].grants == [grant]
    assert names(as_person("worker").get(LIST)) == ["mediator", "worker"]
    client = as_person("security_admin")
    assert client.post(f"/people/grants/accounts.user/{grant.pk}/take/", {"reason": "closed"}).status_code == 302
    assert names(as_person("worker").get(LIST)) == ["worker"]


def test_auditors_see_the_history_of_a_person(as_person, cast):
    as_person("system_admin").post(f"/people/{cast['worker'].pk}/change/", {"name": "Worker Wang"})
    shown = as_person("auditor").get(f"/people/{cast['worker'].pk}/").context["details"]
    assert [entry.verb for entry, _sentence in shown.history] == ["user.changed"]


def test_area_choices_lie_in_the_readers_scope(as_person):
    assert as_person("town_officer").get("/people/areas/", {"area": "镇"}).context["areas"] == [(TOWN, "柳新镇")]
    assert as_person("duty_officer").get("/people/areas/", {"area": "镇"}).context["areas"] == [(TOWN, "柳新镇"), (OTHER_TOWN, "茅村镇")]
    assert as_person("stranger").get("/people/areas/", {"area": ""}).context["areas"] == []


def test_switching_to_one_posting_and_back(as_person, cast):
    second = Posting.objects.create(user=cast["town_officer"], role=Role.TOWN_OFFICER, area_code=OTHER_TOWN, starts_on=date(2020, 1, 1))
    client = as_person("town_officer")
    assert len(names(client.get(LIST))) == 6
    assert client.post("/people/switch/", {"posting": second.pk, "next": LIST}).url == LIST
    assert names(client.get(LIST)) == ["other_town_officer", "town_officer"]
    client.post("/people/switch/", {"posting": ""})
    assert len(names(client.get(LIST))) == 6


def test_nobody_switches_to_anothers_posting_nor_leaves_the_portal(as_person, cast):
    client = as_person("worker")
    foreign = cast["duty_officer"].postings.get()
    assert client.post("/people/switch/", {"posting": foreign.pk, "next": "https://example.org/"}).url == "/"
    assert names(client.get(LIST)) == ["worker"]


PAGES = {
    "create": ("/people/new/", {"system_admin"}),
    "change": ("/people/{person}/change/", {"system_admin"}),
    "password": ("/people/{person}/password/", {"system_admin"}),
    "disable": ("/people/{person}/disable/", {"system_admin", "security_admin"}),
    "enable": ("/people/{person}/enable/", {"system_admin"}),
    "give a posting": ("/people/{person}/postings/new/", {"security_admin"}),
    "give a grant": ("/people/{person}/grants/new/", {"security_admin"}),
    "end a posting": ("/people/postings/{posting}/end/", {"security_admin"}),
    "take a grant": ("/people/grants/accounts.user/{grant}/take/", {"security_admin"}),
}
CAST = [
    "worker", "colleague", "town_officer", "other_town_officer", "duty_officer", "mediator",
    "system_admin", "security_admin", "auditor", "stranger",
]  # fmt: skip
INSIDE = {"worker", "town_officer", "duty_officer", "mediator", "system_admin", "security_admin", "auditor"}
"""Whose scope holds the worker of the grid."""


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", CAST)
def test_every_page_for_every_role_inside_and_outside_the_scope(as_person, cast, who, page):
    path, allowed = PAGES[page]
    now = clock.now()
    from tongshan_portal.accounts.grants import permission_for

    grant = PersonGrant.objects.create(
        user=cast["worker"], permission=permission_for("postings.view", User), content_object=cast["duty_officer"],
        given_at=now, expires_at=now + timedelta(1), reason="x",
    )  # fmt: skip
    posting = cast["worker"].postings.get()
    before = (User.objects.count(), Posting.objects.count(), PersonGrant.objects.count())
    url = path.format(person=cast["worker"].pk, posting=posting.pk, grant=grant.pk)
    response = as_person(who).get(url)
    known = who in INSIDE or "{person}" not in path and "{posting}" not in path
    assert response.status_code == (200 if who in allowed else 403 if known else 404)
    assert as_person(who).post(url, {}).status_code == (422 if who in allowed else 403 if known else 404)
    assert (User.objects.count(), Posting.objects.count(), PersonGrant.objects.count()) == before


@pytest.mark.parametrize("path", [LIST, "/people/1/", "/people/new/", "/people/areas/", "/why/"])
def test_strangers_are_sent_to_sign_in(client, db, path):
    assert client.get(path).url == f"/account/login/?next={path}"


def test_refusals_reach_the_ledger(as_person):
    as_person("worker").get("/people/new/")
    assert LedgerEntry.objects.filter(verb="access.denied").count() == 1
