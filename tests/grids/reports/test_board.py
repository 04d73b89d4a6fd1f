"""The home of a desk: every number is that of its list; list, numbers, map and ticker hold what the reader's scope holds."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from shapely import box

from grids.areas.writing import write_shapes
from grids.reports.actions import filing, handling, oversight
from grids.reports.board import COUNTERS, waiting_for
from grids.reports.enums import ReportState
from grids.reports.models import Category, Report
from grids.reports.routing import Recipient
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, TOWN
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.ui.board import counters_for
from tongshan_portal.ui.desk import Group, Waiting, grouped

pytestmark = pytest.mark.django_db
WHO = [
    "worker",
    "colleague",
    "village_officer",
    "town_officer",
    "other_town_officer",
    "duty_officer",
    "supervisor",
    "handler",
    "mediator",
    "stranger",
]
VIEW = {"reports.no_lead", "reports.orders", "reports.overdue", "reports.soon", "reports.urgent"}
SEES = {
    "worker": VIEW,
    "village_officer": VIEW,
    "town_officer": VIEW | {"reports.to_verify", "reports.to_close"},
    "duty_officer": VIEW | {"reports.to_verify", "reports.to_close"},
    "supervisor": VIEW | {"reports.to_verify", "reports.to_close"},
    "dispatcher": VIEW,
    "handler": VIEW,
    "mediator": set(),
    "system_admin": set(),
    "auditor": set(),
    "stranger": set(),
}
"""Role × counter."""


@pytest.fixture
def reports(report_in, file, act):
    """One in every state, two overdue, one due within two hours, one of high urgency, one under supervision, one in the next grid."""
    made = {state: report_in(state) for state in ReportState.values if state != "archived"}
    now = clock.now()
    late = [file(title="已经超期"), report_in("dispatched")]
    Report.objects.filter(pk__in=[row.pk for row in late]).update(due_at=now - timedelta(hours=1))
    soon = file(title="快要到期", category=Category.objects.get(code="other"))
    Report.objects.exclude(pk__in=[row.pk for row in late]).filter(state__in=["filed", "opened", "dispatched"]).update(
        due_at=now + timedelta(hours=5)
    )
    Report.objects.filter(pk=soon.pk).update(due_at=now + timedelta(hours=1))
    oversight.supervise(actor=act("director"), report_id=made["handled"].pk, reason="请说明")
    file("colleague", area_code=NEXT_GRID, category=Category.objects.get(code="safety"))
    return made


def of_reports(reader):
    """The counters of case reports that a person sees; other apps have their own beside them."""
    return [one for one in counters_for(reader.scope) if one.topic == "reports"]


def test_role_and_counter(people, actor):
    assert {who: {one.name for one in of_reports(actor(people[who]))} for who in SEES} == SEES


def test_every_number_is_that_of_exactly_the_rows_it_leads_to(reports, people, actor, client):
    counted, listed = {}, {}
    for who in WHO:
        client.force_login(people[who])
        reader = actor(people[who])
        for counter in of_reports(reader):
            counted[who, counter.name] = counter.count(reader).number
            listed[who, counter.name] = len(client.get(counter.href(reader)).context["page"].rows)
    assert counted == listed


def test_the_numbers_count_what_they_say(reports, people, actor):
    reader = actor(people["duty_officer"])
    living = list(Report.objects.unscoped("a test").exclude(state__in=["closed", "archived", "withdrawn", "void", "merged"]))
    now = clock.now()
    assert {one.name.removeprefix("reports."): one.count(reader).number for one in COUNTERS} == {
        "overdue": 2,
        "soon": 1,
        "no_lead": len([row for row in living if row.lead_id is None]),
        "urgent": len([row for row in living if row.urgency in ("high", "emergency")]),
        "to_verify": 1,
        "to_close": 1,
        "orders": 1,
    }
    assert len([row for row in living if row.due_at and row.due_at < now]) == 2


def test_a_department_counts_what_is_dispatched_to_it_alone(reports, people, actor):
    numbers = {who: {one.name: one.count(actor(people[who])).number for one in COUNTERS} for who in ("handler", "other_handler")}
    assert (numbers["handler"]["reports.overdue"], numbers["handler"]["reports.orders"]) == (1, 1)
    assert set(numbers["other_handler"].values()) == {0}


def test_decisions_stand_under_their_headings_with_what_is_due_first_at_the_top(reports, people, actor):
    found = waiting_for(actor(people["duty_officer"]), 50)
    by_group = {group: [one.label for one in rows] for group, rows in grouped(found)}
    assert by_group[Group.OVERDUE] == ["已经超期", "路口井盖缺失"]  # also on the department's desk: she hastens
    assert by_group[Group.SOON] == ["快要到期"]
    assert [one.about for one in found if one.heading is Group.ANSWERED] == [ReportState.HANDLED.label, ReportState.VERIFIED.label]
    assert [one.due for one in found] == sorted(one.due for one in found)


def test_a_row_says_what_where_by_when_who_waits_and_where_it_opens(file, people, actor):
    row = file("duty_officer", title="电话反映漏水", source="call", phone="13800001234", lon=117.05, lat=34.05)
    one = next(one for one in waiting_for(actor(people["duty_officer"]), 9) if one.code == row.code)
    address = reverse("reports:show", args=[row.code])
    with translation.override("en"):
        said = (one.label, one.place, str(one.who), one.href, one.preview, one.point, one.due)
    where = "柳新镇 · 试验村 · 第001网格"
    assert said == ("电话反映漏水", where, "A resident waits", address, address, (117.05, 34.05), row.due_at)


def test_without_a_group_the_tone_says_the_heading():
    rows = [Waiting("a", "", "/a", None, "late"), Waiting("b", "", "/b", None, "soon"), Waiting("c", "", "/c", None, "")]
    assert [(group, [one.label for one in some]) for group, some in grouped(rows)] == [
        (Group.OVERDUE, ["a"]),
        (Group.SOON, ["b"]),
        (Group.OTHER, ["c"]),
    ]


@pytest.fixture
def two_towns(people, act, areas):
    """A report with a point in each of the two towns."""
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (TOWN, box(117.0, 34.0, 117.1, 34.1))], source="test", at=clock.now())
    made = {}
    for town, title in ((GRID, "柳新的事"), (OTHER_TOWN, "茅村的事")):
        made[town] = filing.file_report(
            actor=act("duty_officer"), key=uuid4(), title=title, area_code=town, lon=117.05, lat=34.05
        )  # fmt: skip
    return made


def test_the_ticker_shows_the_newest_thirty_in_words_and_leaves_small_things_out(report_in, act, people, client):
    row = report_in("opened")
    for number in range(35):
        oversight.add_note(actor=act("duty_officer"), report_id=row.pk, reason=f"备注{number}")
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=Recipient(Department.objects.get(code="urban")))
    client.force_login(people["duty_officer"])
    lines = client.get(reverse("command:ticker")).context["ticker"]
    kinds = ["report.dispatched", "report.opened", "report.filed"]
    assert [OutboxEvent.objects.get(pk=one.number).kind for one in lines] == kinds
    assert [(row.code in one.words, one.place, one.href) for one in lines] == [
        (True, "试验村 · 第001网格", reverse("reports:show", args=[row.code]))
    ] * 3
    for _ in range(20):
        oversight.hasten(actor=act("duty_officer"), report_id=row.pk, reason="请加快")
        oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明")
    assert len(client.get(reverse("command:ticker")).context["ticker"]) == 30


def test_signed_out_the_parts_ask_to_sign_in_and_the_front_page_stands(client, db):
    assert [client.get(reverse(name)).status_code for name in ("home", "command:board", "command:ticker")] == [200, 302, 302]


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_home_asks_a_constant_number_of_questions(reports, file, people, client):
    client.force_login(people["duty_officer"])

    def asked() -> int:
        client.get(reverse("home"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("home"))
        return len(queries)

    before = asked()
    for _ in range(5):
        file()
    assert (before, asked()) == (22, 22)  # those of fraud protection among them
