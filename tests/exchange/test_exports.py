"""Exports: the rows of the list and no others, with their own right, in the ledger before they leave."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.http import QueryDict

from tongshan_portal.accounts.models import Department, Posting
from tongshan_portal.exchange import sweep
from tongshan_portal.exchange.actions import exports
from tongshan_portal.exchange.export_worker import run_export
from tongshan_portal.exchange.exporters import exporter
from tongshan_portal.exchange.exporting import ExportOrder
from tongshan_portal.exchange.models import ExportRun
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


def order(query: str = "", **extra) -> ExportOrder:
    return ExportOrder(exporter("test_departments"), QueryDict(query), **({"format": "csv"} | extra))


@pytest.fixture(autouse=True)
def three_departments(no_departments):
    for code, name in (("a", "one"), ("b", "=2+2"), ("c", "three")):
        Department.objects.create(code=code, name=name)


def lines(file) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


def test_small_list_is_written_at_once_with_its_watermark(admin):
    file, rows = exports.export_now(actor=admin, order=order("q=e&page="))
    cells = lines(file)
    assert (rows, cells[:3]) == (2, [["code", "name", "sealed"], ["a", "one", "***"], ["c", "three", "***"]])
    [mark] = cells[3]
    assert mark.startswith("※ ") and admin.name in mark and "q=e" in mark


def test_workbook_has_the_watermark_in_its_footer_too(admin):
    file, _rows = exports.export_now(actor=admin, order=order(format="xlsx"))
    sheet = openpyxl.load_workbook(file).active
    assert [row[1].value for row in sheet][1:4] == ["one", "'=2+2", "three"]
    assert admin.name in sheet.oddFooter.left.text and admin.name in sheet.oddHeader.left.text


def test_ledger_has_filter_and_count_but_no_search_word(admin):
    exports.export_now(actor=admin, order=order("q=one&state=open"))
    [entry] = LedgerEntry.objects.all()
    assert (entry.verb, entry.detail["rows"], entry.detail["filter"]) == ("list.exported", 1, {"q": ["…"], "state": ["open"]})


def test_refused_export_leaves_only_the_refusal(cast, actor):
    with pytest.raises(NotAllowed):
        exports.export_now(actor=actor(cast["duty_officer"]), order=order())
    with pytest.raises(NotAllowed):
        exports.order_export(actor=actor(cast["duty_officer"]), order=order(), expected_rows=3)
    assert list(LedgerEntry.objects.values_list("verb", flat=True)) == ["export.denied"] * 2
    assert not ExportRun.objects.exists()


def test_sealed_column_needs_its_own_right_and_a_reason(admin, person, actor):
    from tests.conftest import DISTRICT
    from tongshan_portal.accounts.enums import Role

    with pytest.raises(NotAllowed):
        exports.export_now(actor=admin, order=order(plain=True, reason="audit"))
    both = person("both", Role.SYSTEM_ADMIN)
    Posting.objects.create(user=both, role=Role.SUPERVISOR, area_code=DISTRICT, starts_on="2020-01-01")
    with pytest.raises(DomainError):
        exports.export_now(actor=actor(both), order=order(plain=True, reason=" "))
    file, _rows = exports.export_now(actor=actor(both), order=order(plain=True, reason="audit"))
    assert lines(file)[1] == ["a", "one", "eno"]
    assert LedgerEntry.objects.latest("pk").reason == "audit"


def test_large_list_is_written_by_a_worker_and_fetched_by_its_owner_only(admin, person, actor):
    from tongshan_portal.accounts.enums import Role

    run = exports.order_export(actor=admin, order=order(), expected_rows=3)
    with pytest.raises(DomainError):
        exports.fetch_export(actor=admin, run_id=run.pk)
    run_export(run.pk)
    run_export(run.pk)
    fetched = exports.fetch_export(actor=admin, run_id=run.pk)
    assert (fetched.state, fetched.rows, len(lines(fetched.file.open("rb")))) == ("ready", 3, 5)
    with pytest.raises(ExportRun.DoesNotExist):
        exports.fetch_export(actor=actor(person("second", Role.SYSTEM_ADMIN)), run_id=run.pk)
    assert list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True)) == ["export.ordered", "list.exported", "export.fetched"]


def test_worker_has_the_rights_of_the_moment_it_runs(admin, private_folder):
    run = exports.order_export(actor=admin, order=order(), expected_rows=3)
    Posting.objects.filter(user=admin.user).update(ends_on="2020-01-02")
    run_export(run.pk)
    run.refresh_from_db()
    assert (run.state, run.file.name, private_folder.exists()) == ("failed", "", False)
    assert LedgerEntry.objects.latest("pk").verb == "export.denied"


def test_stopped_export_is_not_written(admin):
    run = exports.order_export(actor=admin, order=order(), expected_rows=3)
    exports.stop_export(actor=admin, run_id=run.pk)
    run_export(run.pk)
    run.refresh_from_db()
    assert (run.state, run.file.name) == ("stopped", "")


def test_export_whose_worker_was_killed_is_written_by_the_next(admin):
    run = exports.order_export(actor=admin, order=order(), expected_rows=3)
    ExportRun.objects.update(worker="00000000-0000-7000-8000-000000000000", heartbeat_at=clock.now() - timedelta(hours=1), rows=2)
    assert sweep.wake_stalled() == 1
    run_export(run.pk)
    run.refresh_from_db()
    assert (run.state, run.rows) == ("ready", 3)


def test_file_is_deleted_after_its_hours(admin, private_folder):
    run = exports.order_export(actor=admin, order=order(), expected_rows=3)
    run_export(run.pk)
    ExportRun.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(DomainError):
        exports.fetch_export(actor=admin, run_id=run.pk)
    sweep.erase_old()
    run.refresh_from_db()
    assert (run.state, run.file.name) == ("expired", "")
