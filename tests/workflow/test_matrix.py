"""The matrix over real rows: exports, whose worker steps and buttons come from one table; and a negative control."""

import pytest
from django.utils import timezone

from tongshan_portal.exchange.enums import ExportState
from tongshan_portal.exchange.models import ExportRun
from tongshan_portal.exchange.workflow import EXPORT_STEPS, target
from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed

from .matrix import CHANGED, NO_START, REFUSED, Cell, cells, walk


@pytest.mark.parametrize("cell", cells(EXPORT_STEPS, ["anybody"]), ids=str)
def test_buttons_of_an_export_lead_where_the_list_below_says(cell: Cell):
    expected = {
        ("failed", "resume"): "running",
        ("running", "stop"): "stopped",
        ("failed", "stop"): "stopped",
    }
    assert cell.target == expected.get((cell.state, cell.verb))


def test_the_matrix_is_complete():
    assert len(cells(EXPORT_STEPS, ["a", "b"], by_system=True)) == len(ExportState) * 5 * 2
    assert target(EXPORT_STEPS, "expire", "ready") == "expired"


def _moves_on(row, state: str):
    ExportRun.objects.filter(pk=row.pk).update(state=state)


def _refuses(row, error: Exception):
    raise error


def _changes_and_refuses(row, error: Exception):
    ExportRun.objects.filter(pk=row.pk).update(started_at=timezone.now())
    raise error


DEPARTING = {
    "wang": (lambda row: _moves_on(row, "stopped"), True, "running", "stopped"),
    "li": (lambda row: _refuses(row, InvalidTransition("")), True, "running", NO_START),
    "zhao": (lambda row: _refuses(row, DomainError("no")), True, "running", "DomainError: no"),
    "sun": (lambda row: _moves_on(row, "running"), False, REFUSED, "running"),
    "qian": (lambda row: _changes_and_refuses(row, NotAllowed("")), False, REFUSED, CHANGED),
}
"""Who departs from the table when a failed export is to go on: what happens, whether she may, what is expected, what is found."""


@pytest.mark.django_db
def test_a_walk_names_every_square_that_departs_from_the_table(person):
    row = ExportRun.objects.create(created_by=person("wang"), created_at=timezone.now(), state="failed")
    squares = [cell for cell in cells(EXPORT_STEPS, DEPARTING, states=["failed"]) if cell.verb == "resume"]
    with pytest.raises(AssertionError) as failed:
        walk(squares, row=row, act=lambda cell, row: DEPARTING[cell.person][0](row), allowed=lambda cell: DEPARTING[cell.person][1])
    told = [f"failed-resume-{name}: {found}, not {expected}" for name, (_act, _may, expected, found) in DEPARTING.items()]
    assert str(failed.value).splitlines()[: len(told)] == told
