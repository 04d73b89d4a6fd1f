"""Several portions of one import at a time, by connections of their own: each once, whichever ends first."""

from threading import Barrier, Event

import pytest

from tests.exchange.conftest import checked, counts, table
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.actions import imports
from tongshan_portal.exchange.importers import importer
from tongshan_portal.exchange.reading_on import first_missing, places
from tongshan_portal.exchange.worker import run_import

pytestmark = pytest.mark.django_db(transaction=True)
LINES = [f"d{number:03},x" for number in range(220)]


@pytest.fixture
def kind(settings, monkeypatch):
    """The sample, two portions of it at a time."""
    settings.EXCHANGE_LANES = 2
    kind = importer("test_departments")
    monkeypatch.setattr(type(kind), "lanes", 2)
    return kind


def started(admin):
    run = checked(admin, table(*LINES))
    imports.start_import(actor=admin, run_id=run.pk)
    return run


def stretches(run) -> list[tuple[int, int]]:
    return list(run.chunks.order_by("first_row").values_list("first_row", "last_row"))


def test_two_portions_are_written_at_the_same_time_and_every_row_once(admin, kind, monkeypatch):
    run, write, both = started(admin), kind.write_batch, Barrier(2, timeout=20)

    def write_together(actor, rows, context):
        if rows[0].number <= 100:
            both.wait()  # breaks, were the second begun only after the first
        return write(actor, rows, context)

    monkeypatch.setattr(kind, "write_batch", write_together)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, *counts(run), run.position) == ("finished", 220, 0, 0, 0, 0, 220)
    assert stretches(run) == [(1, 50), (51, 100), (101, 150), (151, 200), (201, 220)]
    assert sorted(Department.objects.values_list("code", flat=True)) == [line[:4] for line in LINES]


def test_portion_that_fails_leaves_a_gap_that_the_next_try_fills(admin, kind, monkeypatch):
    run, write, others_done = started(admin), kind.write_batch, Event()

    def fail_at_the_first(actor, rows, context):
        if rows[0].number == 1:
            assert others_done.wait(20)
            raise ZeroDivisionError
        if rows[0].number == 101:
            others_done.set()
        return write(actor, rows, context)

    with monkeypatch.context() as patch:
        patch.setattr(kind, "write_batch", fail_at_the_first)
        run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, stretches(run)[0], run.position, Department.objects.count()) == ("failed", (51, 100), run.good_rows, run.good_rows)
    written = set(stretches(run))
    seen = []

    def note(actor, rows, context):
        seen.append((rows[0].number, rows[-1].number))
        return write(actor, rows, context)

    monkeypatch.setattr(kind, "write_batch", note)
    imports.resume_import(actor=admin, run_id=run.pk)
    run_import(run.pk)
    run.refresh_from_db()
    assert (run.state, *counts(run), Department.objects.count()) == ("finished", 220, 0, 0, 0, 0, 220)
    assert sorted(seen) == sorted({(1, 50), (51, 100), (101, 150), (151, 200), (201, 220)} - written)


def test_an_importer_that_does_not_allow_it_is_written_one_portion_at_a_time(admin, settings, monkeypatch):
    settings.EXCHANGE_LANES = 2
    kind, seen = importer("test_departments"), []
    write = kind.write_batch
    monkeypatch.setattr(kind, "write_batch", lambda actor, rows, context: (seen.append(rows[0].number), write(actor, rows, context))[1])
    run = started(admin)
    run_import(run.pk)
    assert seen == [1, 51, 101, 151, 201]


def taken(size: int, done: list[tuple[int, int]], count: int) -> list[tuple[int, int]]:
    around = places(size, done)
    return [next(around) for _number in range(count)]


def test_portions_lie_around_what_is_done():
    assert taken(50, [], 3) == [(0, 50), (50, 50), (100, 50)]
    assert taken(50, [(51, 100)], 3) == [(0, 50), (100, 50), (150, 50)]
    assert taken(40, [(1, 50), (151, 200)], 5) == [(50, 40), (90, 40), (130, 20), (200, 40), (240, 40)]
    assert [first_missing(done) for done in ([], [(1, 50)], [(51, 100)], [(1, 50), (51, 100)])] == [1, 51, 1, 101]
