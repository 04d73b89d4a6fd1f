"""People and postings from a file, and the list as a file: the same rules as the forms, the same rows as the list."""

import csv
import io

import pytest
from django.contrib.auth import authenticate
from django.core.files.storage import storages
from django.http import QueryDict

from tests.conftest import GRID, NEXT_GRID, TOWN
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.exchange.actions import exports, handing_back, imports
from tongshan_portal.exchange.exporters import exporter
from tongshan_portal.exchange.exporting import ExportOrder
from tongshan_portal.exchange.importers import importer
from tongshan_portal.exchange.models import ImportRun
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(tmp_path, monkeypatch):
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path))
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda *args, **kwargs: None)


def run(actor, kind: str, text: str, *, start: bool = True) -> ImportRun:
    content = text.encode("gb18030")
    done = imports.upload_import(actor=actor, kind=importer(kind), file=io.BytesIO(content), name="x.csv", size=len(content))
    imports.check_import(actor=actor, run_id=done.pk, mapping=done.mapping)
    run_import(done.pk)
    if start:
        imports.start_import(actor=actor, run_id=done.pk)
        run_import(done.pk)
    done.refresh_from_db()
    return done


def counts(done: ImportRun) -> tuple[str, int, int, int, int]:
    return done.state, done.created_rows, done.changed_rows, done.unchanged_rows, done.bad_rows


def bad(actor, done: ImportRun) -> list[str]:
    file, _form = handing_back.hand_back_bad_rows(actor=actor, run_id=done.pk)
    return [row[-1] for row in csv.reader(io.StringIO(file.read().decode("utf-8-sig")))][1:]


PEOPLE = "登录名,姓名,手机号\nwang,王秀英,13800001234\nworker,张建国,\nli wei,李伟,\nzhao,赵敏,1.38E+10\n"


def test_people_are_created_with_first_passwords_handed_over_once(cast, actor):
    admin = actor(cast["system_admin"])
    done = run(admin, "people", PEOPLE)
    assert counts(done) == ("finished", 1, 1, 0, 2)
    assert User.objects.get(username="worker").name == "张建国"
    file, _form = handing_back.hand_over_results(actor=admin, run_id=done.pk)
    [[username, name, password]] = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))[1:]
    assert (username, name) == ("wang", "王秀英")
    user = User.objects.get(username="wang")
    assert user.check_password(password) and user.must_change_password and not user.postings.exists()


def test_check_shows_what_would_happen_and_writes_nothing(cast, actor):
    done = run(actor(cast["system_admin"]), "people", PEOPLE, start=False)
    assert counts(done) == ("checked", 1, 1, 0, 2)
    assert not User.objects.filter(username="wang").exists() and User.objects.get(username="worker").name == "worker"


def test_second_run_of_people_changes_nothing(cast, actor):
    admin = actor(cast["system_admin"])
    run(admin, "people", PEOPLE)
    assert counts(run(admin, "people", PEOPLE)) == ("finished", 0, 0, 2, 2)
    assert LedgerEntry.objects.filter(verb="user.created").count() == 1


def test_postings_are_given_by_the_rules_of_the_form(cast, actor):
    Department.objects.get_or_create(code="police-test", defaults={"name": "测试公安局"})
    security = actor(cast["security_admin"])
    text = (
        "登录名,角色,区划代码,部门,任职日期,截止日期\n"
        f"stranger,网格员,{NEXT_GRID},,2026年1月1日,\n"
        f"stranger,department_handler,{TOWN},测试公安局,2026-01-01,2026-12-31\n"
        f"stranger,网格员,{TOWN},,2026-01-01,\n"
        f"nobody,网格员,{GRID},,2026-01-01,\n"
        "stranger,网格员,320312106999999,,2026-01-01,\n"
        f"stranger,国王,{GRID},,2026-01-01,\n"
        f"stranger,网格员,{GRID},不存在的局,2026-01-01,\n"
        "system_admin,audit_admin,320312,,2026-01-01,\n"
        "security_admin,director,320312,,2026-01-01,\n"
    )
    done = run(security, "postings", text)
    assert counts(done) == ("finished", 2, 0, 0, 7)
    given = Posting.objects.unscoped("a test").filter(user=cast["stranger"]).order_by("area_code")
    assert [(row.role, row.area_code, str(row.department or "")) for row in given] == [
        ("department_handler", TOWN, "测试公安局"),
        ("grid_worker", NEXT_GRID, ""),
    ]
    assert len(bad(security, done)) == 7
    assert counts(run(security, "postings", text)) == ("finished", 0, 0, 2, 7)
    assert LedgerEntry.objects.filter(verb="posting.given").count() == 2


@pytest.mark.parametrize(
    ("who", "kind"), [("security_admin", "people"), ("system_admin", "postings"), ("auditor", "people"), ("worker", "postings")]
)
def test_each_administrator_imports_only_what_is_hers(cast, actor, who, kind):
    with pytest.raises(NotAllowed):
        run(actor(cast[who]), kind, "登录名,姓名,角色,区划代码,任职日期\nx,x,网格员,320312106201001,2026-01-01\n")
    assert not ImportRun.objects.exists() and not User.objects.filter(username="x").exists()


def exported(actor, query: str = "") -> list[list[str]]:
    file, _rows = exports.export_now(actor=actor, order=ExportOrder(exporter("people"), QueryDict(query), "csv"))
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))[1:-1]


def test_exported_rows_are_those_the_reader_may_see(cast, actor):
    town = actor(cast["town_officer"])
    seen = Posting.objects.visible_to(town.scope).values_list("user__username", flat=True)
    assert sorted(row[0] for row in exported(town)) == sorted(seen) == ["colleague", "mediator", "town_officer", "worker"]
    assert [row[0] for row in exported(town, f"area={GRID}")] == ["worker"]
    assert [row[0] for row in exported(town, "q=colle&state=in_force")] == ["colleague"]


def test_who_may_see_the_list_may_not_take_it_away_by_that_alone(cast, actor):
    with pytest.raises(NotAllowed):
        exported(actor(cast["worker"]))
    assert list(LedgerEntry.objects.values_list("verb", flat=True)) == ["export.denied"]


def test_first_password_opens_the_door_once_handed_over(cast, actor, rf):
    admin = actor(cast["system_admin"])
    done = run(admin, "people", PEOPLE)
    file, _form = handing_back.hand_over_results(actor=admin, run_id=done.pk)
    [[username, _name, password]] = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))[1:]
    assert authenticate(rf.post("/"), username=username, password=password) == User.objects.get(username="wang")
