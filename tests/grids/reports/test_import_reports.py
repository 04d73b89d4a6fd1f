"""Another system's files as a second district: Boston's requests of one month, and a small made-up system for what goes wrong."""

import csv
import json
from collections import Counter
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
import shapely
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from grids.areas.models import Area, Edition
from grids.reports.enums import Located
from grids.reports.evaluation.keeping import sweep_tallies
from grids.reports.foreign import rows as portions
from grids.reports.foreign import terms
from grids.reports.foreign.mapping import read_mapping
from grids.reports.models import Category, Report, ReportStep
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.cells import clean
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import OutboxEvent
from tongshan_portal.ui.board import counters_for

pytestmark = pytest.mark.django_db

BOSTON = settings.BASE_DIR / "docs/examples/boston.toml"
DATA = settings.BASE_DIR.parent / "shared/data"
if not DATA.is_dir():
    DATA = settings.BASE_DIR.parent.parent / "shared/data"  # a second working tree beside the first
REQUESTS, WARDS = DATA / "boston311_2015_01.csv", DATA / "boston_wards.geojson"
needs_data = pytest.mark.skipif(
    not (REQUESTS.is_file() and WARDS.is_file()), reason="Boston's open data does not lie beside the repository"
)


def bring(mapping: Path, folder: Path, **options) -> str:
    out = StringIO()
    call_command("import_reports", mapping=mapping, bad_rows=str(folder / "bad.csv"), stdout=out, **options)
    return out.getvalue()


def bring_boston(folder: Path) -> str:
    return bring(BOSTON, folder, reports=str(REQUESTS), areas=str(WARDS))


def kept() -> tuple:
    """Everything that a second run might touch, counted."""
    models = (Report, ReportStep, LedgerEntry, OutboxEvent, Category, Department, Area)
    return (*(model.objects.count() for model in models), Edition.objects.get().number)


@needs_data
def test_a_month_of_boston_comes_with_its_own_times_wards_and_punctuality(tmp_path, client, person):
    said = bring_boston(tmp_path)
    file = {row["CASE_ENQUIRY_ID"]: row for row in csv.DictReader(REQUESTS.open(encoding="utf-8-sig"))}
    held = {row.external_id: row for row in Report.objects.select_related("category__parent", "department")}
    assert (len(held), held.keys() == file.keys(), (tmp_path / "bad.csv").exists()) == (7528, True, False)
    zone = ZoneInfo("America/New_York")

    def moment(text: str) -> datetime | None:
        return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=zone) if text else None

    for number, row in held.items():
        line = file[number]
        assert [row.filed_at, row.deadline_at, row.closed_at] == [moment(line[name]) for name in ("OPEN_DT", "TARGET_DT", "CLOSED_DT")]
        assert [row.title, row.address, row.resolution] == [clean(line[name]) for name in ("CASE_TITLE", "Location", "CLOSURE_REASON")]
        assert (row.state, row.department.code) == (
            {"Open": "dispatched", "Closed": "archived"}[line["CASE_STATUS"]],
            terms.code_of("boston", (line["Department"],), 40),
        )
        assert (row.category.label_en, row.category.parent.label_en, row.category.origin) == (line["TYPE"], line["REASON"], "boston311")
        assert (row.clock, row.total, row.rung_at, row.lead_alarm_at) == (None,) * 4
    _wards_are_those_of_shapely(held)
    _punctuality_is_the_files_own(held, file)
    _working_time_is_that_of_bostons_own_hours(held)
    _the_evaluation_shows_it(held, client, person)
    agree = Counter(
        held[number].area_code == f"250250{int(line['ward'].removeprefix('Ward ')):03d}" for number, line in file.items() if line["ward"]
    )
    share = f"{100 * agree[True] / agree.total():.2f}"
    assert f"{agree[True]:,} of {agree.total():,} as the file itself names them ({share} %)" in said
    assert 93 < float(share) < 97
    before = kept()
    again = bring_boston(tmp_path)
    assert ("(0 created, 0 changed, 7,528 unchanged, 0 to correct)" in again, "of which 0 new" in again) == (True, True)
    after = kept()
    assert [new - old for new, old in zip(after, before, strict=True)] == [0, 0, 1, 0, 0, 0, 0, 0]  # the run's own entry


def _wards_are_those_of_shapely(held: dict[str, Report]) -> None:
    """Every ward by asking every polygon, without tree and without the portal; of two that share the point the lower number."""
    wards = {
        f["properties"]["WARD"]: shapely.make_valid(shapely.from_geojson(json.dumps(f["geometry"])))
        for f in json.loads(WARDS.read_text())["features"]
    }
    numbers = sorted(wards)
    points = shapely.points([(row.lon, row.lat) for row in held.values()])
    inside = np.array([shapely.covers(wards[number], points) for number in numbers])
    for row, covered in zip(held.values(), inside.T, strict=True):
        assert covered.any()
        assert (row.area_code, row.located) == (f"250250{numbers[int(np.argmax(covered))]:03d}", Located.POINT)


def _punctuality_is_the_files_own(held: dict[str, Report], file: dict[str, dict]) -> None:
    dated = Report.objects.filter(origin="boston311", closed_at__isnull=False, deadline_at__isnull=False)
    on_time = set(dated.on_time().values_list("external_id", flat=True))
    assert (dated.count(), round(100 * len(on_time) / dated.count(), 2)) == (4396, 74.18)
    said = {number for number, line in file.items() if line["OnTime_Status"]}
    for row in dated:
        if row.external_id in said:
            assert (row.external_id in on_time) is (file[row.external_id]["OnTime_Status"] == "ONTIME")


def _working_time_is_that_of_bostons_own_hours(held: dict[str, Report]) -> None:
    """What is closed has its time; two rows by hand: over a weekend with a holiday, and within a night."""
    assert {row.worked_minutes is None for row in held.values() if row.closed_at} == {False}
    assert {row.worked_minutes for row in held.values() if not row.closed_at} == {None}
    # Friday 10:25:01 to 17:00, Monday is a holiday, Tuesday 8:30 to 11:48:49: 6:34:59 + 3:18:49; Tuesday 23:12 to Wednesday 9:09:31
    assert [held[number].worked_minutes for number in ("101001248375", "101001243390")] == [593, 39]


def _the_evaluation_shows_it(held: dict[str, Report], client, person) -> None:
    """In what the page was given, on the page, and row by row behind its numbers; the counters above the desk agree with the rows."""
    sweep_tallies()
    director = person("boston", Role.DIRECTOR, "250250")
    client.force_login(director)
    days = {"begin": "2015-01-01", "end": "2016-12-31"}
    answer = client.get(
        reverse("reports:evaluation"), {"area": "250250", "by": "area", "period": "free", **days}, headers={"accept-language": "en"}
    )
    cells = {cell.measure.indicator.name: cell for cell in answer.context["page"].total.cells}
    on_time, mean = cells["reports.on_time_of_closed"], cells["reports.handling_time"]
    assert (on_time.words, on_time.numerator, on_time.denominator, round(on_time.value, 2)) == ("74.18%", "3261", 4396, 74.18)
    minutes = [row.worked_minutes for row in held.values() if row.closed_at]
    assert (mean.denominator, mean.value) == (len(minutes), sum(minutes) / 60 / len(minutes))
    total = answer.content.decode().partition("evaluation__total")[2].partition("</tr>")[0]
    shown = " ".join(strip_tags(total).split())
    assert ("74.18% 3261/4396" in shown, f"{mean.words} {mean.numerator}/{mean.denominator}" in shown) == (True, True)
    assert [client.get(href).context["count"].number for href in (on_time.denominator_href, on_time.numerator_href)] == [4396, 3261]
    now, desk = clock.now(), actor_for(director)
    living = [row for row in held.values() if row.state == "dispatched"]
    counted = {one.name: one.count(desk).number for one in counters_for(desk.scope) if one.topic == "reports"}
    assert (counted["reports.overdue"], counted["reports.no_lead"]) == (
        sum(row.due_at is not None and row.due_at < now for row in living),
        len(living),
    )


# A small system for what goes wrong


MAPPING = """
label = "小系统"
[district]
code = "250999"
name = "试验区"
[areas]
file = "areas.geojson"
code = "250999{n:03d}"
name = "第{n}区"
[reports]
file = "reports.csv"
origin = "small"
time_zone = "America/New_York"
time_format = "%Y-%m-%d %H:%M"
[reports.columns]
external_id = "id"
title = "what"
lon = "x"
lat = "y"
filed_at = "when"
state = "state"
closed_at = "closed"
department = "who"
[reports.values.state]
zu = "archived"
offen = "filed"
[categories]
prefix = "small"
columns = ["kind"]
[departments]
prefix = "small"
"""
GROUND = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"n": n}, "geometry": json.loads(shapely.to_geojson(shapely.box(n, 0, n + 1, 1)))} for n in (1, 2)
    ],
}
HEAD = "id,what,x,y,when,state,closed,who,kind\n"
GOOD = "1,灯坏了,1.5,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,Straße,灯\n2,洞,2.5,0.5,2015-06-02 03:04,offen,,Straße,=1+1\n"


@pytest.fixture
def small(tmp_path):
    """Writes a small system's files: `small(rows)`, `small(rows, mapping=…)`; answers the mapping's path."""

    def make(rows: str = GOOD, mapping: str = MAPPING) -> Path:
        (tmp_path / "areas.geojson").write_text(json.dumps(GROUND), encoding="utf-8")
        (tmp_path / "reports.csv").write_text(HEAD + rows, encoding="utf-8")
        (tmp_path / "map.toml").write_text(mapping, encoding="utf-8")
        return tmp_path / "map.toml"

    return make


def test_paths_lie_beside_the_mapping_and_words_become_terms_marked_as_imported(small, tmp_path):
    said = bring(small(), tmp_path)
    assert "2 created, 0 changed, 0 unchanged, 0 to correct" in said
    assert list(Area.objects.filter(code__startswith="250").values_list("code", "name")) == [
        ("250999", "试验区"),
        ("250999001", "第1区"),
        ("250999002", "第2区"),
    ]
    terms_made = Category.objects.filter(origin="small").order_by("label_zh").values_list("label_zh", "in_use", "is_default")
    assert list(terms_made) == [("=1+1", False, False), ("灯", False, False)]
    assert list(Department.objects.filter(code__startswith="small-").values_list("code", "name")) == [("small-strae", "Straße")]
    first = Report.objects.get(external_id="1")
    assert first.filed_at == datetime(2015, 1, 2, 3, 4, tzinfo=ZoneInfo("America/New_York"))
    assert Report.objects.get(external_id="2").filed_at.isoformat() == "2015-06-02T07:04:00+00:00"
    entry = LedgerEntry.objects.get(verb="report_import.finished")
    assert (entry.actor_label, entry.detail["created_rows"], entry.area_code) == ("portal/report_imports", 2, "250999")


BAD = {
    "3,,1.5,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,,": "is missing",
    "4,a,9.5,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,,": "lies in no area",
    "5,a,950,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,,": "cannot lie in EPSG:4326",
    "6,a,x,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,,": "is not a number",
    "7,a,1.5,0.5,gestern,zu,2015-01-03 00:00,,": "is not a time written as",
    "8,a,1.5,0.5,2015-03-08 02:30,zu,2015-04-03 00:00,,": "does not exist in America/New_York",
    "9,a,1.5,0.5,2015-01-02 03:04,halb,2015-01-03 00:00,,": "The mapping does not say what “halb” means",
    "10,a,1.5,0.5,2015-01-02 03:04,zu,2015-01-01 00:00,,": "closed before it was filed",
    "1,a,1.5,0.5,2015-01-02 03:04,zu,2015-01-03 00:00,,": "The same number comes twice",
    "12,=cmd(),,,2015-01-02 03:04,zu,2015-01-03 00:00,,": "Say where",
}


def test_bad_rows_come_back_as_a_file_with_reasons_and_good_ones_are_written(small, tmp_path):
    with translation.override("en"):
        said = bring(small(GOOD + "".join(f"{line}\n" for line in BAD)), tmp_path)
    assert f"2 created, 0 changed, 0 unchanged, {len(BAD)} to correct" in said
    back = list(csv.DictReader((tmp_path / "bad.csv").open(encoding="utf-8-sig")))
    assert [(row["row"], reason in row["reason"]) for row, reason in zip(back, BAD.values(), strict=True)] == [
        (str(number), True) for number in range(3, 13)
    ]
    assert (back[-1]["what"], back[-1]["id"]) == ("'=cmd()", "12")
    assert Report.objects.count() == 2


def test_stopped_in_the_middle_it_goes_on_and_repeats_nothing(small, tmp_path, monkeypatch):
    rows = "".join(f"{n},洞,1.5,0.5,2015-06-02 03:04,offen,,,\n" for n in range(10))
    monkeypatch.setattr(portions, "PORTION", 4)
    file, calls = portions.Reading.file, []

    def interrupted(self, actor, rows):
        calls.append(rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return file(self, actor, rows)

    monkeypatch.setattr(portions.Reading, "file", interrupted)
    with pytest.raises(CommandError, match="Stopped after row 8") as stopped:
        bring(small(rows), tmp_path)
    assert (stopped.value.returncode, Report.objects.count()) == (130, 8)
    assert LedgerEntry.objects.filter(verb="report_import.stopped").count() == 1
    assert "2 created, 0 changed, 8 unchanged, 0 to correct" in bring(tmp_path / "map.toml", tmp_path)
    assert Report.objects.count() == 10


def test_what_the_source_changed_is_changed_and_areas_follow_their_file(small, tmp_path):
    bring(small(), tmp_path)
    said = bring(small(GOOD.replace("offen,,", "zu,2015-06-03 00:00,"), MAPPING.replace("第{n}区", "新{n}区")), tmp_path)
    assert ("0 created, 1 changed, 1 unchanged" in said, "of which 2 new or changed" in said) == (True, True)
    assert (Report.objects.get(external_id="2").state, Area.objects.get(code="250999001").name) == ("archived", "新1区")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[district]", "[quarter]", "quarter"),
        ('name = "试验区"', 'nom = "试验区"', "nom"),
        ('origin = "small"', "", "origin"),
        ('code = "250999"\n', 'code = "25"\n', "six digits"),
        ('title = "what"', 'titel = "what"', "titel"),
        ('title = "what"', "", "title"),
        ('title = "what"', 'title = "nothing"', "nothing"),
        ("America/New_York", "Mars/Olympus", "Mars/Olympus"),
        ("areas.geojson", "nowhere.geojson", "nowhere.geojson"),
        ("250999{n:03d}", "250998{n:03d}", "250998001"),
        ("250999{n:03d}", "250999{m:03d}", "m"),
        ("[areas]", "[areas", "line"),
        ('origin = "small"', 'origin = "small"\ncrs = "EPSG:0"', "EPSG:0"),
        ("[departments]\nprefix", "[departments]\nnames = 1\nprefix", "names"),
    ],
)
def test_a_mapping_that_does_not_fit_says_where_and_writes_nothing(small, tmp_path, old, new, words):
    assert old in MAPPING
    with translation.override("en"), pytest.raises((CommandError, DomainError), match=words):
        bring(small(mapping=MAPPING.replace(old, new, 1)), tmp_path)
    assert (Report.objects.count(), Department.objects.filter(code__startswith="small").count()) == (0, 0)


def test_the_example_is_read_as_it_stands(tmp_path):
    mapping = read_mapping(BOSTON)
    assert (mapping.district.code, mapping.reports.zone.key, len(mapping.reports.columns)) == ("250250", "America/New_York", 12)


def test_codes_of_terms_are_readable_where_they_can_be_and_never_the_same():
    assert terms.code_of("boston", ("Street Lights",), 60) == "boston-street-lights"
    made = [("A", "Other"), ("B", "Other"), ("Other",), ("灯",), ("洞",), ("x" * 80,), ("x" * 81,)]
    codes = [terms.code_of("p", path, 40) for path in made]
    assert (len(set(codes)), max(map(len, codes)) <= 40) == (7, True)
