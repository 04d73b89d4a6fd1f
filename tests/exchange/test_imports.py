"""Imports: from the upload to the last row, and what survives a kill."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.db import connection

from tests.exchange.conftest import checked, counts, finished, table, upload
from tests.exchange.test_files import workbook
from tests.processes import database_url
from tongshan_portal.accounts.models import Department, Posting
from tongshan_portal.exchange import staging, sweep
from tongshan_portal.exchange.actions import handing_back, imports
from tongshan_portal.exchange.importers import importer
from tongshan_portal.exchange.mapping import apply_saved, suggest
from tongshan_portal.exchange.models import BadRow, ImportRun, ResultRow
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.kernel import clock, queues
from tongshan_portal.kernel.ahead import Aside
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Delivery

pytestmark = pytest.mark.django_db


def verbs() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def departments() -> dict[str, str]:
    return dict(Department.objects.order_by("code").values_list("code", "name"))


def test_check_counts_and_writes_nothing(admin):
    Department.objects.create(code="a", name="same")
    Department.objects.create(code="b", name="old")
    run = checked(admin, table("a,same", "b,new", "c,fresh", ",", "d,", "e,forbidden"))
    assert (run.state, *counts(run), run.position) == ("checked", 1, 1, 1, 2, 1, 6)
    assert departments() == {"a": "same", "b": "old"}


def test_import_writes_good_rows_and_hands_back_the_others(admin):
    run = finished(admin, table("a,one", "b b,two", "c,forbidden", "a,three", "1.2E+10,x", "d,four,extra"))
    assert (run.state, *counts(run)) == ("finished", 1, 0, 0, 5, 0)
    assert departments() == {"a": "one"}
    file, form = handing_back.hand_back_bad_rows(actor=admin, run_id=run.pk)
    rows = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert form == "csv"
    assert [row[:3] for row in rows[1:]] == [
        ["b b", "two", "3"],
        ["c", "forbidden", "4"],
        ["a", "three", "5"],
        ["1.2E+10", "x", "6"],
        ["d", "four", "7"],
    ]
    assert all(row[3] for row in rows[1:]) and rows[2][3] == "forbidden"


def test_second_run_changes_nothing_and_says_so(admin):
    content = table(*(f"d{number},name {number}" for number in range(180)))
    assert counts(finished(admin, content)) == (180, 0, 0, 0, 0)
    assert counts(finished(admin, content)) == (0, 0, 180, 0, 0)


def test_ledger_has_start_and_end_with_counts_and_no_names(admin):
    finished(admin, table("a,Wang Xiuying"))
    entries = LedgerEntry.objects.order_by("pk")
    assert [entry.verb for entry in entries] == ["import_file.uploaded", "import.started", "import.finished"]
    assert entries[2].detail["created_rows"] == 1
    assert all("Wang" not in str(entry.detail) for entry in entries)


def test_row_that_the_database_refuses_is_handed_back_alone(admin):
    lines = [f"d{number},{'x' * 90 if number in (3, 40) else 'fine'}" for number in range(50)]
    run = finished(admin, table(*lines))
    assert counts(run) == (48, 0, 0, 2, 0)
    assert list(BadRow.objects.order_by("number").values_list("number", flat=True)) == [4, 41]


def test_finished_import_leaves_no_file_and_no_staged_rows(admin, private_folder, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        run = finished(admin, table("a,one"))
    assert (run.file.name, staging.count(run.pk), list((private_folder / "imports").iterdir())) == ("", 0, [])


def test_file_on_disk_has_a_random_name_that_says_nothing(admin, private_folder):
    upload(admin, table("a,one"), name="../../etc/王秀英.csv")
    [file] = (private_folder / "imports").iterdir()
    assert file.name.isalnum() and len(file.name) == 32


def test_results_are_handed_over_once_and_lie_sealed(admin):
    run = finished(admin, table("a,secret", "b,plain"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_resultrow")
        [(stored,)] = cursor.fetchall()
    assert "sesame" not in str(ResultRow.objects.get().content) and "sesame" not in stored
    file, _form = handing_back.hand_over_results(actor=admin, run_id=run.pk)
    assert file.read().decode("utf-8-sig").splitlines() == ["code,word", "a,sesame"]
    with pytest.raises(DomainError):
        handing_back.hand_over_results(actor=admin, run_id=run.pk)
    assert verbs()[-1] == "import_results.fetched" and not ResultRow.objects.exists()


def test_workbook_comes_back_as_a_workbook(admin):
    run = finished(admin, workbook(["部门编码", "部门名称"], ["a", "forbidden"]))
    file, form = handing_back.hand_back_bad_rows(actor=admin, run_id=run.pk)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(file).active]
    assert (form, rows[0][:2], rows[1][:3]) == ("xlsx", ["部门编码", "部门名称"], ["a", "forbidden", 2])


def test_start_is_possible_once(admin, sent):
    run = checked(admin, table("a,one"))
    imports.start_import(actor=admin, run_id=run.pk)
    with pytest.raises(InvalidTransition):
        imports.start_import(actor=admin, run_id=run.pk)
    assert verbs().count("import.started") == 1


def test_two_deliveries_of_one_task_write_once(admin):
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert counts(run) == (120, 0, 0, 0, 0)
    assert list(run.chunks.order_by("first_row").values_list("first_row", "last_row")) == [(1, 50), (51, 100), (101, 120)]


def test_run_of_another_person_does_not_exist(admin, actor, cast, person):
    from tongshan_portal.accounts.enums import Role

    run = checked(admin, table("a,one"))
    other = actor(person("second_admin", Role.SYSTEM_ADMIN))
    with pytest.raises(ImportRun.DoesNotExist):
        imports.start_import(actor=other, run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "checked"


def test_upload_without_the_right_stores_nothing(cast, actor, private_folder):
    with pytest.raises(NotAllowed):
        upload(actor(cast["duty_officer"]), table("a,one"))
    assert not ImportRun.objects.exists() and not private_folder.exists()


def test_right_withdrawn_while_it_runs_ends_the_run(admin, monkeypatch):
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    kind = importer("test_departments")
    write = kind.write_batch

    def write_then_dismiss(actor, rows, context):
        Posting.objects.filter(user=admin.user).update(ends_on="2020-01-02")
        return write(actor, rows, context)

    monkeypatch.setattr(kind, "write_batch", write_then_dismiss)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.position, Department.objects.count(), bool(run.error)) == ("failed", 50, 50, True)


@pytest.mark.django_db(transaction=True)
def test_pause_and_continue_lose_and_repeat_nothing(admin, monkeypatch):
    """Whoever pauses waits for nothing: the portion that is being written is given back whole."""
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    kind = importer("test_departments")
    write = kind.write_batch

    def pause():
        imports.pause_import(actor=admin, run_id=run.pk)
        connection.close()

    def pause_in_the_second(actor, rows, context):
        outcome = write(actor, rows, context)
        if rows[0].number == 51:
            with Aside() as aside:
                aside.begin(pause).result()
        return outcome

    monkeypatch.setattr(kind, "write_batch", pause_in_the_second)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.position, Department.objects.count()) == ("paused", 50, 50)
    monkeypatch.setattr(kind, "write_batch", write)
    imports.resume_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.chunks.count(), *counts(run)) == ("finished", 3, 120, 0, 0, 0, 0)


def test_check_that_failed_begins_anew_and_every_row_is_written(admin, monkeypatch):
    run = upload(admin, table(*(f"d{number},x" for number in range(120))))
    kind = importer("test_departments")
    plan = kind.plan_batch

    def break_in_the_second(actor, rows, context):
        return plan(actor, rows, context) if rows[0].number == 1 else 1 / 0

    with monkeypatch.context() as patch:
        patch.setattr(kind, "plan_batch", break_in_the_second)
        imports.check_import(actor=admin, run_id=run.pk, mapping=run.mapping)
        run_import(run.pk)
    run.refresh_from_db()
    told = list(Delivery.objects.values_list("notice__kind", flat=True))
    assert (run.state, bool(run.error), told) == ("uploaded", True, ["import.failed"])
    with pytest.raises(InvalidTransition):
        imports.resume_import(actor=admin, run_id=run.pk)
    imports.check_import(actor=admin, run_id=run.pk, mapping=run.mapping)
    run_import(run.pk)
    imports.start_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, *counts(run), Department.objects.count()) == ("finished", 120, 0, 0, 0, 0, 120)


def test_long_run_lets_others_in_and_goes_on(admin, sent, django_capture_on_commit_callbacks):
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    positions = []
    for _turn in range(4):
        sent.clear()
        with django_capture_on_commit_callbacks(execute=True):
            run_import(run.pk, seconds=0)
        run.refresh_from_db()
        positions.append((run.position, run.state, run.worker, (queues.RUN_IMPORT, {"run_id": str(run.pk)}) in sent))
    assert positions == [
        (50, "running", None, True),
        (100, "running", None, True),
        (120, "running", None, True),
        (120, "finished", None, False),
    ]
    assert counts(run) == (120, 0, 0, 0, 0)


def test_person_is_told_when_the_work_is_done(admin):
    run = finished(admin, table("a,one"))
    notices = Delivery.objects.filter(user=admin.user).order_by("pk").values_list("notice__kind", "notice__link")
    assert list(notices) == [("import.checked", f"/exchange/imports/{run.pk}/"), ("import.finished", f"/exchange/imports/{run.pk}/")]


def test_stop_ends_for_good_and_deletes_the_file(admin, private_folder):
    run = checked(admin, table("a,one"))
    imports.stop_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    with pytest.raises(InvalidTransition):
        imports.start_import(actor=admin, run_id=run.pk)
    assert not Department.objects.exists() and staging.count(run.pk) == 0


def test_error_of_the_program_is_a_state_that_can_be_tried_again(admin, monkeypatch):
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    kind = importer("test_departments")
    with monkeypatch.context() as patch:
        patch.setattr(kind, "write_batch", lambda *args: 1 / 0)
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, run.position, "ZeroDivision" in run.error) == ("failed", 0, False)
    imports.resume_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Department.objects.count()) == ("finished", 120)


def test_stage_that_was_lost_is_filled_again_from_the_file(admin):
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    staging.clear(run.pk)
    imports.start_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert counts(run) == (120, 0, 0, 0, 0)


def test_sweep_wakes_what_nobody_works_on(admin, sent, django_capture_on_commit_callbacks):
    run = checked(admin, table("a,one"))
    imports.start_import(actor=admin, run_id=run.pk)
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep.wake_stalled() == 0
    ImportRun.objects.update(heartbeat_at=clock.now() - timedelta(minutes=10))
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep.wake_stalled() == 1
    assert sent == [(queues.RUN_IMPORT, {"run_id": str(run.pk)})]


def test_run_that_kills_its_workers_is_given_up(admin):
    run = checked(admin, table("a,one"))
    imports.start_import(actor=admin, run_id=run.pk)
    ImportRun.objects.update(attempts=5, worker="00000000-0000-7000-8000-000000000000", heartbeat_at=clock.now() - timedelta(hours=1))
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, Department.objects.count(), bool(run.error)) == ("failed", 0, True)


def test_sweep_erases_after_the_days_kept(admin, private_folder):
    run = finished(admin, table("a,secret", "b,forbidden"))
    ImportRun.objects.update(finished_at=clock.now() - timedelta(days=8))
    stray = private_folder / "imports" / "stray"
    stray.write_text("x")
    os.utime(stray, (0, 0))
    sweep.erase_old()
    run.refresh_from_db()
    assert (run.erased_at is not None, BadRow.objects.count(), ResultRow.objects.count(), stray.exists()) == (True, 0, 0, False)


def test_headings_are_recognised_in_both_languages_with_what_people_add():
    kind = importer("test_departments")
    assert suggest(kind, ["序号", " 部门编码* ", "部门名称（必填）", "CODE"]) == {"code": 1}
    assert suggest(kind, ["编码", "名 称:", "成立日期", "电话"]) == {"code": 0, "name": 1, "since": 2, "phone": 3}


def test_saved_mapping_fits_another_file(admin):
    run = upload(admin, b"X,Y\na,one\n")
    assert run.mapping == {}
    saved = imports.save_mapping(actor=admin, run_id=run.pk, name="mine", mapping={"code": 0, "name": 1})
    assert apply_saved(saved.headings, ["Y", "other", "x "]) == {"code": 2, "name": 0}


@pytest.mark.parametrize("mapping", [{"code": 0}, {"code": 0, "name": 0}, {"code": 0, "name": 7}, {"code": 0, "name": 1, "nonsense": 1}])
def test_mapping_that_does_not_fit_is_refused(admin, mapping):
    run = upload(admin, table("a,one"))
    with pytest.raises(DomainError):
        imports.check_import(actor=admin, run_id=run.pk, mapping=mapping)
    run.refresh_from_db()
    assert run.state == "uploaded"


WORKER = """
import os, sys, django
django.setup()
from django.conf import settings
from django.core.files.storage import storages
from tests.exchange import sample
settings.EXCHANGE_HEARTBEAT_GRACE_SECONDS = 0
settings.EXCHANGE_LANES = sample.Departments.lanes = int(sys.argv[3])
storages["private"].location = sys.argv[2]
sample.install()
from tongshan_portal.exchange.worker import run_import
run_import(sys.argv[1])
"""


def start_celery(queue: str, folder) -> subprocess.Popen:
    """A real Celery worker on a queue of its own, in a process group of its own."""
    extra = {"DATABASE_URL": database_url(), "TEST_CHUNK_SECONDS": "0.1", "TEST_PRIVATE": str(folder), "PYTHONPATH": str(Path.cwd())}
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "tests.exchange.celery_app", "worker", "-Q", queue, "-c", "1"]
    command += ["-l", "warning", "--without-mingle", "--without-gossip", "-n", f"{queue}@test"]
    return subprocess.Popen(command, env=os.environ | extra, start_new_session=True)


def wait_until(condition) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def start_worker(run: ImportRun, folder, seconds: float, lanes: int) -> subprocess.Popen:
    """A real worker process on the test's database, slow enough to be hit."""
    url = database_url()
    environment = os.environ | {"DATABASE_URL": url, "TEST_CHUNK_SECONDS": str(seconds), "PYTHONPATH": str(Path.cwd())}
    return subprocess.Popen([sys.executable, "-c", WORKER, str(run.pk), str(folder), str(lanes)], env=environment)


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lanes", [1, 2])
def test_worker_killed_at_any_moment_loses_and_repeats_nothing(admin, private_folder, settings, lanes):
    settings.EXCHANGE_HEARTBEAT_GRACE_SECONDS = 0
    rows = 600
    run = checked(admin, table(*(f"d{number},{'forbidden' if number % 100 == 7 else 'x'}" for number in range(rows))))
    imports.start_import(actor=admin, run_id=run.pk)
    seen = []
    for _kill in range(2):
        worker = start_worker(run, private_folder, 0.15, lanes)
        deadline = time.monotonic() + 30
        before = ImportRun.objects.get().position
        while ImportRun.objects.get().position <= before + 50 and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
        assert worker.wait() == -signal.SIGKILL
        run.refresh_from_db()
        seen.append(run.position)
        assert (run.state, Department.objects.count()) == ("running", run.good_rows)
    assert 0 < seen[0] < seen[1] < rows
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, *counts(run), Department.objects.count()) == ("finished", 594, 0, 0, 6, 0, 594)
    stretches = list(run.chunks.order_by("first_row").values_list("first_row", "last_row"))
    assert stretches == [(first, first + 49) for first in range(1, rows, 50)]


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_celery_worker_killed_with_its_message_is_followed_by_the_next(admin, private_folder, really_send):
    run = checked(admin, table(*(f"d{number},x" for number in range(600))))
    imports.start_import(actor=admin, run_id=run.pk)
    first = start_celery(really_send, private_folder)
    try:
        wait_until(lambda: ImportRun.objects.get().position >= 100)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    run.refresh_from_db()
    assert (run.state, Department.objects.count()) == ("running", run.position)
    ImportRun.objects.update(heartbeat_at=clock.now() - timedelta(hours=1))
    assert sweep.wake_stalled() == 1
    second = start_celery(really_send, private_folder)
    try:
        wait_until(lambda: ImportRun.objects.get().state == "finished")
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()
    run.refresh_from_db()
    assert (*counts(run), Department.objects.count(), run.chunks.count()) == (600, 0, 0, 0, 0, 600, 12)


@pytest.mark.chaos
@pytest.mark.django_db(transaction=True)
def test_without_the_common_transaction_the_same_kill_would_show(admin, monkeypatch, settings):
    """Negative control: a position that is committed apart from the rows loses the rows between the two."""
    settings.EXCHANGE_HEARTBEAT_GRACE_SECONDS = 0
    run = checked(admin, table(*(f"d{number},x" for number in range(120))))
    imports.start_import(actor=admin, run_id=run.pk)
    kind = importer("test_departments")
    write, position = kind.write_batch, []

    def die_once(actor, rows, context):
        if not position:
            position.append(rows[-1].number)
            raise SystemExit
        return write(actor, rows, context)

    monkeypatch.setattr(kind, "write_batch", die_once)
    with pytest.raises(SystemExit):
        run_import(run.pk)
    run.chunks.create(first_row=1, last_row=50, good_rows=50, written_at=clock.now())
    ImportRun.objects.update(position=50, good_rows=50)  # what a careless worker would have committed first
    run_import(run.pk)
    assert Department.objects.count() == 70
