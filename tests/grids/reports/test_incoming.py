"""Reports of other systems, from a file and over HTTP: read alike, placed, bad ones named, good ones kept."""

import io
from datetime import UTC, datetime, timedelta

import orjson
import pytest
import time_machine
from celery import Celery
from django.core.files.storage import storages
from django.utils import translation
from shapely import box

from grids.areas.writing import write_shapes
from grids.reports.models import DispatchRule, Report
from tests.conftest import GRID, NEXT_GRID, TOWN, VILLAGE
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.actions import imports
from tongshan_portal.exchange.importers import importer
from tongshan_portal.exchange.intake import actions as systems
from tongshan_portal.exchange.intake import signing
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def moment(monkeypatch, tmp_path):
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path / "private"))
    monkeypatch.setattr(Celery, "send_task", lambda self, name, kwargs=None, **options: None)
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ground(areas):
    """Two grids side by side, and a town beyond them that has none."""
    shapes = [(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1)), (TOWN, box(117.0, 34.0, 117.3, 34.1))]
    write_shapes(shapes, source="test", at=NOW)


@pytest.fixture
def brought(people, ground):
    """Brings a file: `brought(text)` answers the finished run."""

    def make(text: str, who: str = "dispatcher", *, check_only: bool = False):
        actor, data = actor_for(people[who]), text.encode()
        run = imports.upload_import(actor=actor, kind=importer("reports"), file=io.BytesIO(data), name="orders.csv", size=len(data))
        imports.check_import(actor=actor, run_id=run.pk, mapping=run.mapping)
        run_import(run.pk)
        if not check_only:
            imports.start_import(actor=actor, run_id=run.pk)
            run_import(run.pk)
        run.refresh_from_db()
        return run

    return make


def counts(run) -> tuple[int, int, int, int]:
    return run.created_rows, run.changed_rows, run.unchanged_rows, run.bad_rows


HEAD = "来源系统,编号,标题,内容,类别,网格代码,经度,纬度,地址,上报时间,来源,联系人,电话,部门,状态,截止时间,办结时间,办理结果\n"
GOOD = (
    f"hotline,HL-1,路口井盖缺失,,井盖缺损,{GRID},,,,2026-03-03 09:00,hotline,王秀英,13800001234,,,,,\n"
    "hotline,HL-2,沟里有污水,,,,117.15,34.05,,2026-03-03T01:00:00+00:00,,,,,,,,\n"
    "hotline,HL-3,路灯不亮,,公用设施,,117.25,34.05,镇外,,police,,,urban,,,,\n"
    "hotline,HL-4,想问低保,,welfare,,,,柳新镇某处,,hotline,,,,,,,\n"
    f"police,P-1,纠纷已调解,,,{VILLAGE},,,,2025-01-02 10:00,police,,,,archived,2025-01-05 17:30,2025-01-04 10:00,双方和解\n"
)


def test_a_file_of_hotline_and_police_becomes_reports(brought, people):
    DispatchRule.objects.create(name="井盖", desk="department", department=Department.objects.get(code="water"))
    assert counts(brought(HEAD + GOOD)) == (5, 0, 0, 0)
    found = {row.external_id: row for row in Report.objects.all()}
    assert {number: (row.area_code, row.located) for number, row in found.items()} == {
        "HL-1": (GRID, "chosen"), "HL-2": (NEXT_GRID, "point"), "HL-3": (TOWN, "point"), "HL-4": ("320312", "desk"),
        "P-1": (VILLAGE, "chosen"),
    }  # fmt: skip
    assert {number: row.category and row.category.code for number, row in found.items()} == {
        "HL-1": "manhole", "HL-2": "pollution", "HL-3": "facilities", "HL-4": "welfare", "P-1": "dispute_lead",
    }  # fmt: skip
    assert [found[number].filed_at for number in ("HL-1", "HL-2", "HL-3")] == [datetime(2026, 3, 3, 1, tzinfo=UTC)] * 2 + [NOW]
    assert {number: (row.state, row.department and row.department.code) for number, row in found.items()} == {
        "HL-1": ("dispatched", "water"), "HL-2": ("dispatched", "water"), "HL-3": ("dispatched", "urban"),
        "HL-4": ("filed", None), "P-1": ("archived", None),
    }  # fmt: skip
    assert (str(found["HL-1"].contact), str(found["HL-1"].phone), found["P-1"].closed_at) == (
        "王**",
        "138****1234",
        datetime(2025, 1, 4, 2, tzinfo=UTC),
    )


def test_the_check_says_what_would_be_and_writes_nothing(brought):
    run = brought(HEAD + GOOD, check_only=True)
    assert (counts(run), Report.objects.count()) == ((5, 0, 0, 0), 0)


def test_brought_again_nothing_changes_and_a_correction_is_one(brought, moment):
    text = HEAD + GOOD
    brought(text)
    moment.shift(3600)  # what states no time of filing is not filed anew
    assert counts(brought(text)) == (0, 0, 5, 0)
    assert counts(brought(text.replace("路灯不亮", "路灯又不亮"))) == (0, 1, 4, 0)


BAD = {
    "h,1,,,,{g},,,,,,,,,,,,": "what happened is missing",
    "h,2,a,,无此类别,{g},,,,,,,,,,,,": "There is no category “无此类别”, or several are called so.",
    "h,3,a,,,,,,,,,,,,,,,": "Say where: an area code, longitude and latitude, or an address.",
    "h,4,a,,,,34.05,117.15,,,,,,,,,,": "latitude: “117.15” is outside the range of degrees.",
    "h,5,a,,,,34.05,17.15,,,,,,,,,,": "The point lies in no area of the net. Check longitude, latitude and their coordinate system.",
    "h,6,a,,,320312999,,,,,,,,,,,,": "There is no area 320312999 in force.",
    "h,7,a,,,{g},,,,2027-01-01,,,,,,,,": "It was filed in the future: state the time zone.",
    "h,8,a,,,{g},,,,,,,,无此部门,,,,": "There is no department “无此部门”.",
    "h,9,a,,,{g},,,,2026-03-01,,,,,closed,,,": "A closed matter has the time when it was closed.",
    "h,10,a,,,{g},,,,2026-03-01,,,,,closed,,2026-02-01,": "It was closed before it was filed.",
    "h,11,a,,,{g},,,,2026-03-01,,,,,dispatched,,,": "A dispatched matter names its department.",
    "h,12,a,,,{g},,,,2026-03-01,,,,,handling,,,": "state: “handling” is not one of the values allowed.",
    "h,13,a,,,{g},,,,2026-03-01,,,,,,2026-03-02,,": "Deadline and result belong to matters of the other system: give its state too.",
    "h,14,a,,,{g},,,,2026-03-01,,,,,,,2026-03-02,": "It has a closing time, but its state says that it is not closed.",
    "h,15,a,,,{g},,,,,,,12345,,,,,": "phone: This is not a telephone number.",
    "h,16,a,,,{g},117.1,,,,,,,,,,,": "Longitude and latitude belong together.",
}


def test_bad_rows_come_back_with_their_reason_and_good_ones_are_kept(brought):
    with translation.override("en"):
        run = brought(HEAD + GOOD + "".join(f"{line.format(g=GRID)}\n" for line in BAD))
    assert counts(run) == (5, 0, 0, len(BAD))
    reasons = [row.reasons[0].removesuffix(".") for row in run.returned.order_by("number")]
    assert reasons == [reason.removesuffix(".") for reason in BAD.values()]


def test_a_town_officer_brings_her_own_town_alone(brought, people):
    text = HEAD + f"h,1,a,,,{GRID},,,,,,,,,,,,\nh,2,a,,,320312119,,,,,,,,,,,,\nh,3,a,,,,,,某处,,,,,,,,,\n"
    run = brought(text, "town_officer")
    assert (counts(run), sorted(Report.objects.values_list("external_id", "area_code"))) == ((2, 0, 0, 1), [("1", GRID), ("3", TOWN)])


def test_who_may_not_bring_reports_brings_none(brought):
    with pytest.raises(NotAllowed):
        brought(HEAD + GOOD, "worker")
    assert Report.objects.count() == 0


# Over HTTP


@pytest.fixture
def send(client, people, ground):
    """Sends reports as a hotline: `send([…], area_code=…)`."""
    made = {}

    def make(rows, **may):
        if not made:
            actor = actor_for(people["system_admin"])
            made["key"] = systems.create_system(actor=actor, code="hotline", name="12345", kinds=["reports"], **may)[1]
        body = orjson.dumps({"rows": rows})
        signed = signing.signed_headers(
            system="hotline", key=made["key"], algorithm="hmac-sha256", method="POST", path="/api/reports", body=body,
            seconds=int(NOW.timestamp()),
        )  # fmt: skip
        return client.post("/api/reports", body, content_type="application/json", headers={**signed, "Accept-Language": "en"})

    return make


ORDER = {"external_id": "HL-1", "title": "路口井盖缺失", "lon": 117.05, "lat": 34.05, "source": "hotline", "phone": "13800001234"}


def test_a_system_files_reports_that_stand_in_the_list_with_clock_and_ledger(send):
    response = send([ORDER])
    row = Report.objects.get()
    assert (response.status_code, response.json()["rows"]) == (202, [{"row": 0, "outcome": "created", "reference": row.code}])
    assert (row.origin, row.area_code, row.category.code, row.state, row.filed_at) == ("hotline", GRID, "manhole", "filed", NOW)
    assert (row.clock_now().started_at, row.deadline_at > NOW) == (NOW, True)
    assert list(LedgerEntry.objects.filter(object_id=row.pk, object_type="reports.report").values_list("verb", "actor_label")) == [
        ("report.filed", "outside/hotline")
    ]
    assert send([{**ORDER, "filed_at": NOW.isoformat()}]).json()["rows"][0]["outcome"] == "unchanged"


def test_of_a_batch_the_good_are_filed_and_the_bad_named(send):
    rows = [{**ORDER, "external_id": "1"}, {**ORDER, "external_id": "2", "lon": 0}, {"external_id": "3"}, {**ORDER, "external_id": "1"},
            {**ORDER, "external_id": "5", "origin": "police"}]  # fmt: skip
    response = send(rows)
    assert (response.status_code, response.json()["created_rows"], Report.objects.count()) == (202, 1, 1)
    assert [(error["row"], error["field"]) for error in response.json()["errors"]] == [
        (1, "lon"),
        (2, "title"),
        (3, "external_id"),
        (4, "origin"),
    ]


def test_a_system_of_one_town_files_there_alone(send):
    rows = [ORDER, {"external_id": "2", "title": "a", "address": "b"}, {"external_id": "3", "title": "a", "area_code": "320312119"}]
    response = send(rows, area_code=TOWN)
    assert [(error["row"], error["field"]) for error in response.json()["errors"]] == [(2, "area_code")]
    assert set(Report.objects.values_list("area_code", flat=True)) == {GRID, TOWN}


def test_another_systems_number_is_another_report(send, brought):
    send([ORDER])
    brought(HEAD + f"sensor,HL-1,路口井盖缺失,,,{GRID},,,,,,,,,,,,\n")
    assert sorted(Report.objects.values_list("origin", "external_id")) == [("hotline", "HL-1"), ("sensor", "HL-1")]


def test_a_flood_of_late_reports_is_overdue_at_once_and_said_so(send):
    send([{**ORDER, "filed_at": (NOW - timedelta(days=60)).isoformat()}])
    row = Report.objects.get()
    assert (row.deadline_at < NOW, row.due_at > NOW) == (True, True)


def test_the_document_describes_a_report(client, db):
    row = client.get("/api/openapi.json").json()["components"]["schemas"]["reports-row"]
    assert (row["required"], row["properties"]["lon"]["type"], "origin" in row["properties"]) == (["external_id", "title"], "number", False)
