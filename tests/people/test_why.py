"""The page that explains access answers from the rules, and tells nothing else."""

from datetime import timedelta

import pytest

from tests.conftest import OTHER_TOWN, TOWN
from tongshan_portal.accounts.grants import permission_for
from tongshan_portal.accounts.models import PersonGrant, User
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


def ask(client, **query):
    return client.get("/why/", query).context["answer"]


def steps(answer):
    return [(str(step.rule), step.passed) for step in answer.steps]


def test_a_row_in_the_scope_is_explained_by_role_and_area(as_person, cast):
    posting = cast["worker"].postings.get()
    answer = ask(as_person("town_officer"), action="postings.view", row=f"accounts.posting:{posting.pk}")
    assert (answer.allowed, steps(answer), answer.helpers) == (True, [("role", True), ("area", True)], [])


def test_a_role_that_may_not_is_told_who_could_help(as_person, cast):
    answer = ask(as_person("worker"), action="postings.give")
    assert (answer.allowed, steps(answer), answer.helpers) == (False, [("role", False)], [cast["security_admin"]])


def test_an_area_outside_is_said_to_be_outside(as_person):
    client = as_person("town_officer")
    assert steps(ask(client, action="postings.view", area=TOWN)) == [("role", True), ("area", True)]
    assert steps(ask(client, action="postings.view", area=OTHER_TOWN)) == [("role", True), ("area", False)]


def test_a_row_outside_and_a_row_that_is_not_there_get_the_same_answer(as_person, cast):
    client = as_person("worker")
    outside = ask(client, action="postings.view", row=f"accounts.posting:{cast['duty_officer'].postings.get().pk}")
    nothing = ask(client, action="postings.view", row="accounts.posting:999999999")
    nonsense = ask(client, action="postings.view", row="no.model:x")
    assert outside == nothing == nonsense
    assert (outside.allowed, outside.subject) == (False, "")


def test_a_grant_is_named(as_person, cast):
    now = clock.now()
    PersonGrant.objects.create(
        user=cast["worker"],
        permission=permission_for("postings.view", User),
        content_object=cast["mediator"],
        given_at=now,
        expires_at=now + timedelta(1),
        reason="x",
    )
    answer = ask(as_person("worker"), action="postings.view", row=f"accounts.posting:{cast['mediator'].postings.get().pk}")
    assert (answer.allowed, steps(answer)) == (True, [("role", True), ("area", False), ("grant", True)])


def test_a_condition_is_named(as_person, cast):
    answer = ask(as_person("security_admin"), action="postings.give", row=f"accounts.user:{cast['security_admin'].pk}")
    assert (answer.allowed, steps(answer)) == (False, [("role", True), ("condition", False)])


@pytest.mark.parametrize("who", ["security_admin", "auditor"])
def test_administrators_of_rights_and_audit_ask_of_others(as_person, cast, who):
    answer = ask(as_person(who), action="postings.view", person="worker", area=OTHER_TOWN)
    assert (answer.who, answer.allowed, steps(answer)) == ("worker", False, [("role", True), ("area", False)])


@pytest.mark.parametrize("who", ["worker", "town_officer", "duty_officer", "system_admin", "stranger"])
def test_nobody_else_asks_of_others(as_person, who):
    assert as_person(who).get("/why/", {"action": "postings.view", "person": "mediator"}).status_code == 403


def test_a_refusal_leads_to_the_page(as_person):
    assert 'href="/why/"' in as_person("worker").get("/people/new/").content.decode()


def test_an_area_is_asked_without_the_condition_that_needs_a_row(as_person):
    answer = ask(as_person("security_admin"), action="postings.give", area=TOWN)
    assert (answer.allowed, steps(answer)) == (True, [("role", True), ("area", True)])
