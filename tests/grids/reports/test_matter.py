"""The page of a report: its clock, its course, what is missing, what is alike and linked, within the reader's scope."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.reports.actions import co_handling, handling, oversight
from grids.reports.models import Category, Report, ReportLink
from grids.reports.queries.clocks import clock_face, span_words
from grids.reports.queries.groups import SOON
from grids.reports.queries.matter import KEYS
from grids.reports.workflow import STEPS
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, TOWN
from tongshan_portal.kernel import clock
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.limits import TimeLimit, Unit

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def page_of(client, people):
    def get(who, row):
        client.force_login(people[who])
        return client.get(reverse("reports:show", args=[row.code])).context["page"]

    return get


def change(row, **fields):
    Report.objects.unscoped("a test").filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("hours", "tone", "shares"),
    [(1, "", (10, 0, 90)), (9, "soon", (90, 0, 10)), (10, "soon", (100, 0, 0)), (20, "late", (100, 0, 0))],
)
def test_the_bar_shows_what_ran_and_what_is_left(hours, tone, shares):
    face = clock_face(Clock(NOON, TimeLimit(10, Unit.HOUR)), NOON + timedelta(hours=hours), SOON)
    assert (face.tone, face.elapsed, face.paused, face.left) == (tone, *shares)
    assert sum(shares) == 100


def test_the_bar_shows_what_stood_still_apart():
    stood = Clock(NOON, TimeLimit(10, Unit.HOUR)).pause(NOON + timedelta(hours=2), "等停电")
    face = clock_face(stood, NOON + timedelta(hours=6), SOON)
    assert (face.tone, face.elapsed, face.paused, face.left, face.pause_reason) == ("paused", 14, 29, 57, "等停电")
    assert face.due == NOON + timedelta(hours=14)


def test_where_no_clock_runs_there_is_no_bar():
    assert clock_face(None, NOON, SOON) is None
    assert clock_face(Clock(NOON, TimeLimit(1, Unit.HOUR)).stop(NOON + timedelta(minutes=5)), NOON, SOON) is None


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "0分钟"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(hours=3), "3小时"),
        (timedelta(hours=-3, minutes=-5), "3小时 5分钟"),
        (timedelta(days=2, hours=3, minutes=4), "2天 3小时"),
        (timedelta(days=40, hours=3), "40天"),
    ],
)
def test_a_length_of_time_in_its_two_largest_units(span, words):
    assert span_words(span) == words


def test_the_course_says_how_long_each_hop_stood_and_whether_it_was_late(page_of, report_in, act):
    row = report_in("dispatched")
    change(row, due_at=clock.now() - timedelta(hours=2))
    handling.sign_for(actor=act("handler"), report_id=row.pk, now=clock.now() + timedelta(minutes=30))
    oversight.add_note(actor=act("handler"), report_id=row.pk, reason="已出发")
    hops = page_of("handler", row).hops
    assert [hop.step.verb for hop in hops] == ["file_report", "open_report", "dispatch", "sign_for", "add_note"]
    assert [bool(hop.late_by) for hop in hops] == [False, False, False, True, False]
    assert (hops[3].took, hops[3].changed, hops[4].changed) == ("30分钟", True, False)
    assert {hop.voice for hop in hops} == {"officer"}


def test_the_verbs_are_those_of_the_reader_the_primary_first(page_of, report_in):
    row = report_in("dispatched")
    handler, officer = page_of("handler", row), page_of("town_officer", row)
    assert [verb.key for verb in handler.primary] == ["s"]
    assert {verb.key for verb in handler.others} >= {"b", "r", "n"}
    assert (officer.primary, "h" in {verb.key for verb in officer.others}) == ([], True)


def test_no_button_stands_twice_and_what_is_not_possible_is_folded_with_its_reason(page_of, report_in, act, desk, client):
    row = report_in("handling")
    co_handling.ask_co_handling(actor=act("handler"), report_id=row.pk, recipient=desk("transport"), reason="一起看看")
    page = page_of("handler", row)
    panel = [deed.href.partition("?")[0] for line in page.parts.co_handlings for deed in line.deeds] + [
        one.href for one in page.parts.deeds
    ]
    assert (set(panel) & {verb.href for verb in page.verbs}, page.in_the_panel >= len(panel) > 1) == (set(), True)
    assert {"feed_back", "resume", "answer_order"} <= {choice.verb for choice in page.refused}
    assert {choice.label for choice in page.refused} & {verb.label for verb in page.verbs} == set()
    body = client.get(reverse("reports:show", args=[row.code])).content.decode()
    folded = body.partition('<details class="refused">')[2].partition("</details>")[0]
    sentences = [str(sentence) for choice in page.refused for sentence in choice.sentences]
    assert (len(sentences) > 0, [one for one in sentences if one not in folded or body.count(f'href="{panel[0]}') != 1]) == (True, [])
    assert page_of("co_handler", row).in_the_panel == 2


def test_no_two_verbs_that_are_possible_together_have_one_key():
    for state in STEPS.states:
        keys = [KEYS[item.verb] for item in STEPS.out_of(state) if item.verb in KEYS]
        assert len(keys) == len(set(keys)), state
        assert not {"i", "j"} & set(keys)


def test_what_is_missing_for_closing_leads_to_what_mends_it(page_of, report_in, act):
    row = report_in("handling")
    oversight.supervise(actor=act("supervisor"), report_id=row.pk, reason="请书面说明")
    mine, other = page_of("handler", row).lacking, page_of("dispatcher", row).lacking
    assert [one.href for one in mine if "answer_order" in one.href] == [reverse("reports:step", args=[row.code, "answer_order"])]
    assert len(other) >= 1 and not any("answer_order" in one.href for one in other)
    oversight.answer_order(actor=act("handler"), report_id=row.pk, result="今天下午更换")
    assert not any("answer_order" in one.href for one in page_of("handler", row).lacking)


@pytest.fixture
def closed_in(report_in):
    """A closed report of a category in an area."""

    def make(area_code, category="manhole", **fields):
        row = report_in("closed")
        return change(row, area_code=area_code, category=Category.objects.get(code=category), **fields)

    return make


def test_similar_ones_are_closed_ones_of_the_category_the_nearest_first(page_of, closed_in, report_in):
    far, town, near = closed_in(f"{OTHER_TOWN}201001"), closed_in(f"{TOWN}202001"), closed_in(NEXT_GRID)
    closed_in(GRID, "water")
    report_in("handling")
    row = report_in("opened")
    similar = page_of("dispatcher", row).similar
    assert [one.href.split("/")[-2] for one in similar] == [near.code, town.code, far.code]
    assert {one.result for one in similar} == {"已更换井盖"}
    assert all(one.took for one in similar)


def test_at_most_five_similar_ones_the_latest_of_the_village_first(page_of, closed_in, report_in):
    rows = [closed_in(NEXT_GRID, closed_at=clock.now() - timedelta(days=number)) for number in range(7)]
    closed_in(f"{TOWN}202001", closed_at=clock.now())
    row = report_in("opened")
    assert [one.href.split("/")[-2] for one in page_of("dispatcher", row).similar] == [one.code for one in rows[:5]]


def test_links_and_what_was_merged_into_it_stand_beside(page_of, report_in, act, people):
    row = report_in("opened")
    ReportLink.objects.create(report=row, area_code=GRID, kind="dispute", label="纠纷一件", address="/disputes/1/", made_at=clock.now())
    merged = report_in("merged")
    change(merged, merged_into=row)
    assert [one.href for one in page_of("dispatcher", row).links] == ["/disputes/1/", reverse("reports:show", args=[merged.code])]
    change(merged, area_code=NEXT_GRID, filed_by=None)
    assert [one.href for one in page_of("worker", row).links] == ["/disputes/1/"]


def test_a_contact_is_masked_and_leads_to_its_reveal(client, people, file):
    row = file("duty_officer", contact="王秀英", phone="13800001234")
    client.force_login(people["town_officer"])
    answer = client.get(reverse("reports:show", args=[row.code]))
    text = answer.content.decode()
    assert ("13800001234" in text, "138****1234" in text, "王秀英" in text) == (False, True, False)
    assert set(answer.context["page"].reveal) == {"contact", "phone"}


def test_what_is_synthetic_says_so(client, people, file):
    for synthetic in (False, True):
        row = file("duty_officer", is_synthetic=synthetic)
        client.force_login(people["duty_officer"])
        for address in (reverse("reports:show", args=[row.code]), f"{reverse('reports:index')}?view=all&q={row.code}"):
            assert ("演示数据" in client.get(address).content.decode()) is synthetic


QUESTIONS = 15


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_page_asks_the_same_few_questions_with_a_short_and_a_long_course(client, people, report_in, closed_in, act):
    client.force_login(people["town_officer"])

    def asked(row):
        client.get(reverse("reports:show", args=[row.code]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("reports:show", args=[row.code]))
        return len(queries)

    short, long = report_in("handling"), report_in("handling")
    for number in range(6):
        oversight.add_note(actor=act("handler"), report_id=long.pk, reason=f"第{number}次")
    oversight.supervise(actor=act("supervisor"), report_id=long.pk, reason="请书面说明")
    for _number in range(3):
        closed_in(NEXT_GRID)
    assert [asked(short), asked(long)] == [QUESTIONS, QUESTIONS]
