"""Django's admin: administrators by posting only, the same actions, no way around."""

import re
from datetime import date

import pytest

from tests.conftest import TOWN
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

LISTS = ["", "accounts/user/", "accounts/posting/", "accounts/department/", "accounts/persongrant/", "areas/area/"]
ADMINISTRATORS = ["system_admin", "security_admin", "auditor"]
OTHERS = ["worker", "town_officer", "duty_officer", "mediator", "stranger"]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son[a-z]+=", re.I)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("who", ADMINISTRATORS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_administrators_read_every_list_without_anything_inline(as_person, who, path, language):
    client = as_person(who)
    client.cookies["django_language"] = language
    response = client.get(f"/admin/{path}")
    assert (response.status_code, INLINE.findall(response.content.decode())) == (200, [])


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_comes_in(as_person, who):
    client = as_person(who)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/accounts/user/", follow=True).status_code == 403


def test_who_is_not_signed_in_is_sent_to_the_portals_own_sign_in(client, db):
    assert client.get("/admin/login/?next=/admin/").url == "/account/login/?next=%2Fadmin%2F"


def test_an_administrator_whose_posting_ended_is_out_at_once(as_person, cast):
    client = as_person("system_admin")
    assert client.get("/admin/").status_code == 200
    cast["system_admin"].postings.update(ends_on=date(2020, 1, 2))
    assert client.get("/admin/", follow=True).status_code == 403


def test_there_is_no_superuser(cast):
    user = cast["system_admin"]
    assert (user.is_superuser, user.is_staff, user.has_perm("accounts.add_user"), user.has_module_perms("accounts")) == (False,) * 4
    assert not hasattr(User.objects, "create_superuser")


ADDS = {"accounts/user/": "system_admin", "accounts/posting/": "security_admin", "accounts/department/": "system_admin",
        "accounts/persongrant/": "", "areas/area/": ""}  # fmt: skip


@pytest.mark.parametrize("path", ADDS)
@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_each_administrator_adds_only_her_own(as_person, who, path):
    assert as_person(who).get(f"/admin/{path}add/").status_code == (200 if ADDS[path] == who else 403)


@pytest.mark.parametrize("who", ADMINISTRATORS)
def test_nobody_deletes(as_person, cast, who):
    client = as_person(who)
    assert client.post(f"/admin/accounts/user/{cast['worker'].pk}/delete/", {"post": "yes"}).status_code == 403
    posting = cast["worker"].postings.get()
    assert client.post(f"/admin/accounts/posting/{posting.pk}/delete/", {"post": "yes"}).status_code == 403
    assert (User.objects.filter(username="worker").count(), Posting.objects.filter(pk=posting.pk).count()) == (1, 1)


def test_a_posting_given_in_the_admin_is_the_action(as_person, cast):
    client = as_person("security_admin")
    data = {"user": cast["stranger"].pk, "role": "town_officer", "area_code": TOWN, "starts_on": "2026-01-01"}
    assert client.post("/admin/accounts/posting/add/", data).status_code == 302
    assert cast["stranger"].postings.get().area_code == TOWN
    assert LedgerEntry.objects.filter(verb="posting.given").count() == 1


def test_what_the_rules_refuse_is_a_message_and_changes_nothing(as_person, cast):
    client = as_person("security_admin")
    data = {"user": cast["auditor"].pk, "role": "system_admin", "area_code": "320312", "starts_on": "2026-01-01"}
    response = client.post("/admin/accounts/posting/add/", data, follow=True)
    assert len(list(response.context["messages"])) == 1
    assert (cast["auditor"].postings.count(), LedgerEntry.objects.filter(verb="posting.given").count()) == (1, 0)


def test_a_posting_ends_in_the_admin_with_a_reason(as_person, cast):
    client = as_person("security_admin")
    posting = cast["worker"].postings.get()
    url = f"/admin/accounts/posting/{posting.pk}/change/"
    client.post(url, {"ends_on": "2020-06-30", "reason": ""})
    posting.refresh_from_db()
    assert posting.ends_on is None
    client.post(url, {"ends_on": "2020-06-30", "reason": "moved"})
    posting.refresh_from_db()
    assert posting.ends_on == date(2020, 6, 30)


def test_accounts_and_departments_are_kept_by_the_system_administrator(as_person):
    client = as_person("system_admin")
    client.post("/admin/accounts/user/add/", {"username": "li", "name": "李四"})
    made = User.objects.get(username="li")
    client.post(f"/admin/accounts/user/{made.pk}/change/", {"name": "李思", "username": "other", "is_active": ""})
    made.refresh_from_db()
    assert (made.username, made.name, made.is_active, made.must_change_password) == ("li", "李思", True, True)
    client.post("/admin/accounts/department/add/", {"code": "water", "name": "水务局"})
    department = Department.objects.get(code="water")
    client.post(f"/admin/accounts/department/{department.pk}/change/", {"name": "区水务局"})
    department.refresh_from_db()
    assert department.name == "区水务局"
    verbs = list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert [verb for verb in verbs if not verb.startswith("session")] == [
        "user.created",
        "user.changed",
        "department.created",
        "department.changed",
    ]


@pytest.mark.parametrize("path", ["auth/group/", "usersessions/usersession/", "mfa/authenticator/"])
def test_what_libraries_register_stays_shut(as_person, path):
    assert as_person("system_admin").get(f"/admin/{path}").status_code in {403, 404}
