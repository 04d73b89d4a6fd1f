"""The pages of case reports: role × object × channel, filing, what stands near, search, what a reader outside the scope gets."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box

from grids.areas.writing import write_shapes
from grids.reports.models import Category, Report
from tests.conftest import DISTRICT, GRID, NEXT_GRID, TOWN
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
PHONE = "13800001234"


@pytest.fixture
def read(client, people):
    def get(who, address, **query):
        client.force_login(people[who])
        return client.get(address, query)

    return get


@pytest.fixture
def send(client, people):
    def post(who, address, **given):
        client.force_login(people[who])
        return client.post(address, given)

    return post


@pytest.fixture
def ground(areas):
    """Two grids side by side."""
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1))], source="test", at=clock.now())


@pytest.mark.parametrize(("view", "number"), [("now", 1), ("living", 1), ("mine", 0), ("closed", 0), ("all", 1)])
def test_each_tab_shows_its_rows(read, report_in, view, number):
    report_in("dispatched")
    assert len(read("handler", reverse("reports:index"), view=view).context["lines"]) == number


def test_the_worklist_opens_on_what_needs_the_reader(read, report_in):
    report_in("dispatched")
    for who, number in (("handler", 1), ("town_officer", 0), ("worker", 0)):
        assert len(read(who, reverse("reports:index")).context["lines"]) == number


def test_the_home_of_the_desk_shows_it_too(read, report_in):
    row = report_in("dispatched")
    assert row.title in read("handler", reverse("home")).content.decode()
    assert row.title not in read("other_handler", reverse("home")).content.decode()


def given(**more):
    return {"title": "路灯不亮", "area": GRID, "key": str(uuid4()), **more}


def test_filing_by_hand_names_the_suggested_category_and_why(send):
    answer = send("worker", reverse("reports:file"), **given(title="村口路灯不亮"))
    row = Report.objects.unscoped("a test").get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("reports:filed", args=[row.code]))
    assert (row.category.code, row.area_code, row.state, row.source) == ("facilities", GRID, "filed", "field")
    assert "路灯" in [str(message) for message in answer.wsgi_request._messages][0]


def test_the_grid_is_found_by_the_point(send, ground):
    send("worker", reverse("reports:file"), **given(area="", lon="117.05", lat="34.05"))
    row = Report.objects.unscoped("a test").get()
    assert (row.area_code, row.located) == (GRID, "point")


def test_a_point_that_lies_nowhere_goes_to_the_desk_which_says_where(send, ground):
    send("duty_officer", reverse("reports:file"), **given(area="", lon="100", lat="10"))
    row = Report.objects.unscoped("a test").get()
    assert (row.area_code, row.located) == (DISTRICT, "desk")
    assert send("duty_officer", reverse("reports:step", args=[row.code, "open_report"])).status_code == 422
    send("duty_officer", reverse("reports:step", args=[row.code, "place"]), area=NEXT_GRID)
    row.refresh_from_db()
    assert (row.area_code, row.located) == (NEXT_GRID, "chosen")


def test_what_stands_near_is_shown_before_it_is_sent_and_it_is_filed_all_the_same(send, ground):
    where = {"area": "", "lon": "117.05", "lat": "34.05"}
    send("worker", reverse("reports:file"), **given(**where))
    near = send("worker", reverse("reports:file"), **given(**where, title="路灯又不亮"))
    assert (near.status_code, len(near.context["near"]), Report.objects.unscoped("a test").count()) == (200, 1, 1)
    send("worker", reverse("reports:file"), **given(**where, title="路灯又不亮", anyway="1"))
    assert Report.objects.unscoped("a test").count() == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"area": "没有这个地方"}, "area"),
        ({"area": ""}, "area"),
        ({"lon": "200", "lat": "34"}, "lon"),
        ({"key": "x"}, "key"),
    ],
)
def test_wrong_input_is_said_beside_its_field_and_nothing_is_lost(send, wrong, field):
    answer = send(
        "worker", reverse("reports:file"), **given(text="三天了", **wrong) if "title" not in wrong else given(**wrong, text="三天了")
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["text"].value() == "三天了"
    assert Report.objects.unscoped("a test").count() == 0


def test_a_callers_name_and_phone_are_sealed_and_revealed_with_a_reason(send, read):
    send("worker", reverse("reports:file"), **given(contact="王秀英", phone=PHONE))
    row = Report.objects.unscoped("a test").get()
    page = read("worker", reverse("reports:show", args=[row.code])).content.decode()
    assert row.source == "call"
    assert (PHONE in page, "王秀英" in page) == (False, False)
    answer = send("worker", reverse("audit:reveal", args=["reports.report", row.pk, "phone"]), reason="回访核实情况")
    assert PHONE in answer.content.decode()
    assert LedgerEntry.objects.filter(verb="sealed.revealed").count() == 1


def test_a_verb_whose_state_is_gone_says_so_and_changes_nothing(send, report_in):
    row = report_in("handling")
    answer = send("handler", reverse("reports:step", args=[row.code, "sign_for"]))
    row.refresh_from_db()
    assert (answer.status_code, answer["Location"], row.state) == (302, reverse("reports:show", args=[row.code]), "handling")


def test_who_may_not_take_a_step_is_refused_and_nothing_changes(send, report_in):
    row = report_in("dispatched")
    answer = send("worker", reverse("reports:step", args=[row.code, "sign_for"]))
    row.refresh_from_db()
    assert (answer.status_code, row.state, row.lead) == (403, "dispatched", None)


def test_the_whole_loop_by_its_pages(send, report_in):
    row = report_in("filed")
    steps = [
        ("duty_officer", "open_report", {}),
        ("duty_officer", "classify", {"category": Category.objects.get(code="water").pk, "urgency": ""}),
        ("dispatcher", "dispatch", {"recipient": f"desk:{TOWN}"}),
        ("town_officer", "sign_for", {}),
        ("town_officer", "feed_back", {"result": "已修复"}),
        ("supervisor", "verify", {}),
        ("supervisor", "close", {}),
    ]
    for who, verb, data in steps:
        assert send(who, reverse("reports:step", args=[row.code, verb]), **data).status_code == 302, verb
    row.refresh_from_db()
    assert (row.state, row.resolution, row.category.code) == ("closed", "已修复", "water")


@pytest.mark.parametrize("words", ["井盖", "路口井", "路口 井盖", "ＴＳ"])
def test_search_finds_parts_of_chinese_words_in_one_form(read, report_in, words):
    report_in("filed")
    assert len(read("worker", reverse("reports:index"), view="all", q=words).context["lines"]) == 1


@pytest.mark.parametrize("words", ["井盖破", "盖井", "井"])
def test_search_does_not_find_what_is_not_there(read, report_in, words):
    report_in("filed")
    assert read("worker", reverse("reports:index"), view="all", q=words).context["lines"] == []


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_lists_and_pages_ask_the_same_number_of_questions_however_many_rows(read, file, report_in):
    row = report_in("closed")
    addresses = [reverse("reports:index") + "?view=all", reverse("reports:show", args=[row.code]), reverse("home")]

    def asked():
        numbers = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                read("town_officer", address)
            numbers.append(len(queries))
        return numbers

    asked()
    before = asked()
    for _number in range(5):
        file()
    assert asked() == before


@pytest.mark.parametrize("who", ["worker", "auditor", "duty_officer", "system_admin"])
def test_only_the_system_administrator_edits_the_dictionaries(read, who):
    allowed = who == "system_admin"
    for name in ("category", "keyword", "dispatchrule", "timepolicy"):
        answer = read(who, reverse(f"admin:reports_{name}_changelist"))
        assert (answer.status_code == 200) is allowed


def test_a_change_of_a_category_counts_its_version_and_stands_in_the_ledger(send):
    row = Category.objects.get(code="manhole")
    none = {"questions-TOTAL_FORMS": "0", "questions-INITIAL_FORMS": "0"}
    data = {
        **none,
        "code": row.code,
        "parent": row.parent_id,
        "label_zh": "井盖",
        "label_en": "manhole",
        "urgency": "emergency",
        "in_use": "on",
    }
    answer = send("system_admin", reverse("admin:reports_category_change", args=[row.pk]), **data)
    row.refresh_from_db()
    assert (answer.status_code, row.version, row.urgency) == (302, 2, "emergency")
    assert LedgerEntry.objects.filter(verb="report_settings.changed", object_id=str(row.pk)).count() == 1
