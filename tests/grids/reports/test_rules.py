"""Dispatch rules are tried before they are stored: what can never match is refused, what it does is said."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from grids.reports.models import Category, DispatchRule, Question, Report
from grids.reports.rules import hidden_behind, in_order, try_rule, why_never
from tests.conftest import GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(people):
    def make(order=10, *, code=None, save=True, **given):
        given = {"name": f"规则{order}", "desk": "department", **given}
        if given["desk"] == "department":
            given["department"] = Department.objects.get(code="urban")
        row = DispatchRule(order=order, category=Category.objects.get(code=code) if code else None, **given)
        if save:
            row.save()
        return row

    return make


def refused(row):
    return bool(why_never(row, in_order(row)[0]))


@pytest.mark.parametrize(
    ("first", "second", "hidden"),
    [
        ({}, {}, True),
        ({"code": "facilities"}, {"code": "manhole"}, True),
        ({"code": "manhole"}, {"code": "facilities"}, False),
        ({"area_code": TOWN}, {"area_code": VILLAGE}, True),
        ({"area_code": VILLAGE}, {"area_code": TOWN}, False),
        ({"area_code": OTHER_TOWN}, {"area_code": VILLAGE}, False),
        ({"hours": "service"}, {"hours": "service"}, True),
        ({"hours": "service"}, {"hours": "outside"}, False),
        ({"hours": "service"}, {}, False),
        ({}, {"hours": "outside"}, True),
        ({"desk": "grid"}, {"desk": "town"}, False),
        ({"desk": "town"}, {"desk": "grid"}, True),
        ({"desk": "grid"}, {"area_code": GRID}, True),
        ({"in_use": False}, {}, False),
    ],
)
def test_a_rule_behind_one_that_covers_it_can_never_match(rule, first, second, hidden):
    rule(10, **first)
    assert refused(rule(20, save=False, **second)) is hidden


def test_two_rules_may_hide_one_together(rule):
    rule(10, hours="service")
    rule(11, hours="outside")
    assert refused(rule(20, save=False))


def test_a_desk_that_the_area_does_not_have_and_an_area_that_is_not_there(rule):
    assert refused(rule(save=False, area_code=OTHER_TOWN, desk="grid"))
    assert refused(rule(save=False, area_code="320312999"))
    assert not refused(rule(save=False, area_code=TOWN, desk="grid"))


def test_a_rule_says_which_later_ones_it_hides(rule):
    later = rule(20, code="manhole")
    rule(30, code="water")
    assert hidden_behind(rule(10, code="facilities")) == [later]


def test_it_is_tried_on_the_reports_of_the_last_month_in_its_place(rule, file):
    file()
    file(category=Category.objects.get(code="water"))
    Report.objects.filter(pk=file().pk).update(filed_at=clock.now() - timedelta(days=31))
    everything = rule(50)
    assert (try_rule(everything, clock.now()).matched, try_rule(everything, clock.now()).tried) == (2, 2)
    rule(10, code="facilities")
    assert try_rule(everything, clock.now()).matched == 1


@pytest.fixture
def send(client, people):
    def post(address, **given):
        client.force_login(people["system_admin"])
        return client.post(address, given)

    return post


def test_the_administration_refuses_and_says_why(send, rule):
    rule(10)
    answer = send(reverse("admin:reports_dispatchrule_add"), order=20, name="后来的", hours="always", desk="town", in_use="on")
    assert (answer.status_code, DispatchRule.objects.count()) == (200, 1)
    assert "规则10" in str(answer.context["adminform"].form.non_field_errors())
    answer = send(reverse("admin:reports_dispatchrule_add"), order=20, name="后来的", hours="always", desk="department", in_use="on")
    assert list(answer.context["adminform"].form.errors) == ["department"]


def test_the_administration_says_what_a_stored_rule_does(send, rule, file):
    file()
    rule(30, name="其余")
    answer = send(reverse("admin:reports_dispatchrule_add"), order=20, name="全部", hours="always", desk="town", in_use="on")
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert (answer.status_code, DispatchRule.objects.count()) == (302, 2)
    assert "1" in said[0] and "其余" not in said[0]


def questions(*rows, initial=0):
    given = {"questions-TOTAL_FORMS": str(len(rows)), "questions-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(rows):
        given |= {f"questions-{number}-{name}": value for name, value in row.items()}
    return given


@pytest.fixture
def category():
    row = Category.objects.get(code="manhole")
    words = {"code": row.code, "parent": row.parent_id, "label_zh": row.label_zh, "label_en": row.label_en, "urgency": row.urgency}
    return row, {**words, "in_use": "on", "after_photo": "on"}


KIND = {"order": "1", "code": "kind", "label_zh": "哪种井盖", "label_en": "which cover", "kind": "choice", "in_use": "on"}


def test_questions_are_edited_with_their_category_and_count_their_versions(send, category):
    row, words = category
    address = reverse("admin:reports_category_change", args=[row.pk])
    answer = send(address, **words, **questions({**KIND, "choices": "water | 供水 | water\ndrain | 排水 | drainage"}))
    question = Question.objects.get(category=row)
    assert (answer.status_code, question.version) == (302, 1)
    assert question.choices == [{"code": "water", "zh": "供水", "en": "water"}, {"code": "drain", "zh": "排水", "en": "drainage"}]
    kept = {**KIND, "id": question.pk, "category": row.pk, "choices": "water | 供水 | water\ndrain | 排水 | drainage"}
    send(address, **words, **questions({**kept, "label_zh": "哪一种井盖"}, initial=1))
    question.refresh_from_db(), row.refresh_from_db()
    assert (question.version, question.label_zh, row.after_photo, row.version) == (2, "哪一种井盖", True, 3)
    assert LedgerEntry.objects.filter(verb="report_settings.changed", object_type="reports.question").count() == 2


@pytest.mark.parametrize("choices", ["", "water | 供水 | water", "water\ndrain", "water | 供水 | water\nwater | 排水 | drainage"])
def test_wrong_choices_are_refused_and_nothing_is_stored(send, category, choices):
    row, words = category
    answer = send(reverse("admin:reports_category_change", args=[row.pk]), **words, **questions({**KIND, "choices": choices}))
    row.refresh_from_db()
    assert (answer.status_code, Question.objects.filter(category=row).count(), row.version) == (200, 0, 1)
