"""Archives: nothing leaves before it is written and verified, and the chain goes on behind the anchor."""

import gzip
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction

from tests.ledger.conftest import SUITE
from tongshan_portal.kernel import clock
from tongshan_portal.ledger import archive
from tongshan_portal.ledger.models import LedgerAnchor, LedgerEntry
from tongshan_portal.ledger.public import record

pytestmark = pytest.mark.django_db
LAST_YEAR = clock.now() - timedelta(days=400)


@pytest.fixture
def old_and_new(monkeypatch):
    """Six entries of last year and four of now, in one strand."""
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: LAST_YEAR)
        old = [record(actor=SUITE, verb="suite.tried", detail={"n": n}) for n in range(6)]
    return old, [record(actor=SUITE, verb="suite.tried", detail={"n": n}) for n in range(6, 10)]


def before() -> str:
    return (clock.today() - timedelta(days=366)).isoformat()


def run(folder):
    call_command("archive_ledger", "--before", before(), "--to", str(folder))


def data_file(folder):
    return next(folder.glob("*.jsonl.gz"))


def test_old_rows_move_and_both_parts_verify(old_and_new, tmp_path, faults, capsys):
    old, new = old_and_new
    run(tmp_path)
    assert list(LedgerEntry.objects.filter(verb="suite.tried").order_by("seq").values_list("pk", flat=True)) == [entry.pk for entry in new]
    assert faults() == []
    anchor = LedgerAnchor.objects.get()
    assert (anchor.seq, archive.manifests(tmp_path)[0].name) == (6, anchor.archive)
    assert [row.id for row in archive.rows_of_file(data_file(tmp_path))] == [entry.pk for entry in old]
    entry = LedgerEntry.objects.get(verb="ledger.archived")
    assert (entry.detail["count"], entry.detail["sha256"]) == (6, archive.file_digest(data_file(tmp_path)))
    capsys.readouterr()
    call_command("verify_ledger", "--archive", str(tmp_path))
    assert capsys.readouterr().out.startswith("6 rows verified")


def test_row_missing_right_behind_the_anchor_is_found(old_and_new, tmp_path, faults, tamper):
    run(tmp_path)
    tamper("DELETE FROM ledger_ledgerentry WHERE seq = 7")
    assert faults() == [("missing", 7, None)]


def test_second_archive_begins_where_the_first_ends(old_and_new, tmp_path, monkeypatch, capsys):
    run(tmp_path)
    with monkeypatch.context() as patch:
        later = clock.now() + timedelta(days=800)
        patch.setattr(clock, "now", lambda: later)
        patch.setattr(clock, "today", later.date)
        with pytest.raises(ProgrammingError, match="younger than 183 days"), transaction.atomic():
            run(tmp_path)  # a clock set forward deceives the portal, not the database
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_ledgerentry")
        assert cursor.fetchone()[0] == 5  # four, and the entry of the first archive


def test_stopped_between_writing_and_removing_goes_on(old_and_new, tmp_path, faults, capsys):
    archive.write(tmp_path, LAST_YEAR + timedelta(days=10))
    assert (LedgerEntry.objects.count(), LedgerAnchor.objects.count()) == (10, 0)
    run(tmp_path)
    assert (LedgerEntry.objects.filter(verb="suite.tried").count(), len(list(tmp_path.glob("*.gz")))) == (4, 1)
    run(tmp_path)
    assert (len(list(tmp_path.glob("*.gz"))), LedgerEntry.objects.filter(verb="ledger.archived").count()) == (1, 1)
    assert faults() == []


def test_archive_that_does_not_verify_removes_nothing(old_and_new, tmp_path):
    manifest = archive.write(tmp_path, LAST_YEAR + timedelta(days=10))
    path = tmp_path / f"{manifest.name}.jsonl.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(CommandError, match="does not verify, nothing was removed"):
        run(tmp_path)
    assert (LedgerEntry.objects.count(), LedgerAnchor.objects.count()) == (10, 0)


def _edit(folder, change):
    path = data_file(folder)
    lines = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
    change(lines)
    path.write_bytes(gzip.compress("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()))


@pytest.mark.parametrize(
    ("change", "kind", "seq"),
    [
        (lambda lines: lines[2].__setitem__(5, "somebody else"), "changed", 3),
        (lambda lines: lines.pop(2), "missing", 3),
        (lambda lines: lines.insert(1, lines.pop(3)), "missing", 2),
        (lambda lines: lines.pop(), "truncated", 6),
    ],
    ids=["changed", "missing", "reordered", "cut off"],
)
def test_tampered_archive_is_found(old_and_new, tmp_path, change, kind, seq):
    run(tmp_path)
    _edit(tmp_path, change)
    found = [(fault.kind, fault.seq) for fault in archive.ArchiveVerification(tmp_path)]
    assert found[:2] == [("changed", 0), (kind, seq)]


def test_missing_archive_is_found(old_and_new, tmp_path):
    assert [fault.kind for fault in archive.ArchiveVerification(tmp_path)] == ["missing"]
    run(tmp_path)
    data_file(tmp_path).unlink()
    assert [fault.kind for fault in archive.ArchiveVerification(tmp_path)] == ["missing"]


def test_setting_below_six_months_does_not_count(old_and_new, tmp_path, settings):
    settings.LEDGER_KEEP_DAYS = 10
    day = (clock.today() - timedelta(days=182)).isoformat()
    with pytest.raises(CommandError, match="the ledger keeps 183 days"):
        call_command("archive_ledger", "--before", day, "--to", str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_longer_setting_counts(old_and_new, tmp_path, settings):
    settings.LEDGER_KEEP_DAYS = 500
    with pytest.raises(CommandError, match="the ledger keeps 500 days"):
        run(tmp_path)


@pytest.mark.parametrize("statement", ["DELETE FROM ledger_ledgerentry WHERE seq = 7", "DELETE FROM ledger_ledgerentry WHERE seq = 1"])
def test_rows_that_were_not_archived_stay(old_and_new, statement):
    with pytest.raises(ProgrammingError, match="only what was archived goes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert LedgerEntry.objects.count() == 10
