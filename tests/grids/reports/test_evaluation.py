"""The evaluation: figures against an independent count, the rollup against the rows, links against lists, readers against scopes."""

import random
from collections import Counter
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import product
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.areas.models import Area, Succession
from grids.reports.actions import answering, filing, handling, oversight
from grids.reports.evaluation import queries
from grids.reports.evaluation.charts import chart_of
from grids.reports.evaluation.figures import COLUMNS
from grids.reports.evaluation.indicators import MEASURES
from grids.reports.evaluation.keeping import sweep_tallies
from grids.reports.evaluation.lenses import Lens
from grids.reports.evaluation.queries import By
from grids.reports.evaluation.working_time import worked_minutes
from grids.reports.models import Category, PendingDay, Rating, Report, ReportTally
from grids.reports.routing import Recipient
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.models import Department
from tongshan_portal.evaluation.periods import Days, last_months
from tongshan_portal.kernel.errors import DomainError

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 10, tzinfo=ZONE)
YEAR = Days(date(2026, 1, 1), date(2026, 12, 31))
OTHER_VILLAGE = OTHER_TOWN + "201"
PLACES = (GRID, NEXT_GRID, VILLAGE, TOWN, OTHER_VILLAGE, OTHER_TOWN, DISTRICT)
OUT = ("withdrawn", "void", "merged")
DONE = ("closed", "archived")


class Walk:
    """A report that goes its way at random, by the real actions."""

    def __init__(self, act, chance: random.Random, number: int) -> None:
        self.act, self.chance = act, chance
        self.at = NOW - timedelta(days=chance.randint(0, 200), hours=chance.randint(0, 23), minutes=number)
        categories = [None, *Category.objects.filter(code__in=["manhole", "water", "other", "facilities"]).order_by("code")]
        self.row = filing.file_report(
            actor=act("duty_officer"), key=uuid4(), title=f"第{number}件", area_code=chance.choice(PLACES),
            category=chance.choice(categories), now=self.at, phone=None,
        )  # fmt: skip

    def go(self, steps: int) -> None:
        desks = [Recipient(one) for one in Department.objects.filter(code__in=["urban", "water"]).order_by("code")]
        verbs = {
            "filed": [
                ("duty_officer", handling.open_report, {}),
                ("duty_officer", handling.open_report, {}),
                ("duty_officer", handling.withdraw, {"reason": "看错"}),
            ],
            "opened": [
                ("dispatcher", handling.dispatch, {"recipient": self.chance.choice(desks)}),
                ("dispatcher", handling.dispatch, {"recipient": desks[0]}),
                ("duty_officer", handling.classify, {"category": Category.objects.get(code="water")}),
                ("duty_officer", handling.place, {"area_code": self.chance.choice(PLACES)}),
                ("director", oversight.propose_void, {"reason": "重复"}),
                ("duty_officer", oversight.confirm_void, {}),
            ],
            "dispatched": [
                ("handler", handling.sign_for, {}),
                ("handler", handling.sign_for, {}),
                ("handler", handling.object_to, {"reason": "不属本单位"}),
                ("other_handler", handling.sign_for, {}),
            ],
            "handling": [
                ("handler", handling.feed_back, {"result": "已办"}),
                ("other_handler", handling.feed_back, {"result": "已办"}),
                ("handler", handling.return_report, {"reason": "缺信息"}),
                ("handler", oversight.ask_extension, {"amount": 1, "reason": "等配件"}),
                ("supervisor", oversight.approve_extension, {}),
            ],
            "handled": [("supervisor", handling.verify, {}), ("supervisor", handling.send_back, {"reason": "照片不清"})],
            "verified": [("supervisor", handling.close, {})],
            "closed": [("director", handling.reopen, {"reason": "没有解决"}), None, None],
        }
        for _step in range(steps):
            self.at += timedelta(hours=self.chance.choice([1, 2, 9, 30, 80]))
            chosen = self.chance.choice(verbs.get(self.row.state) or [None])
            if chosen is None or self.at > NOW:
                break
            who, call, given = chosen
            with suppress(DomainError):
                self.row = call(actor=self.act(who), report_id=self.row.pk, now=self.at, **given)
        for hours in (20, 30):  # what is not solved is opened again, and its answer stays one
            if self.row.state == "closed" and self.chance.random() < 0.8:
                word = self.chance.choice(["satisfied", "fair", "not_solved", "not_solved"])
                at = self.row.closed_at + timedelta(hours=hours)
                self.row = answering.rate_report(report_id=self.row.pk, satisfaction=word, text="", now=at)


@pytest.fixture
def walks(act, people):
    """Reports somewhere on their way, the rollup swept in between."""
    Area.objects.create(code=OTHER_VILLAGE, name="茅村村")
    chance = random.Random(7)
    made = [Walk(act, chance, number) for number in range(24)]
    sweep_tallies()
    for walk in made:
        walk.go(chance.randint(4, 16))
        if chance.random() < 0.1:
            sweep_tallies()
    sweep_tallies()
    return made


@pytest.fixture
def generated(people):
    """Two hundred reports of every kind, written at once, and added up."""
    Area.objects.create(code=OTHER_VILLAGE, name="茅村村")
    chance = random.Random(11)
    departments = [None, *Department.objects.filter(code__in=["urban", "water"]).order_by("code")]
    categories = [None, *Category.objects.filter(code__in=["manhole", "water", "facilities"]).order_by("code")]
    made = []
    for number in range(200):
        filed = NOW - timedelta(days=chance.randint(0, 400), minutes=number * 7)
        state = chance.choice(["filed", "opened", "handling", "verified", "withdrawn", "void", *["closed"] * 5, "archived", "archived"])
        department = chance.choice(departments) if state not in ("filed", "opened") else None
        done = state in DONE
        closed = filed + timedelta(hours=chance.randint(1, 400)) if done else None
        rating = chance.choice(["", "satisfied", "satisfied", "fair", "unsatisfied", "not_solved"]) if done else ""
        made.append(
            Report(
                code=f"TS{number:06}", key=uuid4(), title=f"第{number}件", words=f"第{number}件", area_code=chance.choice(PLACES),
                category=chance.choice(categories), source="field", filed_at=filed, changed_at=filed, state=state, department=department,
                desk_code=TOWN if department is None and state == "handling" else "",
                lead=people["handler"] if state == "handling" else None,
                departments=[department.pk] if department else [], deadline_at=filed + timedelta(days=7) if chance.random() < 0.9 else None,
                closed_at=closed, worked_minutes=worked_minutes(filed, closed) if done else None, rework=chance.choice([0, 0, 1, 2]),
                returns=chance.choice([0, 0, 1]), bounces=chance.choice([0, 0, 0, 1]), extensions=chance.choice([0, 0, 1]),
                reopened=chance.choice([0, 0, 0, 1]), rating=rating,
                rated_at=closed + timedelta(hours=chance.randint(1, 90)) if rating else None,
            )
        )  # fmt: skip
    Report.objects.bulk_create(made)
    Rating.objects.bulk_create(Rating(report=row, area_code=row.area_code, at=row.rated_at, word=row.rating) for row in made if row.rating)
    sweep_tallies()
    return made


def day(moment: datetime | None) -> date | None:
    return moment.astimezone(ZONE).date() if moment else None


def counted(rows, days: Days) -> Counter[str]:
    """The figures in plain Python, written down apart from the portal's."""
    found: Counter[str] = Counter(dict.fromkeys(COLUMNS, 0))

    def inside(moment):
        return moment is not None and days.begin <= day(moment) <= days.end

    for row in rows:
        done, out = row.state in DONE, row.state in OUT
        in_time = done and row.deadline_at is not None and row.closed_at <= row.deadline_at
        if inside(row.filed_at) and not out:
            found["filed"] += 1
        if inside(row.deadline_at) and not out:
            found["due"] += 1
            found["due_closed"] += done
            found["due_on_time"] += in_time
            found["due_reopened"] += row.reopened > 0
        if done and inside(row.closed_at):
            found["closed"] += 1
            found["closed_dated"] += row.deadline_at is not None
            found["closed_on_time"] += in_time
            found["reworked"] += row.rework > 0
            found["returned"] += row.returns + row.bounces > 0
            found["extended"] += row.extensions > 0
            found["timed"] += row.worked_minutes is not None
            found["worked_minutes"] += row.worked_minutes or 0
        if inside(row.rated_at) and not out and row.rating:
            found["answered"] += 1
            found["satisfied"] += row.rating == "satisfied"
    return found


def rows_under(code: str, **given):
    return [row for row in Report.objects.unscoped("a test").filter(**given) if row.area_code.startswith(code)]


def test_every_figure_occurs(generated):
    figures = counted(rows_under(DISTRICT), YEAR)
    assert [name for name in COLUMNS if not figures[name]] == []


PERIODS = [
    YEAR,
    Days(date(2026, 10, 1), date(2026, 10, 31)),
    Days(date(2026, 6, 14), date(2026, 11, 19)),
    Days(date(2026, 11, 3), date(2026, 11, 9)),
]


def present(found) -> dict:
    """Without the parts in which nothing is counted."""
    return {key: +figures for key, figures in found.items() if +figures}


def test_figures_are_those_of_an_independent_count(generated):
    found, expected = {}, {}
    for days, code in product(PERIODS, (DISTRICT, TOWN, OTHER_TOWN, VILLAGE, OTHER_VILLAGE, GRID)):
        lens, rows, level = Lens(code, days), rows_under(code), min(len(code) + 3, 15)
        for by, key in ((By.AREA, lambda row: row.area_code[:level]), (By.CATEGORY, category_of), (By.DEPARTMENT, department_of)):  # noqa: B023
            parts = {part: counted([row for row in rows if key(row) == part], days) for part in {key(row) for row in rows}}
            expected[days, code, by] = present(parts)
            found[days, code, by] = present(queries.figures_by(lens, by))
    assert found == expected


def category_of(row):
    return row.category_id


def department_of(row):
    return row.department_id


def test_a_trend_is_twelve_months_each_with_its_own_figures(generated):
    days = last_months(date(2026, 11, 20), 12)
    found, expected = {}, {}
    for code in (DISTRICT, GRID):
        trend = queries.figures_by(Lens(code, days), By.MONTH)
        for back in range(12):
            begin = date(2026, 11 - back, 1) if back < 11 else date(2025, 12, 1)
            end = min((begin + timedelta(days=31)).replace(day=1) - timedelta(days=1), days.end)
            found[code, begin] = +trend.get(begin, Counter())
            expected[code, begin] = +counted(rows_under(code), Days(begin, end))
    assert found == expected


def grouped_by_sql() -> Counter:
    """The rollup by a direct GROUP BY over the reports: day, place, category, department → one figure each."""
    found: Counter = Counter()
    with connection.cursor() as cursor:
        for name, moment, condition in (
            ("filed", "filed_at", "state not in ('withdrawn','void','merged')"),
            ("due", "deadline_at", "state not in ('withdrawn','void','merged')"),
            ("closed", "closed_at", "state in ('closed','archived')"),
            ("answered", "at", "state not in ('withdrawn','void','merged')"),
        ):
            tables = (
                "reports_report join (select report_id, at from reports_rating) as r on report_id = id"
                if name == "answered"
                else "reports_report"
            )
            cursor.execute(
                f"select ({moment} at time zone 'Asia/Shanghai')::date, left(area_code, 12), category_id, department_id, count(*)"
                f" from {tables} where {moment} is not null and {condition} group by 1, 2, 3, 4"
            )
            found.update({(name, *row[:4]): row[4] for row in cursor.fetchall()})
    return found


def tallied(span: str = "day", grain: str = "village") -> Counter:
    rows = ReportTally.objects.unscoped("a test").filter(span=span, grain=grain)
    return +Counter(
        {
            (name, row.begin, row.area_code, row.category_id, row.department_id): getattr(row, name)
            for row, name in product(rows, ("filed", "due", "closed", "answered"))
        }
    )


def test_after_random_walks_the_rollup_equals_a_direct_group_by(walks):
    assert tallied() == grouped_by_sql()
    by_month, by_town = Counter(), Counter()
    for (name, on, place, category, department), number in grouped_by_sql().items():
        by_month[name, on.replace(day=1), place, category, department] += number
        by_town[name, on, place[:9], category, department] += number
    assert (tallied("month"), tallied("day", "town")) == (by_month, by_town)


def test_the_rollup_follows_whatever_changes_a_row_and_a_second_sweep_changes_nothing(generated):
    rows = Report.objects.unscoped("a test")
    rows.filter(state="closed").update(state="archived")
    rows.filter(area_code=GRID).update(area_code=OTHER_VILLAGE)
    rows.filter(state="void", category=None).delete()
    assert PendingDay.objects.exists()
    assert tallied() != grouped_by_sql()
    assert sweep_tallies() > 0
    assert (tallied(), PendingDay.objects.count(), sweep_tallies()) == (grouped_by_sql(), 0, 0)


def test_what_moves_no_figure_writes_no_day_down(report_in):
    row = report_in("handling")
    sweep_tallies()
    Report.objects.unscoped("a test").filter(pk=row.pk).update(text="补充说明", due_at=NOW, lead_alarm_at=None)
    assert PendingDay.objects.count() == 0


def test_not_solved_stays_an_answer_when_the_report_is_opened_again_and_follows_it(report_in, act, reads):
    def figures():
        sweep_tallies(now=NOW)
        found = queries.figures_by(Lens(DISTRICT, Days(date(2026, 1, 1), date(2027, 12, 31))), By.AREA)
        return {code: [one["answered"], one["satisfied"]] for code, one in found.items() if one["answered"]}

    row = report_in("closed", who="duty_officer", area_code=OTHER_TOWN)
    pk, seen = row.pk, []
    answering.rate_report(report_id=pk, satisfaction="not_solved", text="还在漏")
    seen.append(figures())
    handling.place(actor=act("duty_officer"), report_id=pk, area_code=GRID)
    seen.append(figures())
    reads("dispatcher", row)
    handling.dispatch(actor=act("dispatcher"), report_id=pk, recipient=Recipient(Department.objects.get(code="urban")))
    handling.sign_for(actor=act("handler"), report_id=pk)
    assert handling.feed_back(actor=act("handler"), report_id=pk, result="再次处理").rating == ""
    seen.append(figures())
    handling.verify(actor=act("supervisor"), report_id=pk)
    handling.close(actor=act("supervisor"), report_id=pk, answer="已办")
    answering.rate_report(report_id=pk, satisfaction="satisfied", text="")
    assert [*seen, figures()] == [{OTHER_TOWN: [1, 0]}, {TOWN: [1, 0]}, {TOWN: [1, 0]}, {TOWN: [2, 1]}]


def test_the_working_time_is_kept_at_closing_and_forgotten_at_reopening(file, act, people):
    friday, monday = datetime(2026, 11, 13, 16, tzinfo=ZONE), datetime(2026, 11, 16, 10, 30, tzinfo=ZONE)
    row = file("duty_officer", now=friday)
    pk = row.pk
    handling.open_report(actor=act("duty_officer"), report_id=pk, now=friday)
    handling.dispatch(actor=act("dispatcher"), report_id=pk, recipient=Recipient(Department.objects.get(code="urban")), now=friday)
    handling.sign_for(actor=act("handler"), report_id=pk, now=friday)
    handling.feed_back(actor=act("handler"), report_id=pk, result="已办", now=monday)
    handling.verify(actor=act("supervisor"), report_id=pk, now=monday)
    assert handling.close(actor=act("supervisor"), report_id=pk, now=monday).worked_minutes == 90 + 90  # 16:00–17:30, 9:00–10:30
    assert handling.reopen(actor=act("director"), report_id=pk, reason="没有解决", now=monday).worked_minutes is None


def test_days_that_the_calendar_does_not_hold_have_no_working_time():
    assert worked_minutes(datetime(1990, 1, 1, tzinfo=ZONE), NOW) is None


@pytest.fixture
def page(client, people):
    def get(who, **query):
        client.force_login(people[who])
        return client.get(reverse("reports:evaluation"), query)

    return get


FREE = {"period": "free", "begin": "2026-01-01", "end": "2026-12-31"}


def test_every_number_leads_to_exactly_its_rows(generated, page, client):
    looked, wrong = Counter(), []
    for who, by in (("duty_officer", "area"), ("town_officer", "category"), ("handler", "department")):
        seen = page(who, by=by, **FREE).context["page"]
        for line in [seen.total, *seen.lines]:
            numbers = [(line.filed_href, line.filed)]
            for cell in line.cells:
                numbers.append((cell.denominator_href, cell.denominator))
                if cell.numerator_href:
                    numbers.append((cell.numerator_href, int(cell.numerator)))
            for href, number in dict(numbers).items():
                looked[who] += number > 0
                if number and (listed := client.get(href).context["count"].number) != number:
                    wrong.append((who, line.label, parse_qs(urlsplit(href).query), number, listed))
    assert ({who: number > 5 for who, number in looked.items()}, wrong) == (
        dict.fromkeys(("duty_officer", "town_officer", "handler"), True),
        [],
    )


def test_percentages_of_fewer_than_five_cases_are_not_shown_but_their_counts_are(generated, page):
    wide, narrow = (page("duty_officer", by="area", **FREE, **given).context["page"].lines for given in ({}, {"department": "none"}))
    cells = [cell for line in [*wide, *narrow] for cell in line.cells if not cell.measure.is_mean]
    few, many = [one for one in cells if one.denominator < 5], [one for one in cells if one.denominator >= 5]
    assert {cell.words for cell in few} == {"–"}
    assert [cell.words for cell in many] == [f"{100 * int(cell.numerator) / cell.denominator:.1f}%" for cell in many]
    assert [line.key for line in wide] == sorted(line.key for line in wide)


SEES = {
    "duty_officer": [DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID],
    "director": [DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID],
    "town_officer": [TOWN, VILLAGE, GRID],
    "other_town_officer": [OTHER_TOWN],
    "village_officer": [VILLAGE, GRID],
    "handler": [DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID],
}


@pytest.mark.parametrize("who", SEES)
def test_areas_outside_the_postings_do_not_exist(page, who):
    found = [area for area in (DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID) if page(who, area=area).status_code == 200]
    assert (found, page(who, area="999999").status_code) == (SEES[who], 404)


@pytest.mark.parametrize("who", ["worker", "mediator", "system_admin", "auditor", "stranger"])
def test_others_are_refused(page, who):
    assert page(who).status_code == 403


def test_a_department_sees_its_own_figures_whatever_it_asks_for(generated, page):
    own, other = Department.objects.get(code="urban"), Department.objects.get(code="water")
    for asked in ("", str(own.pk), str(other.pk), "none"):
        total = page("handler", department=asked, **FREE).context["page"].total
        assert total.filed == counted(rows_under(DISTRICT, department=own), YEAR)["filed"]


def test_a_category_counts_with_those_below_it(generated, page):
    above, below = Category.objects.get(code="facilities"), Category.objects.get(code="manhole")
    total = page("duty_officer", under=above.pk, **FREE).context["page"].total
    assert total.filed == counted(rows_under(DISTRICT, category_id__in=[above.pk, below.pk]), YEAR)["filed"]


def test_a_wrong_period_keeps_what_was_typed_and_says_what_to_do(page):
    answer = page("duty_officer", period="free", begin="2026-05-02", end="2026-05-01")
    assert (answer.status_code, "2026-05-02" in answer.content.decode()) == (422, True)


def test_rows_of_a_village_that_went_to_another_town_count_there(generated, page, client):
    Succession.objects.create(predecessor_id=VILLAGE, successor_id=OTHER_VILLAGE, on=date(2026, 11, 1))
    Area.objects.filter(code__startswith=VILLAGE).update(valid_to=date(2026, 10, 31))
    from grids.areas import succession

    succession.kept.forget()
    for code, level in ((DISTRICT, 9), (OTHER_TOWN, 12)):
        found = queries.figures_by(Lens(code, YEAR), By.AREA)
        moved = rows_under(VILLAGE) + rows_under(OTHER_VILLAGE)
        if level == 12:
            assert +found[OTHER_VILLAGE] == +counted(moved, YEAR)
    assert (
        page("other_town_officer", by="category", **FREE).context["page"].total.filed
        == counted(rows_under(OTHER_TOWN) + rows_under(VILLAGE), YEAR)["filed"]
    )


def test_a_chart_has_a_point_for_every_month_and_no_line_where_nothing_is_known(generated):
    lines = queries.evaluation(Lens(DISTRICT, YEAR), By.MONTH).lines
    chart = chart_of(lines, "on_time_of_closed")
    known = [next(c for c in line.cells if c.measure.indicator.name == "reports.on_time_of_closed").value is not None for line in lines]
    assert ([point.y is not None for point in chart.points], len(chart.points)) == (known, 12)


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_page_asks_a_constant_number_of_questions(generated, page, client):
    expected, found = {(DISTRICT, "area"): 10, (DISTRICT, "month"): 9, (VILLAGE, "area"): 13}, {}
    for area, by in expected:
        page("duty_officer", area=area, by=by)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reports:evaluation"), {"area": area, "by": by})
        found[area, by] = len(asked)
    assert found == expected


def test_every_indicator_divides_two_figures_that_are_kept():
    assert {name for one in MEASURES for name in (one.numerator, one.denominator)} <= set(COLUMNS)
