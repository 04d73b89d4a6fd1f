"""The map, the pages of areas, and what hangs on a change, as their readers get them."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from grids.areas import names
from grids.areas.models import Area, AreaShape, Succession
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import present

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(client, cast, grounds):
    """Reads an address as somebody of the cast: `read("worker", "/map/")`."""

    def get(who, address, **query):
        client.force_login(cast[who])
        return client.get(address, query)

    return get


def codes(answer) -> list[str]:
    return [row.code for row in answer.context["rows"]]


@pytest.mark.parametrize(
    ("who", "at", "below"),
    [("duty_officer", DISTRICT, [TOWN, OTHER_TOWN]), ("town_officer", TOWN, [VILLAGE]), ("worker", GRID, [GRID + "001"])],
)
def test_the_map_opens_on_the_smallest_area_of_ones_postings(read, who, at, below):
    answer = read(who, reverse("net:map"))
    assert (answer.status_code, answer.context["at"], codes(answer)) == (200, at, below)


def test_a_retired_area_is_left_out_of_the_list_and_still_has_its_page(read):
    Area.objects.filter(pk=NEXT_GRID).update(valid_to=date(2026, 1, 1))
    Succession.objects.create(predecessor_id=NEXT_GRID, successor_id=GRID, on=date(2026, 1, 2))
    assert codes(read("duty_officer", reverse("net:map"), at=VILLAGE)) == [GRID]
    old = read("duty_officer", reverse("net:area", args=[NEXT_GRID]))
    assert (old.status_code, [code for code, _name, _day in old.context["page"].successors]) == (200, [GRID])
    new = read("duty_officer", reverse("net:area", args=[GRID]))
    assert [code for code, _name, _day in new.context["page"].predecessors] == [NEXT_GRID]


@pytest.mark.parametrize("query", [{"at": "123"}, {"at": "999999"}, {"at": VILLAGE + "777"}])
def test_an_area_that_is_not_there_is_not_found(read, query):
    assert read("duty_officer", reverse("net:map"), **query).status_code == 404


@pytest.mark.parametrize(
    ("point", "code"), [((117.05, 34.05), GRID), ((117.1, 34.05), GRID), ((117.15, 34.05), NEXT_GRID), ((110.0, 30.0), None)]
)
def test_a_point_is_told_its_grid_without_any_script(read, point, code):
    here = read("worker", reverse("net:map"), lon=point[0], lat=point[1]).context["here"]
    assert here.code == code


@pytest.mark.parametrize("query", [{"lon": "x", "lat": "1"}, {"lon": "200", "lat": "1"}, {"lon": "nan", "lat": "1"}, {"lon": "117"}])
def test_nonsense_for_a_point_is_no_point(read, query):
    answer = read("worker", reverse("net:map"), **query)
    assert (answer.status_code, answer.context["here"]) == (200, None)


@pytest.mark.parametrize(("words", "found"), [("柳新", [TOWN]), ("第00", [GRID, NEXT_GRID]), (OTHER_TOWN, [OTHER_TOWN]), ("无此地", [])])
def test_areas_are_found_by_part_of_the_name_or_by_code(read, words, found):
    answer = read("duty_officer", reverse("net:map"), q=words)
    assert [one.area_code for one in answer.context["found"]] == found


def test_vacancies_are_counted_for_every_level(read, cast):
    def numbers(at):
        return {row.code: row.number for row in read("duty_officer", reverse("net:map"), at=at, measure="vacancies").context["rows"]}

    assert (numbers(DISTRICT), numbers(VILLAGE)) == ({TOWN: 0, OTHER_TOWN: None}, {GRID: 0, NEXT_GRID: 0})
    Posting.objects.filter(user=cast["colleague"]).update(ends_on=date(2025, 1, 1))
    assert (numbers(DISTRICT), numbers(VILLAGE)) == ({TOWN: 1, OTHER_TOWN: None}, {GRID: 0, NEXT_GRID: 1})


def duties(answer) -> dict[str, list[str]]:
    return {str(duty.label): [person.name for person in duty.people] for duty in answer.context["page"].duties}


def test_a_grid_shows_who_serves_it_and_what_is_vacant(read, person):
    person("li", Role.VILLAGE_OFFICER, VILLAGE, name="李村官")
    person("zhao", Role.CORE_HOUSEHOLD, GRID + "001", name="赵核心")
    answer = read("worker", reverse("net:area", args=[GRID]))
    found = duties(answer)
    wanted = {
        Role.GRID_WORKER: ["worker"], Role.CORE_HOUSEHOLD: ["赵核心"], Role.VILLAGE_OFFICER: ["李村官"], Role.MEDIATOR: ["mediator"],
        Role.COMMUNITY_POLICE: [], Role.BRANCH_SECRETARY: [], Role.LEGAL_ADVISER: [],
    }  # fmt: skip
    assert found == {str(role.label): people for role, people in wanted.items()}
    assert answer.content.decode().count("空缺") == 3


def test_a_posting_that_ended_leaves_a_vacancy(read, cast):
    Posting.objects.filter(user=cast["worker"]).update(ends_on=date(2025, 1, 1))
    assert duties(read("duty_officer", reverse("net:area", args=[GRID])))[str(Role.GRID_WORKER.label)] == []


@pytest.mark.parametrize(
    ("who", "code", "seen"),
    [
        ("worker", GRID, True), ("worker", VILLAGE, True), ("worker", TOWN, True), ("worker", NEXT_GRID, False),
        ("worker", OTHER_TOWN, False),
        ("town_officer", NEXT_GRID, True), ("other_town_officer", GRID, False), ("duty_officer", GRID, True), ("stranger", GRID, False),
    ],
)  # fmt: skip
def test_people_are_shown_to_those_whose_postings_hold_the_area_or_lie_in_it(read, who, code, seen):
    answer = read(who, reverse("net:area", args=[code]))
    assert (answer.status_code, answer.context["page"].duties is not None) == (200, seen)
    if not seen:
        assert "mediator" not in answer.content.decode()


def test_neighbours_share_a_border(read):
    page = read("duty_officer", reverse("net:area", args=[GRID])).context["page"]
    assert [one.code for one in page.neighbours] == [NEXT_GRID]
    assert [one.code for one in read("duty_officer", reverse("net:area", args=[TOWN])).context["page"].neighbours] == [OTHER_TOWN]


@pytest.mark.parametrize("address", ["/map/?measure=vacancies", f"/areas/{VILLAGE}/", f"/map/?q=网格&at={VILLAGE}"])
@pytest.mark.usefixtures("nothing_asked_by_time")
def test_pages_ask_as_often_however_many_areas_and_people_there_are(read, person, address):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert read("duty_officer", address).status_code == 200
        return len(asked)

    questions()
    few = questions()
    for number in range(100, 120):
        Area.objects.create(code=f"{VILLAGE}{number}", name=f"第{number}网格")
        person(f"worker{number}", Role.GRID_WORKER, f"{VILLAGE}{number}")
    names.kept.forget()
    questions()
    assert questions() == few


CHANGES = {
    "rename": {"name": "新名"},
    "retire": {"on": "2026-12-31"},
    "merge": {"others": [NEXT_GRID], "code": VILLAGE + "003", "name": "合并网格", "on": "2026-12-01"},
    "split": {
        "line": "117.05, 33.9\n117.05, 34.2", "first_code": VILLAGE + "003", "first_name": "甲",
        "second_code": VILLAGE + "004", "second_name": "乙",
        "on": "2026-12-01",
    },
    "move": {"to": OTHER_TOWN + "201001", "on": "2026-12-01"},
}  # fmt: skip


@pytest.fixture
def plain(grounds):
    """A grid without anything below it, and a village for it to move to."""
    AreaShape.objects.filter(pk=GRID + "001").delete()
    Area.objects.filter(pk=GRID + "001").delete()
    Area.objects.create(code=OTHER_TOWN + "201", name="他村")


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_previewed_and_done_by_a_system_administrator(read, client, plain, change):
    address = reverse(f"net:{change}", args=[GRID])
    preview = read("system_admin", address)
    assert [(str(one.kind), one.count) for one in preview.context["hanging"]] == [(str(Posting._meta.verbose_name_plural), 1)]
    assert client.post(address, CHANGES[change]).status_code == 302
    assert LedgerEntry.objects.filter(verb__startswith="area.").count() == 1


def test_the_cut_line_makes_two_grounds_that_are_the_old_one(read, client, plain):
    read("system_admin", "/map/")
    client.post(reverse("net:split", args=[GRID]), CHANGES["split"])
    west, east = (AreaShape.objects.get(pk=VILLAGE + number).geometry["coordinates"][0] for number in ("003", "004"))
    assert (max(lon for lon, _lat in west), min(lon for lon, _lat in east)) == (117.05, 117.05)


@pytest.mark.parametrize(
    ("change", "wrong", "field"),
    [
        ("rename", {"name": " "}, "name"),
        ("retire", {"on": "someday"}, "on"),
        ("merge", {"others": []}, "others"),
        ("merge", {"code": NEXT_GRID}, "code"),
        ("merge", {"code": "12"}, "code"),
        ("split", {"line": ""}, "line"),
        ("split", {"line": "a, b"}, "line"),
        ("split", {"line": "118, 33\n118, 35"}, "line"),
        ("move", {"to": VILLAGE + "009"}, "to"),
    ],
)
def test_a_wrong_change_says_where_and_changes_nothing(read, client, plain, change, wrong, field):
    before = list(Area.objects.order_by("pk").values()), list(AreaShape.objects.order_by("pk").values())
    read("system_admin", "/map/")
    answer = client.post(reverse(f"net:{change}", args=[GRID]), CHANGES[change] | wrong)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert (list(Area.objects.order_by("pk").values()), list(AreaShape.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("who", ["worker", "town_officer", "duty_officer", "security_admin", "auditor", "stranger"])
@pytest.mark.parametrize("change", CHANGES)
def test_nobody_else_gets_the_pages_of_changes(read, client, plain, who, change):
    before = list(Area.objects.order_by("pk").values())
    address = reverse(f"net:{change}", args=[GRID])
    assert (read(who, address).status_code, client.post(address, CHANGES[change]).status_code) == (403, 403)
    assert list(Area.objects.order_by("pk").values()) == before


def test_every_verb_of_the_net_is_a_sentence_in_both_languages(read, client, plain):
    read("system_admin", "/map/")
    client.post(reverse("net:merge", args=[GRID]), CHANGES["merge"])
    entry = LedgerEntry.objects.get(verb="area.merged")
    names.kept.forget()
    with translation.override("en"):
        assert present(entry) == f"system_admin merged 第001网格 ({GRID}), 第002网格 ({NEXT_GRID}) into 合并网格 ({VILLAGE}003)."
    with translation.override("zh-hans"):
        assert present(entry) == f"system_admin将第001网格（{GRID}）、第002网格（{NEXT_GRID}）合并为合并网格（{VILLAGE}003）。"
