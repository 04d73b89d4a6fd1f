"""Every state × verb × person of an export through its real actions, and that the matrix can fail."""

from datetime import timedelta

import pytest

from tests.workflow.matrix import Cell, cells, check
from tongshan_portal.accounts.enums import Role
from tongshan_portal.exchange.actions import exports
from tongshan_portal.exchange.enums import ExportState
from tongshan_portal.exchange.models import ExportRun
from tongshan_portal.exchange.workflow import EXPORT_STEPS
from tongshan_portal.kernel import clock

from .test_exports import order

ACT = {"resume": exports.resume_export, "stop": exports.stop_export}


@pytest.fixture
def export_in(person, actor):
    """An export of the owner's, in a state; and the actors by name."""
    people = {name: actor(person(name, Role.SYSTEM_ADMIN)) for name in ("owner", "colleague")}

    def make(state: str) -> ExportRun:
        run = exports.order_export(actor=people["owner"], order=order(), expected_rows=3)
        ready = {"file": "list.csv", "expires_at": clock.now() + timedelta(days=1)} if state == ExportState.READY else {}
        ExportRun.objects.filter(pk=run.pk).update(state=state, **ready)
        return ExportRun.objects.get(pk=run.pk)

    return make, people


@pytest.mark.parametrize("cell", cells(EXPORT_STEPS, ["owner", "colleague"]), ids=str)
def test_only_the_owner_moves_an_export_and_only_as_the_table_says(cell: Cell, export_in):
    make, people = export_in
    check(
        cell,
        row=make(cell.state),
        act=lambda run: ACT[cell.verb](actor=people[cell.person], run_id=run.pk),
        allowed=cell.person == "owner",
        refusal=ExportRun.DoesNotExist,
    )


def _stop(run):
    ExportRun.objects.filter(pk=run.pk).update(state=ExportState.STOPPED)


def _nothing(run):
    return None


@pytest.mark.parametrize(
    ("state", "verb", "act", "allowed"),
    [
        ("failed", "resume", _stop, True),
        ("failed", "resume", _nothing, True),
        ("ready", "stop", _nothing, True),
        ("running", "stop", _stop, False),
    ],
    ids=["wrong target", "nothing done", "accepted from a wrong state", "accepted from a stranger"],
)
def test_the_matrix_finds_an_action_that_departs_from_the_table(state, verb, act, allowed, export_in):
    make, _people = export_in
    cell = next(cell for cell in cells(EXPORT_STEPS, ["anybody"]) if (cell.state, cell.verb) == (state, verb))
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check(cell, row=make(state), act=act, allowed=allowed)
