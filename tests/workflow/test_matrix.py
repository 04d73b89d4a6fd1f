"""The matrix over real rows: exports, whose worker steps and buttons come from one table; and a negative control."""

import pytest

from tongshan_portal.exchange.enums import ExportState
from tongshan_portal.exchange.workflow import EXPORT_STEPS, target

from .matrix import Cell, cells


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
