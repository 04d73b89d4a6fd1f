"""Area codes without a database."""

import pytest

from grids.areas.codes import GridKind, grid_kind_of

KINDS = {
    "320312106201001": GridKind.BASIC,
    "320312106201899": GridKind.BASIC,
    "320312106201900": GridKind.SPECIAL,
    "320312106201901": GridKind.SPECIAL,
    "320312106201": None,
    "320312106901": None,
    "320312106201901001": None,
}


@pytest.mark.parametrize("code", KINDS)
def test_the_kind_of_a_grid_is_told_by_its_number(code):
    assert grid_kind_of(code) is KINDS[code]
