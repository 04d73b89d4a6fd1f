"""Many reports at once: the same result as one by one, once, and what somebody here has touched stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest
import time_machine

from grids.areas.models import Area
from grids.reports import deadlines, routing, suggesting
from grids.reports.actions import bulk_filing, filing, handling
from grids.reports.dictionaries import Dictionaries
from grids.reports.enums import Located, ReportState, Source, Stage
from grids.reports.evaluation.working_time import worked_minutes
from grids.reports.incoming import IncomingReport
from grids.reports.models import Category, DispatchRule, Keyword, Report, ReportStep, TimePolicy
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.importers import Outcome
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.kernel.sealed import matching
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Delivery, Notice, OutboxEvent

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)  # a Wednesday, 10:30 in the district
C, U, S = Outcome.CREATED, Outcome.UNCHANGED, Outcome.CHANGED


def incoming(number: int = 1, **facts) -> IncomingReport:
    facts = {"title": "路口井盖缺失", "area_code": GRID, "filed_at": NOW, "source": Source.HOTLINE, **facts}
    return IncomingReport(origin="hotline", external_id=f"HL-{number}", **facts)


@pytest.fixture
def bulk(act):
    """Files reports as the director: `bulk([…])` answers what became of them."""

    def make(rows, who="director", now=NOW):
        return [one.outcome for one in bulk_filing.file_reports(actor=act(who), rows=rows, now=now)]

    return make


@pytest.fixture
def rules(people):
    """Rules by category, area and hours, to departments and desks; words and limits of their own."""
    water, urban = Department.objects.get(code="water"), Department.objects.get(code="urban")
    facilities, place = Category.objects.get(code="facilities"), {"area_code": GRID, "hours": "service"}
    DispatchRule.objects.create(order=1, name="夜间", category=facilities, hours="outside", desk="grid")
    DispatchRule.objects.create(order=2, name="设施", category=facilities, desk="department", department=urban, **place)
    DispatchRule.objects.create(order=3, name="供水", category=Category.objects.get(code="water"), desk="department", department=water)
    DispatchRule.objects.create(order=4, name="村", area_code=TOWN, category=Category.objects.get(code="garbage"), desk="village")
    TimePolicy.objects.create(stage="total", category=facilities, amount=3, unit="hour")
    TimePolicy.objects.create(stage="sign_for", category=Category.objects.get(code="manhole"), urgency="high", amount=1, unit="hour")


SAME = [
    "state", "title", "text", "category_id", "category_version", "urgency", "source", "filed_at", "area_code", "located", "lon", "lat",
    "address", "department_id", "departments", "desk_code", "lead_id", "clock", "due_at", "rung_at", "climbed", "total", "deadline_at",
    "lead_alarm_at", "dispatched_at", "changed_at", "closed_at", "bounces", "resolution", "rating", "answers", "is_synthetic",
    "archive_at", "worked_minutes", "co_handlers", "assignees", "deferral", "sort_due",
]  # fmt: skip
STEP = ["verb", "from_state", "to_state", "at", "reason", "recipient", "due_at", "area_code"]
ENTRY = ["verb", "area_code", "reason", "detail"]


def told(report: Report) -> dict:
    """All that a report came to, but its own codes."""
    events = OutboxEvent.objects.filter(line__report=report.code).exclude(kind="notice.sent").order_by("id")
    return {
        "row": [getattr(report, name) for name in SAME],
        "sealed": [str(report.contact), str(report.phone)],
        "words": report.words.replace(report.code.lower(), ""),
        "steps": list(report.steps.order_by("id").values_list(*STEP)),
        "by": [step.actor_label for step in report.steps.order_by("id")],
        "ledger": sorted(map(str, LedgerEntry.objects.filter(object_type="reports.report", object_id=report.pk).values_list(*ENTRY))),
        "events": [(one.topic, one.kind, one.area_code, {**one.line, "report": ""}, one.user_ids) for one in events],
    }


@pytest.mark.parametrize("hour", [2, 15])
def test_in_bulk_a_report_comes_to_what_it_comes_to_when_it_is_filed_alone(act, rules, bulk, hour):
    now = NOW.replace(hour=hour)
    words = ["manhole", "water", "garbage", "other", None]
    wanted = [
        {"area_code": area, "category": word and Category.objects.get(code=word), "urgency": urgency, "contact": contact, "phone": phone}
        for area, word, urgency, (contact, phone) in product(
            [GRID, NEXT_GRID, VILLAGE, OTHER_TOWN], words, ["", "emergency"], [("王秀英", "13800001234"), ("", "")]
        )
    ]
    with time_machine.travel(now, tick=False):
        alone = []
        for facts in wanted:
            given = {**facts, "contact": facts["contact"] or None, "phone": facts["phone"] or None, "source": Source.HOTLINE}
            alone.append(filing.file_report(actor=system_actor("reports"), key=uuid4(), title="路口 Ａ", text="详情", now=now, **given))
        rows = [incoming(n, title="路口 Ａ", text="详情", filed_at=now, **facts) for n, facts in enumerate(wanted)]
        filed = bulk_filing.file_reports(actor=system_actor("reports"), rows=rows, now=now)
    assert [one.outcome for one in filed] == [C] * 80
    for single, one in zip(alone, filed, strict=True):
        single.refresh_from_db()
        assert told(Report.objects.get(code=one.code)) == told(single)


def test_words_suggest_the_same_category_for_many_as_for_one(db):
    Keyword.objects.create(word="井盖缺失", category=Category.objects.get(code="manhole"))
    Keyword.objects.create(word="路灯坏了", category=Category.objects.get(code="water"))
    known = Dictionaries()
    for words in ("路灯坏了井盖缺失", "井盖缺失路灯坏了", "垃圾", "乱倒垃圾的井盖", "没有", "", "燃气漏水占道"):
        found = suggesting.suggest(words)
        assert known.suggest(words) == (found.category if found else None)


def test_sent_again_nothing_changes(bulk, people):
    rows = [incoming(n, contact="王秀英", phone="13800001234") for n in range(3)]
    assert bulk(rows) == [C, C, C]
    before = list(Report.objects.order_by("id").values())
    counts = (ReportStep.objects.count(), OutboxEvent.objects.count(), LedgerEntry.objects.count())
    assert bulk(rows, now=NOW + timedelta(days=1)) == [U, U, U]
    assert [{**row, "contact": str(row["contact"]), "phone": str(row["phone"])} for row in Report.objects.order_by("id").values()] == [
        {**row, "contact": str(row["contact"]), "phone": str(row["phone"])} for row in before
    ]
    assert (ReportStep.objects.count(), OutboxEvent.objects.count(), LedgerEntry.objects.count()) == counts


def test_the_contact_is_sealed_and_found_by_its_number(bulk, people):
    bulk([incoming(contact="王秀英", phone="138 0000 1234")])
    row = Report.objects.get(matching(Report, "phone", "13800001234"))
    assert (str(row.contact), str(row.phone)) == ("王**", "138****1234")


def test_the_whole_runs_from_filing_and_the_hop_from_its_arrival(bulk, people):
    bulk([incoming(filed_at=NOW - timedelta(hours=20))])
    row = Report.objects.get()
    assert (row.total_clock().started_at, row.clock_now().started_at) == (NOW - timedelta(hours=20), NOW)


def test_a_department_that_the_source_names_gets_it_at_once(bulk, people):
    bulk([incoming(department_id=Department.objects.get(code="water").pk)])
    row = Report.objects.get()
    assert (row.state, row.department.code, row.departments) == ("dispatched", "water", [row.department_id])
    assert [step.verb for step in row.steps.all()] == ["file_report", "open_report", "dispatch"]


def test_a_desk_hears_of_one_report_by_its_code_and_of_many_in_one_sentence(bulk, people):
    water, urban = Department.objects.get(code="water").pk, Department.objects.get(code="urban").pk
    bulk([incoming(n, department_id=water if n else urban) for n in range(5)])
    found = Notice.objects.filter(kind__contains="arrived").order_by("kind").values_list("kind", "params").distinct()
    assert list(found) == [("report.arrived", {"code": Report.objects.get(external_id="HL-0").code}), ("report.many_arrived", {"count": 4})]


def test_every_desk_is_told_by_as_many_statements_as_one(bulk, rules, django_assert_max_num_queries):
    garbage = Category.objects.get(code="garbage")
    DispatchRule.objects.create(order=0, name="网格", category=garbage, desk="grid")
    areas = list(Area.objects.filter(level=15).values_list("pk", flat=True))
    with django_assert_max_num_queries(40):
        bulk([incoming(n, category=garbage, area_code=area) for n, area in enumerate(areas)])
    desks = Notice.objects.filter(kind="report.arrived").order_by("area_code").values_list("desk_role", "area_code")
    assert list(desks) == [("grid_worker", area) for area in sorted(areas)]
    assert list(Delivery.objects.filter(notice__area_code=GRID).values_list("user__username", flat=True)) == ["worker"]


HISTORY = {
    "state": ReportState.ARCHIVED,
    "filed_at": NOW - timedelta(days=420),
    "due_at": NOW - timedelta(days=410),
    "closed_at": NOW - timedelta(days=415),
    "resolution": "已修复",
}


def test_history_keeps_its_own_times_and_starts_no_clock(bulk, people):
    water = Department.objects.get(code="water")
    assert bulk([incoming(department_id=water.pk, **HISTORY)]) == [C]
    row = Report.objects.get()
    kept = (row.state, row.filed_at, row.deadline_at, row.closed_at, row.resolution, row.department, row.departments)
    assert kept == ("archived", *(HISTORY[name] for name in ("filed_at", "due_at", "closed_at", "resolution")), water, [water.pk])
    assert (row.clock, row.total, row.due_at, row.rung_at, row.lead_alarm_at, row.archive_at) == (None,) * 6
    assert row.worked_minutes == worked_minutes(HISTORY["filed_at"], HISTORY["closed_at"]) > 0
    assert [(step.verb, step.at, step.actor_label, step.actor_id) for step in row.steps.all()] == [
        ("file_report", HISTORY["filed_at"], "hotline", None),
        ("close", HISTORY["closed_at"], "hotline", None),
    ]
    assert list(LedgerEntry.objects.filter(object_id=row.pk).values_list("verb", "actor_label")) == [("report.imported", "director")]
    assert (OutboxEvent.objects.filter(topic="reports").count(), Notice.objects.count()) == (0, 0)
    assert list(Report.objects.on_time()) == [row]


def test_a_closed_matter_waits_for_its_rating_as_long_as_any_other(bulk, people):
    bulk([incoming(**{**HISTORY, "state": ReportState.CLOSED}), incoming(2, **{**HISTORY, "hours": None})])
    closed, foreign = Report.objects.order_by("external_id")
    assert (closed.archive_at, foreign.archive_at) == (deadlines.due_under(Stage.RATE, closed, NOW), None)
    assert (closed.worked_minutes is None, foreign.worked_minutes) == (False, None)


def test_what_a_source_corrects_is_corrected_and_counted(bulk, people):
    rows = [incoming(1), incoming(2), incoming(3, phone="13800001234")]
    bulk(rows)
    code = Report.objects.get(external_id="HL-2").code
    again = [rows[0], replace(rows[1], title="井盖已经移走", area_code=NEXT_GRID), replace(rows[2], phone="13800009999")]
    assert bulk(again, now=NOW + timedelta(hours=1)) == [U, S, S]
    row = Report.objects.get(external_id="HL-2")
    assert (row.code, row.title, row.area_code, row.state, "井盖已经移走" in row.words) == (code, "井盖已经移走", NEXT_GRID, "filed", True)
    assert Report.objects.filter(matching(Report, "phone", "13800009999")).count() == 1
    assert [entry.detail for entry in LedgerEntry.objects.filter(verb="report.updated")] == [{"origin": "hotline"}] * 2
    assert bulk(again, now=NOW + timedelta(hours=2)) == [U, U, U]


def test_another_category_brings_its_limits(bulk, people):
    TimePolicy.objects.create(stage="total", category=Category.objects.get(code="water"), amount=1, unit="hour")
    row = incoming(category=Category.objects.get(code="other"))
    bulk([row])
    assert bulk([replace(row, category=Category.objects.get(code="water"))]) == [S]
    assert Report.objects.get().deadline_at == NOW + timedelta(hours=1)


def test_a_matter_that_the_source_closes_is_closed_here_too(bulk, people):
    row = incoming(state=ReportState.FILED, filed_at=HISTORY["filed_at"])
    bulk([row])
    assert bulk([replace(row, **HISTORY)]) == [S]
    kept = Report.objects.get()
    assert (kept.state, kept.closed_at, [step.verb for step in kept.steps.all()]) == (
        "archived",
        HISTORY["closed_at"],
        ["file_report", "close"],
    )


def test_what_somebody_here_has_taken_a_step_on_stays_as_it_is(bulk, act):
    row = incoming()
    bulk([row])
    handling.open_report(actor=act("duty_officer"), report_id=Report.objects.get().pk)
    again = replace(row, title="别的", **{name: HISTORY[name] for name in ("state", "closed_at")}, filed_at=HISTORY["filed_at"])
    assert bulk_filing.plan_reports([again]) == {U: 1}
    assert bulk([again]) == [U]
    kept = Report.objects.get()
    assert (kept.title, kept.state, LedgerEntry.objects.filter(verb="report.updated").count()) == ("路口井盖缺失", "opened", 0)


def test_the_plan_says_what_filing_then_does(bulk, people):
    rows = [incoming(n) for n in range(4)]
    bulk(rows[:2])
    again = [rows[0], replace(rows[1], title="别的"), *rows[2:]]
    plan = bulk_filing.plan_reports(again)
    assert plan == {C: 2, S: 1, U: 1}
    assert bulk(again) == [U, S, C, C]


@pytest.mark.parametrize("who", ["worker", "handler", "system_admin", "stranger"])
def test_who_may_not_bring_reports_brings_none(bulk, people, who):
    with pytest.raises(NotAllowed):
        bulk([incoming()], who=who)
    assert Report.objects.count() == 0


def test_nobody_files_outside_her_areas(bulk, people):
    with pytest.raises(NotAllowed):
        bulk([incoming(1), incoming(2, area_code=OTHER_TOWN)], who="town_officer")
    assert (Report.objects.count(), bulk([incoming(1)], who="town_officer")) == (0, [C])


def test_an_area_that_is_not_in_force_and_a_number_twice_are_refused_whole(bulk, people):
    for rows in ([incoming(1), incoming(2, area_code="320312999")], [incoming(1), incoming(1)]):
        with pytest.raises(DomainError):
            bulk(rows)
    assert Report.objects.count() == 0


def test_codes_are_of_the_day_of_filing_and_never_twice(bulk, people):
    assert bulk([incoming(n, filed_at=NOW - timedelta(days=n % 2)) for n in range(200)]) == [C] * 200
    codes = list(Report.objects.values_list("code", flat=True))
    assert (len(set(codes)), {code[:9] for code in codes}) == (200, {"TS260304-", "TS260303-"})
    assert len(set(Report.objects.values_list("follow_key", flat=True))) == 200


def test_a_thousand_cost_as_many_queries_as_ten(bulk, rules, django_assert_max_num_queries):
    manhole = Category.objects.get(code="manhole")
    bulk([incoming(0, category=manhole)])
    with django_assert_max_num_queries(60):
        assert bulk([incoming(n, category=manhole, located=Located.POINT) for n in range(1, 1001)]) == [C] * 1000
    assert routing.is_service_time(NOW) is True
