"""A small net with grounds: a town, a village, two grids side by side, one of them with a micro-grid."""

import pytest
from shapely import box

from grids.areas.writing import write_areas, write_shapes
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.kernel import clock

GROUNDS = {
    DISTRICT: box(117.0, 34.0, 117.4, 34.1),
    TOWN: box(117.0, 34.0, 117.2, 34.1),
    OTHER_TOWN: box(117.2, 34.0, 117.4, 34.1),
    VILLAGE: box(117.0, 34.0, 117.2, 34.1),
    GRID: box(117.0, 34.0, 117.1, 34.1),
    NEXT_GRID: box(117.1, 34.0, 117.2, 34.1),
    GRID + "001": box(117.0, 34.0, 117.01, 34.01),
}


@pytest.fixture
def grounds(areas):
    """The areas of the cast with their grounds."""
    write_areas([(GRID + "001", "第001微网格")])
    write_shapes(GROUNDS.items(), source="test", at=clock.now())
    return GROUNDS
