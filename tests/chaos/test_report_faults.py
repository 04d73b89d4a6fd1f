"""Reports are filed and handled while web, worker, beat, Redis and PostgreSQL are killed with -9: nothing accepted is lost or done twice.

`./portal bench chaos_reports` does the same for a minute or longer.
"""

from uuid import uuid4

import pytest

from bench.chaos_rig import exercise
from bench.chaos_rig.checker import Verdict, check
from bench.chaos_rig.people import Promises
from grids.reports.actions import filing, handling
from grids.reports.models import ReportStep
from tests.conftest import GRID
from tests.processes import database_url
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import OutboxEvent

pytestmark = pytest.mark.chaos
SECONDS = 15


def test_nothing_accepted_is_lost_and_no_step_happens_twice_while_processes_are_killed(under_fire):
    found = exercise.on(under_fire, SECONDS)
    assert found.verdict == Verdict()
    assert found.problems == []
    assert (found.page_missed, found.page_twice, found.outside) == (0, 0, 0)
    assert found.settled_after < exercise.SETTLES
    assert [kind for kind, count in found.kills.items() if count == 0] == []
    assert found.closed >= 3
    assert "0 faults" in found.chain


@pytest.fixture
def promised(cast):
    """A report of the exercise that was filed and opened, with what was promised of it."""
    key, promises = uuid4(), Promises()
    row = filing.file_report(actor=actor_for(cast["worker"]), key=key, title=f"演练 {key}", area_code=GRID)
    handling.open_report(actor=actor_for(cast["duty_officer"]), report_id=row.pk)
    promises.file(str(key), row.code)
    promises.step(row.code, "open_report")
    return row, promises


@pytest.mark.django_db(transaction=True)
def test_checker_finds_nothing_where_all_is_well(promised):
    assert check(database_url(), promised[1]) == Verdict()


@pytest.mark.django_db(transaction=True)
def test_checker_sees_what_was_lost(promised):
    row, promises = promised
    promises.file("11111111-1111-1111-1111-111111111111", "TS000000-LOST")
    promises.step(row.code, "close")
    assert check(database_url(), promises).as_dict() == Verdict(lost=["x"], steps_lost=["x"]).as_dict()


@pytest.mark.django_db(transaction=True)
def test_checker_sees_what_was_done_twice_and_what_has_no_entry_or_event(promised, cast):
    row, promises = promised
    filing.file_report(actor=actor_for(cast["worker"]), key=uuid4(), title=row.title, area_code=GRID)
    step = ReportStep.objects.get(report=row, verb="open_report")
    step.pk = None
    step.save()
    found = check(database_url(), promises)
    assert found.as_dict() == Verdict(
        doubled=["x"], steps_doubled=["x"], broken_chains=["x"], without_entry=["x"], without_event=["x"]
    ).as_dict()  # fmt: skip
    assert (LedgerEntry.objects.filter(object_label=row.code).count(), OutboxEvent.objects.filter(line__report=row.code).count()) == (2, 2)
