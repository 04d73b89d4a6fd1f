"""Figures of alerts: against numbers calculated by hand, the rollup against the rows, links against lists, readers against scopes."""

import csv
import io
import random
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from statistics import median

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from antifraud.alerts.actions import assigning, closing, dissuading
from antifraud.alerts.actions.dissuading import Amounts, AttemptGiven
from antifraud.alerts.enums import RANK, Grade
from antifraud.alerts.evaluation import queries
from antifraud.alerts.evaluation.figures import COLUMNS
from antifraud.alerts.evaluation.hiding import withheld
from antifraud.alerts.evaluation.indicators import MEASURES
from antifraud.alerts.evaluation.keeping import sweep_tallies
from antifraud.alerts.evaluation.lenses import Lens
from antifraud.alerts.evaluation.queries import By
from antifraud.alerts.models import AlertPolicy, AlertTally, ContactTally, FraudAlert, FraudType, FraudWarning, PendingDay
from grids.areas.models import Area
from tests.antifraud.alerts.conftest import MONDAY, PHONE, row
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.evaluation.periods import Days
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ui.board import counters_for

pytestmark = pytest.mark.django_db
NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))
FREE = {"period": "free", "begin": "2026-11-01", "end": "2026-11-30"}
OTHER_VILLAGE = OTHER_TOWN + "201"
_numbers = count(1)


@pytest.fixture
def make(people):
    """An alert as it stands in the table: `make(minutes=12, outcome="defrauded", transferred=100)`. Without an outcome it is new."""
    types = dict(FraudType.objects.values_list("code", "pk"))
    Area.objects.get_or_create(code=OTHER_VILLAGE, defaults={"name": "茅村村"})

    def made(*, at=MONDAY, minutes=None, outcome="", type="authority", grade="high", area=GRID, state="", called=0, **more) -> FraudAlert:
        number = next(_numbers)
        money = {f"amount_{name}": more.pop(name, None) for name in ("at_risk", "transferred", "stopped")}
        money["money_went"] = more.pop("went", "unknown" if money["amount_transferred"] else "")
        given = {
            "code": f"FA261123-{number:08}", "state": state or ("closed" if outcome else "new"), "grade": grade, "rank": RANK[Grade(grade)],
            "type_id": types[type], "phone": f"137{number:08}", "match_kind": "stated", "source": more.pop("source", "police"),
            "area_code": area, "first_warning_at": at, "last_warning_at": at, "received_at": at, "changed_at": at,
            "contact_due_at": at + timedelta(minutes=10), "contacted_at": at + timedelta(minutes=minutes) if minutes is not None else None,
            "outcome": outcome, "return_calls_made": called, **money,
        }  # fmt: skip
        if outcome:
            given |= {"recorded_by": people["worker"], "recorded_at": at + timedelta(hours=2)}
        if outcome and given["state"] == "closed":
            given |= {"checked_by": people["officer"], "checked_at": at + timedelta(hours=3), "closed_at": at + timedelta(hours=4)}
        return FraudAlert.objects.create(**given | more)

    return made


@pytest.fixture
def eight(make):
    """What the numbers of the first test are calculated from."""
    first = make(
        minutes=4, outcome="stopped", called=1, attempts_made=1, at_risk=50000, transferred=2000, stopped=48000, loss_avoided=40000
    )
    make(
        minutes=10,
        outcome="defrauded",
        went="after",
        called=1,
        attempts_made=3,
        at_risk=1000,
        transferred=1000,
        stopped=400,
        loss_avoided=400,
    )
    make(minutes=25, outcome="defrauded", attempts_made=11, transferred=70000, source="bank", grade="low")
    make(minutes=9, outcome="defrauded", went="before", attempts_made=2, transferred=10, stopped=10, at_risk=10)
    make(minutes=7, outcome="not_listening", called=2, attempts_made=2, repeat_of=first)
    make(minutes=8, outcome="stopped", attempts_made=1, at_risk=300, transferred=300, stopped=300, loss_avoided=300, area=NEXT_GRID)
    make(minutes=30, outcome="false_alarm", attempts_made=1, source="bank", type="loan")
    make(outcome="unreachable", attempts_made=4)
    make(outcome="unreachable", state="handed_over", attempts_made=2)
    make(area=OTHER_VILLAGE)
    # None of these counts: merged, confirmed to be a duplicate, of another month, practice.
    make(state="merged", merged_into=first)
    make(minutes=1, outcome="duplicate", attempts_made=1)
    make(at=MONDAY - timedelta(days=30), minutes=1, outcome="defrauded", transferred=5, at_risk=5)
    make(minutes=1, outcome="defrauded", transferred=999, is_simulated=True, called=1)
    sweep_tallies()


def worth(line) -> dict:
    return {cell.measure.name: (cell.words, cell.numerator, cell.cases) for cell in line.cells}


def test_every_indicator_is_what_was_calculated_by_hand(eight, act):
    seen = queries.evaluation(Lens(DISTRICT, NOVEMBER), By.AREA, act("officer").scope)
    assert (seen.total.received, worth(seen.total)) == (
        "10",
        {
            "defrauded_after_warning": ("16.7%", "1", "6"),  # stopped, stopped, not listening, defrauded three times
            "defrauded_before_warning": ("16.7%", "1", "6"),
            "defrauded_time_unknown": ("33.3%", "2", "6"),  # one of them stopped at last, when 2000 had gone
            "reached_in_time": ("50.0%", "5", "10"),  # after 4, 10, 7, 8 and 9 of ten minutes
            "contact_median": ("9.0", "", "7"),  # 4 7 8 9 10 25 30
            "contact_mean": ("13.3", "93", "7"),
            "attempts_per_alert": ("3.1", "25", "8"),  # 1 3 11 2 2 1 1 4
            "handed_over": ("20.0%", "2", "10"),
            "false_alarms": ("14.3%", "1", "7"),
            "loss_avoided": ("40,700.00", "", "3"),
            "loss_suffered": ("72,600.00", "", "3"),  # 2000 of which nothing came back, 600, 70000, and nothing of 300 and 10
            "return_calls": ("50.0%", "3", "6"),
            "repeats": ("10.0%", "1", "10"),
        },
    )
    assert [(line.label, line.received) for line in seen.lines if line.received != "0"] == [("柳新镇", "9"), ("茅村镇", "1")]
    by_source = queries.evaluation(Lens(DISTRICT, NOVEMBER), By.SOURCE, act("officer").scope)
    assert [(line.key, worth(line)["false_alarms"]) for line in by_source.lines] == [
        ("bank", ("–", "1", "2")),
        ("police", ("0.0%", "0", "5")),
    ]
    practice = queries.evaluation(Lens(DISTRICT, NOVEMBER, simulated=True), By.AREA, act("officer").scope)
    assert (practice.total.received, worth(practice.total)["loss_suffered"]) == ("1", ("999.00", "", "1"))


def test_the_first_contact_and_its_time_stay_what_they_were(alert, receive, act):
    """A further warning after the window starts the clock anew, a reopening forgets the contact: neither makes a figure better."""
    AlertPolicy.objects.update(desk_always_open=True)
    late, later = alert(grade="low"), MONDAY + timedelta(hours=30)
    receive(row(grade="low", happened_at=later.isoformat()), now=later)
    late.refresh_from_db()
    assert (late.contact_due_at, late.due_at) == (MONDAY + timedelta(hours=2), later + timedelta(hours=2))
    tried = AttemptGiven(channel="visit", reached="yes", beyond_limits="测试")
    dissuading.record_attempt(actor=act("officer"), alert_id=late.pk, attempt=tried, now=later + timedelta(minutes=5))
    much_later = later + timedelta(hours=40)
    receive(row(grade="low", happened_at=much_later.isoformat()), now=much_later)
    late.refresh_from_db()
    assert (late.contacted_at, late.first_contact_at, late.contact_minutes) == (None, later + timedelta(minutes=5), 30 * 60 + 5)
    graver = alert(phone="13700009999", grade="low")
    receive(row(phone="13700009999", grade="high"), now=MONDAY + timedelta(minutes=3))
    graver.refresh_from_db()
    assert graver.contact_due_at == MONDAY + timedelta(minutes=13)  # a graver warning asks for more haste


class Walk:
    """An alert that goes its way at random, by the real actions."""

    def __init__(self, act, receive, chance: random.Random, number: int) -> None:
        self.act, self.chance = act, chance
        self.at = MONDAY - timedelta(days=chance.randint(0, 60), minutes=number)
        given = {"phone": f"1390000{number:04}", "type": chance.choice(["authority", "loan"]), "grade": chance.choice(["high", "low"])}
        if number > 25:  # of somebody warned of before
            given |= {"phone": f"1390000{number - 25:04}", "type": "romance"}
        place = chance.choice([GRID, NEXT_GRID, OTHER_VILLAGE, TOWN])
        warning = row(**given, area_code=place, address="", happened_at=self.at.isoformat())
        self.receive = receive
        code = receive(warning, now=self.at, source=chance.choice(["police", "bank"]), is_simulated=number % 7 == 0).opened[0]
        self.row, self.warning = FraudAlert.objects.get(code=code), warning

    def again(self, **_given):
        self.receive(self.warning | {"external_id": f"again-{self.at}", "happened_at": self.at.isoformat()}, now=self.at)

    def go(self, steps: int) -> None:
        tries = [AttemptGiven(channel="visit", reached=reached, beyond_limits="测试") for reached in ("yes", "no", "refused")]
        attempt = ("officer", dissuading.record_attempt, {"attempt": None})
        went = self.chance.choice(["before", "after", "unknown"])
        amounts = Amounts(Decimal(900), Decimal(self.chance.choice([10, 500])), Decimal(400), went)
        outcomes = [
            ("stopped", amounts),
            ("defrauded", amounts),
            ("defrauded", amounts),
            ("not_listening", amounts),
            ("false_alarm", Amounts()),
        ]
        verbs = {
            "new": [attempt, attempt, ("officer", assigning.place, {"area_code": self.chance.choice([GRID, OTHER_VILLAGE])})],
            "assigned": [attempt],
            "being_reached": [
                attempt,
                ("officer", dissuading.record_outcome, dict(zip(("outcome", "amounts"), self.chance.choice(outcomes), strict=True))),
                ("officer", dissuading.record_outcome, {"outcome": "duplicate", "amounts": Amounts()}),
                ("officer", dissuading.hand_over, {"reason": "联系不上"}),
            ],
            "handed_over": [("second_officer", closing.check_outcome, {}), attempt],
            "recorded": [("second_officer", closing.check_outcome, {})] * 3 + [("second_officer", closing.send_back, {"reason": "再核"})],
            "checked": [("officer", closing.make_return_call, {"reached": False}), ("officer", closing.close, {})],
            "closed": [("officer", closing.reopen, {"reason": "又联系了骗子"}), None, None],
        }
        for _step in range(steps):
            self.at += timedelta(minutes=self.chance.choice([2, 9, 40, 700, 2000]))
            self.row.refresh_from_db()
            chosen = self.chance.choice(verbs.get(self.row.state) or [None])
            if chosen is None:
                return
            who, call, given = chosen
            if "attempt" in given:
                given = {"attempt": self.chance.choice(tries)}
            with suppress(DomainError):
                call(actor=self.act(who), alert_id=self.row.pk, now=self.at, **given)
            if self.chance.random() < 0.1:
                self.again()


def recomputed() -> tuple[Counter, Counter]:
    """The rollup in plain Python from the rows, written down apart from the portal's: (name, day, place, type, grade, source, practice)."""
    figures, steps = Counter(), Counter()
    for one in FraudAlert.objects.unscoped("a test"):
        decided = one.state in ("checked", "closed")
        if one.state == "merged" or (decided and one.outcome == "duplicate"):
            continue
        rest = (one.area_code[:12], one.type_id, one.grade, one.source, one.is_simulated)
        day = clock_day(one.received_at)
        reached = one.first_contact_at is not None
        figures["received", day, *rest] += 1
        figures["repeats", day, *rest] += one.repeat_of_id is not None
        figures["reached", day, *rest] += reached
        figures["in_time", day, *rest] += reached and one.first_contact_at <= one.contact_due_at
        figures["handed_over", day, *rest] += one.outcome == "unreachable"
        if reached:
            minutes = max(0, int((one.first_contact_at - one.received_at).total_seconds() // 60))
            figures["minutes", day, *rest] += minutes
            step = minutes if minutes <= 120 else minutes // 10 * 10 if minutes <= 1440 else min(minutes // 60 * 60, 10080)
            steps[step, day, *rest] += 1
        if not decided:
            continue
        day, real = clock_day(one.checked_at), one.outcome in ("stopped", "not_listening", "defrauded")
        lost = max(Decimal(), min(one.amount_transferred or Decimal(), (one.amount_at_risk or Decimal(10**12)) - (one.amount_stopped or 0)))
        for name, number in {
            "decided": 1, "real": real, "known": real or one.outcome == "false_alarm",
            f"defrauded_{one.money_went}": one.outcome == "defrauded" or (real and lost > 0),
            "false_alarms": one.outcome == "false_alarm", "calls_due": real, "called": real and one.return_calls_made > 0,
            "avoided": (one.loss_avoided or 0) > 0, "yuan_avoided": one.loss_avoided or 0, "lost": lost > 0, "yuan_lost": lost,
            "attempts": one.attempts_made,
        }.items():  # fmt: skip
            figures[name, day, *rest] += number
    return +figures, +steps


def clock_day(moment: datetime) -> date:
    return moment.astimezone(MONDAY.tzinfo).date()


def tallied(span: str = "day", grain: str = "village") -> tuple[Counter, Counter]:
    def key(one):
        return (one.begin, one.area_code, one.type_id, one.grade, one.source, one.is_simulated)

    kept = AlertTally.objects.unscoped("a test").filter(span=span, grain=grain)
    figures = Counter({(name, *key(one)): getattr(one, name) for one in kept for name in COLUMNS})
    contacts = ContactTally.objects.unscoped("a test").filter(span=span, grain=grain)
    return +figures, Counter({(one.step, *key(one)): one.number for one in contacts})


def wider(found: Counter, *, month: bool) -> Counter:
    made = Counter()
    for (name, day, place, *rest), number in found.items():
        made[(name, day.replace(day=1) if month else day, place if month else place[:9], *rest)] += number
    return made


def test_after_random_walks_the_rollup_equals_the_rows_recomputed(people, act, receive):
    AlertPolicy.objects.update(desk_always_open=True, quiet_from="00:00", quiet_until="00:00", join_hours=1)
    Area.objects.create(code=OTHER_VILLAGE, name="茅村村")
    chance = random.Random(11)
    walks = [Walk(act, receive, chance, number) for number in range(30)]
    sweep_tallies()
    for walk in walks:
        walk.go(chance.randint(3, 14))
        if chance.random() < 0.1:
            sweep_tallies()
    sweep_tallies()
    figures, steps = recomputed()
    assert ({name for name, *_key in figures}, len(steps) > 10) == (set(COLUMNS), True)  # every figure occurs
    assert tallied() == (figures, steps)
    assert tallied("month") == (wider(figures, month=True), wider(steps, month=True))
    assert tallied("day", "town") == (wider(figures, month=False), wider(steps, month=False))
    # Whatever changes a row is followed, a second sweep changes nothing, and what moves no figure writes no day down.
    rows = FraudAlert.objects.unscoped("a test")
    rows.filter(area_code=GRID).update(area_code=OTHER_VILLAGE)
    gone = rows.filter(state="closed").exclude(pk__in=rows.exclude(repeat_of=None).values("repeat_of"))[:1].get()
    FraudWarning.objects.unscoped("a test").filter(alert=gone).delete()
    gone.delete()
    assert (tallied() != recomputed(), sweep_tallies() > 0, tallied(), sweep_tallies()) == (True, True, recomputed(), 0)
    rows.update(claimed_until=MONDAY, changed_at=MONDAY)
    assert PendingDay.objects.count() == 0
    # The same figures from the rollup and from the rows, whatever they are divided by; the median is that of the minutes.
    days = Days(date(2026, 9, 20), date(2026, 11, 23))
    for by in (By.TYPE, By.GRADE, By.SOURCE, By.DAY, By.WEEK, By.MONTH, By.QUARTER):
        lens = Lens(OTHER_VILLAGE, days)
        assert (by, _gathered(queries._from_rollup(lens, by, 12))) == (by, _gathered(queries._from_rows(lens, by, 15)))
    whole = queries.Found()
    for one in queries.figures_by(Lens(DISTRICT, days), By.AREA).values():
        whole.add(one)
    inside = {key: number for key, number in recomputed()[1].items() if not key[-1] and days.begin <= key[1] <= days.end}
    minutes = [key[0] for key, number in inside.items() for _one in range(number)]
    assert (len(minutes) > 5, queries.median(whole.contacts)) == (True, median(minutes))


def _gathered(counted) -> dict:
    found = defaultdict(queries.Found)
    for part, figures, steps in counted:
        found[part].figures.update(figures)
        found[part].contacts.update(steps)
    return {key: (+one.figures, +one.contacts) for key, one in found.items() if +one.figures}


@pytest.fixture
def page(client, people):
    def get(who, name="alerts:figures", **query):
        client.force_login(people[who])
        return client.get(reverse(name), FREE | query)

    return get


def hrefs(line) -> list[tuple[str, str]]:
    found = [(line.received_href, line.received)]
    for cell in line.cells:
        found += [(cell.numerator_href, cell.numerator), (cell.cases_href, cell.cases)]
    return [(href, number) for href, number in found if href]


def test_every_number_leads_who_needs_to_know_to_exactly_its_rows_and_others_nowhere(eight, page, client, person, people):
    people["both"] = person("both", Role.TOWN_OFFICER, TOWN)
    wrong, looked = [], Counter()
    for who, given in (
        ("officer", {"by": "area"}), ("officer", {"by": "source", "grade": "high"}), ("officer", {"by": "week", "type": "1"}),
        ("police", {"by": "area"}), ("town_desk", {"by": "type"}),
    ):  # fmt: skip
        seen = page(who, **given).context["page"]
        for href, number in {pair for line in [seen.total, *seen.lines] for pair in hrefs(line)}:
            looked[who] += number != "0"
            if (listed := client.get(href).context["count"].number) != int(number):
                wrong.append((who, given, href, number, listed))
    assert (min(looked.values()) > 5, wrong) == (True, [])
    nowhere = {}
    for who in ("town_officer", "director", "village_officer", "worker", "duty_officer"):
        answer = page(who)
        seen = answer.context["page"]
        nowhere[who] = ([pair for line in [seen.total, *seen.lines] for pair in hrefs(line)], "figure=" in answer.content.decode())
    assert nowhere == dict.fromkeys(nowhere, ([], False))


def test_small_counts_of_a_village_are_withheld_from_who_only_counts(eight, page):
    def received(who, **given):
        return [(line.label, line.received) for line in page(who, **given).context["page"].lines if line.received != "0"]

    assert received("officer", area=VILLAGE) == [("第001网格", "8"), ("第002网格", "1")]
    hidden = page("village_officer").context["page"]
    assert [line.received.isdecimal() for line in hidden.lines] == [False, False]
    assert {cell.words.isdecimal() or cell.cases for line in hidden.lines for cell in line.cells} == {""}
    assert (hidden.total.received, hidden.is_withheld, worth(hidden.total)["loss_suffered"][1:]) == ("9", True, ("", ""))
    assert received("director") == [("柳新镇", "9"), ("茅村镇", "1")]  # nobody is told by a town
    answer = page("village_officer", "alerts:figures_table")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line[1] for line in lines[1:]] == ["9", *[hidden.lines[0].received] * 2]
    entry = LedgerEntry.objects.filter(verb="alert_figures.taken").get()
    assert (entry.area_code, entry.detail) == (VILLAGE, {"begin": "2026-11-01", "end": "2026-11-30", "by": "area"})


def test_small_counts_are_those_of_people_and_not_of_alerts(make, page):
    """Six alerts of one person tell of her as one would; five people in as many alerts do not."""
    for _one in range(6):
        make(minutes=3, outcome="stopped", phone="13700009999")
    for number in range(5):
        make(minutes=3, outcome="stopped", area=NEXT_GRID, phone=f"1380000900{number}")
    make(minutes=3, outcome="stopped", area=OTHER_VILLAGE)
    sweep_tallies()

    def seen(who, **given):
        answer = page(who, **given).context["page"]
        shown = [(line.key, line.received, line.cells[0].cases) for line in [answer.total, *answer.lines]]
        return {key: (received if received.isdecimal() else "withheld", cases) for key, received, cases in shown}

    withheld_both = {key: ("withheld", "") for key in (GRID, NEXT_GRID)}  # the five would tell of the one
    assert seen("village_officer") == {"": ("11", "11")} | withheld_both
    assert seen("village_officer", by="grade") == {"": ("11", "11"), "high": ("11", "11"), "medium": ("0", "0"), "low": ("0", "0")}
    assert seen("officer", area=VILLAGE) == {"": ("11", "11"), GRID: ("6", "6"), NEXT_GRID: ("5", "5")}
    assert seen("worker") == {key: ("withheld", "") for key in ("", GRID)}
    assert seen("worker", by="day", begin="2026-11-23", end="2026-11-23") == {key: ("withheld", "") for key in ("", date(2026, 11, 23))}
    assert seen("town_officer")[VILLAGE] == ("11", "11")


def test_what_could_be_worked_out_of_the_total_is_withheld_too():
    columns = [{"a": 9, "b": 7}, {"a": 9, "b": 7, "c": 1}, {"a": 3, "b": 4, "c": 9}, {"a": 2, "b": 0}]

    def all_different(counts):
        return {key: {f"{key}{one}" for one in range(number)} for key, number in counts.items()}

    assert [sorted(withheld(counts, all_different(counts))) for counts in columns] == [[], ["b", "c"], ["a", "b"], ["a", "b"]]
    # Nine alerts of four people are few; two parts that hold the same people keep nobody from being worked out.
    four, five = set("wxyz"), set("pqrst")
    assert sorted(withheld({"a": 9, "b": 5}, {"a": four, "b": five})) == ["a", "b"]
    assert sorted(withheld({"a": 9, "b": 4, "c": 5}, {"a": four, "b": four, "c": five})) == ["a", "b", "c"]


def test_who_sees_which_areas(eight, page):
    asked = {
        "officer": [DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID], "director": [DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID],
        "town_officer": [TOWN, VILLAGE, GRID], "police": [VILLAGE, GRID], "village_officer": [VILLAGE, GRID], "worker": [GRID],
        "other_town_officer": [OTHER_TOWN], "mediator": [], "system_admin": [], "auditor": [], "stranger": [],
    }  # fmt: skip
    found = {
        who: [area for area in (DISTRICT, TOWN, OTHER_TOWN, VILLAGE, GRID, GRID + "001") if page(who, area=area).status_code == 200]
        for who in asked
    }
    assert found == asked
    assert [page(who, "alerts:figures_table").status_code for who in ("mediator", "stranger", "director")] == [403, 403, 200]


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_page_keeps_what_was_typed_draws_and_asks_a_constant_number_of_questions(eight, make, page, client):
    wrong = page("officer", begin="2026-11-09", end="2026-11-01")
    assert (wrong.status_code, "2026-11-09" in wrong.content.decode()) == (422, True)
    assert page("officer", begin="2024-11-09", by="day").status_code == 422
    empty = page("officer", begin="2020-01-01", end="2020-01-02")
    assert (empty.context["page"].is_empty, "<table" in empty.content.decode()) == (True, False)
    assert f'href="?area={DISTRICT}&amp;period=last_month"' in empty.content.decode()
    drawn = page("officer", by="source", chart="attempts_per_alert").context["chart"]
    assert [(bar.label, bar.words) for bar in drawn.bars] == [("bank", "6.0"), ("police", "2.2")]

    def asked(**given) -> int:
        with CaptureQueriesContext(connection) as questions:
            assert client.get(reverse("alerts:figures"), FREE | given).status_code == 200
        return sum("alerts_" in one["sql"] for one in questions)

    before = [asked(by=by, area=area) for by in ("area", "type", "day") for area in (DISTRICT, GRID)]
    for number in range(12):
        make(minutes=number, outcome="stopped", area=OTHER_VILLAGE, type=("loan", "romance")[number % 2], source=f"bank{number}")
    sweep_tallies()
    assert ([asked(by=by, area=area) for by in ("area", "type", "day") for area in (DISTRICT, GRID)], max(before) <= 12) == (before, True)


def test_counters_of_the_home_lead_to_exactly_the_rows_counted_or_to_the_figures(make, client, people, person, actor):
    now = clock.now()
    make(at=now, due_at=now - timedelta(minutes=1))
    make(at=now, due_at=now + timedelta(hours=1), grade="low")
    make(at=now, outcome="stopped", state="recorded")
    make(at=now, is_simulated=True, due_at=now - timedelta(minutes=1))
    make(at=now, area=OTHER_VILLAGE)
    people["both"] = person("both", Role.COMMUNITY_POLICE, VILLAGE)  # sees a village, and counts the whole town
    from tongshan_portal.accounts.models import Posting

    Posting.objects.create(user=people["both"], role=Role.TOWN_OFFICER, area_code=TOWN, starts_on=date(2026, 1, 1))
    found = {}
    for who in ("officer", "police", "director", "worker", "both", "other_town_officer"):
        client.force_login(people[who])
        me, found[who] = actor(people[who]), []
        for counter in (one for one in counters_for(me.scope) if one.name.startswith("alerts_")):
            answer, number = client.get(counter.href(me)), counter.count(me).number
            rows = answer.context.get("count")
            found[who].append((number, rows.number if rows else answer.context["name"]))
    town = "柳新镇"
    assert found == {
        "officer": [(2, 2), (3, 3), (1, 1), (1, 1)],
        "police": [(1, 1), (2, 2), (1, 1), (1, 1)],
        "director": [(number, "铜山区") for number in (2, 3, 1, 1)],
        "worker": [(number, "第001网格") for number in (1, 2, 1, 1)],
        "both": [(number, town) for number in (1, 2, 1, 1)],
        "other_town_officer": [(number, "茅村镇") for number in (1, 1, 0, 0)],
    }
    client.force_login(people["officer"])
    for one in client.get(reverse("alerts:figures")).context["now"]:
        assert (one.label, client.get(one.href).context["count"].number) == (one.label, one.number)


def test_every_indicator_rests_upon_figures_that_are_kept():
    assert {name for one in MEASURES for name in (one.numerator, one.cases) if name} <= set(COLUMNS)


def test_what_was_recorded_before_the_question_is_not_known_and_the_rollup_follows(eight, act):
    """The migration that asks when the money went, with rows and a rollup from before it."""
    executor = MigrationExecutor(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    executor.migrate([("alerts", "0005_tallies")])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_pendingday")
        assert cursor.fetchone()[0] > 0  # on the way back everything is added up anew
        cursor.execute("DELETE FROM alerts_pendingday")
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes("alerts"))
    rows = FraudAlert.objects.unscoped("a test")
    assert set(rows.filter(outcome="defrauded").values_list("money_went", "money_went_at")) == {("unknown", None)}
    assert set(rows.filter(amount_transferred=None).values_list("money_went", flat=True)) == {""}
    sweep_tallies()
    seen = queries.evaluation(Lens(DISTRICT, NOVEMBER), By.AREA, act("officer").scope)
    assert [cell.numerator for cell in seen.total.cells[:3]] == ["0", "0", "4"]
    rows.filter(outcome="defrauded", is_simulated=False).update(money_went="after")
    assert sweep_tallies() == 2  # the days on which they were checked, of two months
    seen = queries.evaluation(Lens(DISTRICT, NOVEMBER), By.AREA, act("officer").scope)
    assert [cell.numerator for cell in seen.total.cells[:3]] == ["3", "0", "1"]


def test_nobody_is_named_in_figures(alert, page):
    held = alert()
    sweep_tallies()
    for who in ("officer", "town_officer"):
        text = page(who).content.decode()
        assert [word for word in (held.code, PHONE, "138****1234", "欧阳") if word in text] == []
