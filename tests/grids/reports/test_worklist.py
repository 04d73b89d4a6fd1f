"""The worklist: every number equals the rows of its link, every list asks the same number of questions, one door for page, map and file."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.reports.actions import handling, oversight
from grids.reports.models import Category, CoHandling, Report, SubTask
from grids.reports.queries.groups import GROUPS, groups_for
from grids.reports.queries.listing import VIEWS, UnknownView, listing, steady
from tests.conftest import GRID, NEXT_GRID, TOWN, VILLAGE
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
ROLES = (
    "worker", "colleague", "village_officer", "town_officer", "other_town_officer", "duty_officer", "dispatcher", "supervisor", "director",
    "handler", "other_handler", "mediator", "auditor", "stranger",
)  # fmt: skip


@pytest.fixture
def read(client, people):
    def get(who, address, **query):
        client.force_login(people[who])
        return client.get(address, query)

    return get


def change(row, **fields):
    Report.objects.unscoped("a test").filter(pk=row.pk).update(**fields)


@pytest.fixture
def net_of_reports(report_in, act, people):
    """Something for every group: late, due soon, without lead, come back, to verify, to close, with an order, with parts, to decide."""
    now, ago = clock.now(), clock.now() - timedelta(hours=3)
    rows = {state: report_in(state) for state in ("filed", "opened", "dispatched", "handling", "handled", "verified", "closed", "void")}
    rows["late"] = report_in("handling")
    change(rows["late"], due_at=ago)
    rows["soon"] = report_in("handling")
    change(rows["soon"], due_at=now + timedelta(hours=1))
    rows["unsigned"] = report_in("dispatched")
    change(rows["unsigned"], dispatched_at=ago)
    rows["bounced"] = report_in("dispatched")
    handling.object_to(actor=act("handler"), report_id=rows["bounced"].pk, reason="不属本单位")
    rows["sent_back"] = report_in("handled")
    handling.send_back(actor=act("supervisor"), report_id=rows["sent_back"].pk, reason="未修好")
    rows["order"] = report_in("handling")
    oversight.supervise(actor=act("supervisor"), report_id=rows["order"].pk, reason="请书面说明")
    rows["extension"] = report_in("handling")
    oversight.ask_extension(actor=act("handler"), report_id=rows["extension"].pk, amount=1, reason="等配件")
    rows["void_asked"] = report_in("opened")
    oversight.propose_void(actor=act("duty_officer"), report_id=rows["void_asked"].pk, reason="误报")
    rows["paused"] = report_in("handling")
    oversight.pause(actor=act("handler"), report_id=rows["paused"].pk, reason="等停电")
    rows["desk"] = report_in("opened")
    handling.dispatch(actor=act("dispatcher"), report_id=rows["desk"].pk, recipient=handling.Recipient(desk_code=GRID))
    rows["task"] = report_in("handling")
    SubTask.objects.create(
        report=rows["task"], area_code=GRID, text="拍照", assignee=people["worker"], made_by=people["handler"], made_at=now
    )
    rows["asked"] = report_in("handling")
    CoHandling.objects.create(
        report=rows["asked"], area_code=GRID, desk_code=VILLAGE, text="到场", asked_by=people["handler"], asked_at=now
    )
    return rows


def test_each_number_equals_the_rows_its_link_shows(read, net_of_reports, act):
    shown, listed, corner = {}, {}, {}
    for who in ROLES:
        page = read(who, reverse("reports:index")).context
        led = {one.group.name: read(who, one.href).context for one in page["numbers"]}
        shown[who] = {one.group.name: one.count.number for one in page["numbers"]} | {"everything": page["everything"].number}
        listed[who] = {name: len(there["lines"]) for name, there in led.items()} | {"everything": len(page["lines"])}
        corner[who] = {name: there["count"].number for name, there in led.items()} | {"everything": page["count"].number}
    assert shown == listed
    assert shown == corner
    assert {who: list(shown[who]) for who in ROLES} == {
        who: [*(group.name for group in groups_for(act(who))), "everything"] for who in ROLES
    }


NUMBERS = {
    "handler": {
        "overdue": {"late"}, "soon": {"soon"}, "unassigned": {"dispatched", "unsigned"}, "returned": {"sent_back"}, "orders": {"order"},
    },
    "worker": {"unassigned": {"desk"}, "parts": {"task"}},
    "village_officer": {"unassigned": {"filed"}, "parts": {"asked"}},
    "dispatcher": {
        "overdue": {"late"}, "unassigned": {"opened", "bounced", "void_asked", "unsigned"}, "returned": {"bounced"},
        "decide": {"void_asked"},
    },
    "supervisor": {"answered": {"handled"}, "closing": {"verified"}, "decide": {"extension", "void_asked"}},
    "other_town_officer": {},
    "stranger": {},
}  # fmt: skip


def test_a_group_holds_what_it_says(net_of_reports, act):
    names = {row.pk: name for name, row in net_of_reports.items()}
    found, expected = {}, {}
    for who, numbers in NUMBERS.items():
        for group in groups_for(act(who)):
            held = {names[row.pk] for row in listing(act(who), QueryDict(f"view=now&group={group.name}")).rows}
            wanted = expected[who, group.name] = numbers.get(group.name, set())
            found[who, group.name] = held if who in {"worker", "other_town_officer", "stranger"} else held & wanted
    assert found == expected


def test_what_stands_still_needs_nobody_until_something_in_it_does(net_of_reports, act, people):
    def held(who):
        return {row.pk for row in listing(act(who), QueryDict("view=now")).rows}

    paused = net_of_reports["paused"]
    assert paused.pk not in held("handler")
    SubTask.objects.create(
        report=paused, area_code=GRID, text="看一下", assignee=people["worker"], made_by=people["handler"], made_at=clock.now()
    )
    assert paused.pk in held("worker")
    assert [row.pk for row in listing(act("worker"), QueryDict("view=now")).rows.order_by("sort_due", "id")][-1] == paused.pk


def test_whoever_handled_it_is_not_asked_to_verify(report_in, act, people):
    row = report_in("handled")
    change(row, handled_by=people["supervisor"])
    assert listing(act("supervisor"), QueryDict("view=now&group=answered")).rows.count() == 0
    assert listing(act("duty_officer"), QueryDict("view=now&group=answered")).rows.count() == 1


@pytest.mark.parametrize("query", ["view=nothing", "view=now&group=nothing", "view=all&group=overdue"])
def test_an_address_that_names_no_list_is_not_there(read, act, query):
    with pytest.raises(UnknownView):
        listing(act("worker"), QueryDict(query))
    for name in ("index", "map", "points"):
        assert read("worker", f"{reverse(f'reports:{name}')}?{query}").status_code == 404


def test_filters_narrow_the_rows_and_stand_as_chips(read, report_in, file):
    row, other = report_in("dispatched"), file(category=Category.objects.get(code="garbage"), title="垃圾堆放")
    change(row, filed_at=clock.now() - timedelta(days=10))
    urban = Department.objects.get(code="urban").code
    day = (clock.now() - timedelta(days=5)).date().isoformat()
    for query, found in (
        ({"q": "垃圾"}, [other]),
        ({"category": str(Category.objects.get(code="environment").pk)}, [other]),
        ({"department": urban}, [row]),
        ({"state": "dispatched"}, [row]),
        ({"urgency": "high"}, [row]),
        ({"source": "field"}, [other, row]),
        ({"area": TOWN}, [other, row]),
        ({"area": NEXT_GRID}, []),
        ({"filed_from": day}, [other]),
        ({"filed_to": day}, [row]),
        ({"filed_from": "no day"}, []),
    ):
        page = read("duty_officer", reverse("reports:index"), view="all", **query)
        assert [line.row.pk for line in page.context["lines"]] == [one.pk for one in found], query
        assert len(page.context["chips"]) == (0 if "no day" in query.values() else 1)


def test_the_map_the_points_and_the_file_hold_the_rows_of_the_list(read, client, people, net_of_reports):
    for order, row in enumerate(net_of_reports.values()):
        change(row, lon=117.05 + order / 1000, lat=34.05)
    for query in ("view=now&group=overdue", "view=all", "view=closed", "view=all&q=井盖", "view=all&state=handling"):
        page = read("dispatcher", f"{reverse('reports:index')}?{query}")
        codes = [line.row.code for line in page.context["lines"]]
        points = read("dispatcher", f"{reverse('reports:points')}?{query}").json()
        assert [href.split("/")[-2] for _lon, _lat, _title, href in points["points"]] == codes
        beside = read("dispatcher", f"{reverse('reports:map')}?{query}")
        assert [line.row.code for line in beside.context["lines"]] == codes
        client.force_login(people["dispatcher"])
        answer = client.post(f"{reverse('exchange:new_export', args=['reports'])}?{query}", {"format": "csv"})
        table = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [line[0] for line in table[1:-1]] == codes, query
        assert LedgerEntry.objects.filter(verb="list.exported").latest("pk").detail["rows"] == len(codes)


@pytest.mark.parametrize(
    ("who", "status"), [("dispatcher", 200), ("handler", 200), ("town_officer", 200), ("worker", 403), ("auditor", 403)]
)
def test_taking_the_list_away_is_a_right_of_its_own(read, who, status):
    assert read(who, reverse("exchange:new_export", args=["reports"])).status_code == status


def test_contacts_leave_masked_unless_a_further_right_and_a_reason_open_them(client, people, file):
    file("duty_officer", contact="王秀英", phone="13800001234")
    address = f"{reverse('exchange:new_export', args=['reports'])}?view=all"

    def taken(who, **given):
        client.force_login(people[who])
        answer = client.post(address, {"format": "csv", **given})
        return answer.status_code, b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else ""

    status, masked = taken("dispatcher")
    assert (status, "13800001234" in masked, "138****1234" in masked) == (200, False, True)
    assert taken("dispatcher", plain="on", reason="回访")[0] == 403
    assert taken("supervisor", plain="on", reason="")[0] == 422
    status, plain = taken("supervisor", plain="on", reason="市级督查要求回访")
    assert (status, "13800001234" in plain, "王秀英" in plain) == (200, True, True)


def test_columns_are_chosen_once_and_remembered(client, people, report_in):
    report_in("handling")
    client.force_login(people["town_officer"])
    onward = f"{reverse('reports:index')}?view=living"
    answer = client.post(reverse("reports:columns"), {"column": ["lead", "due", "nothing"], "next": onward})
    page = client.get(onward)
    assert (answer["Location"], page.context["columns"]) == (onward, ["due", "lead"])
    outside = client.post(reverse("reports:columns"), {"next": "https://elsewhere.example/"})
    assert outside["Location"] == reverse("reports:index")


def test_a_page_of_the_list_begins_exactly_where_the_one_before_ended(read, file):
    """Also where due times differ by microseconds alone."""
    moment = clock.now() + timedelta(days=1)
    rows = [file(title=f"第{number}件") for number in range(60)]
    for number, row in enumerate(rows):
        change(row, due_at=moment.replace(microsecond=100_000 + number))
    first = read("village_officer", reverse("reports:index"))
    second = read("village_officer", reverse("reports:index") + first.context["page"].older)
    assert [line.row.pk for page in (first, second) for line in page.context["lines"]] == [row.pk for row in rows]
    third = read("village_officer", reverse("reports:index") + second.context["page"].newer)
    assert [line.row.pk for line in third.context["lines"]] == [line.row.pk for line in first.context["lines"]]


QUESTIONS = {"now": 10, "living": 11, "mine": 9, "closed": 11, "all": 11}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.usefixtures("nothing_asked_by_time")
def test_every_list_asks_the_same_few_questions_with_one_row_and_with_three(read, client, report_in, view):
    state = {"closed": "closed", "now": "handled"}.get(view, "filed")
    who = {"mine": "worker", "now": "town_officer"}.get(view, "town_officer")
    address = f"{reverse('reports:index')}?view={view}"

    def asked():
        read(who, address)
        with CaptureQueriesContext(connection) as queries:
            lines = client.get(address).context["lines"]
        return len(lines), len(queries)

    report_in(state)
    one = asked()
    report_in(state)
    report_in(state)
    assert [one, asked()] == [(1, QUESTIONS[view]), (3, QUESTIONS[view])]


def test_a_kept_address_carries_neither_paging_nor_empty_filters():
    assert steady(QueryDict("view=all&q=&after=x&saved=3&state=filed"), "state") == "view=all"


def test_every_group_says_what_it_counts():
    assert all(str(group.definition) and str(group.label) for group in GROUPS)
    assert len({group.name for group in GROUPS}) == len(GROUPS)


def test_a_search_is_a_condition_on_the_row_itself(act):
    rows = listing(act("worker"), QueryDict("view=all&q=井盖")).rows
    sql = str(rows.query)
    assert "portal_pairs" in sql and "STRPOS" in sql
    assert "IN (SELECT" not in sql


def test_the_index_keeps_every_pair_of_characters_and_nothing_else(db):
    texts = ["井盖缺失", "井盖缺", "井", "", "aa", "aaaa", "ts26-路灯😀坏", "100%_\\&'"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_pairs(given) FROM unnest(%s::text[]) AS given", [texts])
        found = [set(pairs) for (pairs,) in cursor.fetchall()]
    assert found == [{text[at : at + 2] for at in range(max(len(text) - 1, 1))} for text in texts]
