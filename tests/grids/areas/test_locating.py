"""Point → grid over the net in the database."""

from datetime import date, timedelta

import pytest
from shapely import box

from grids.areas import locating
from grids.areas.models import Area
from grids.areas.shapes.locator import NOWHERE, How, Located
from grids.areas.writing import write_shapes
from tests.conftest import GRID, NEXT_GRID, VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def net(areas):
    shapes = [(VILLAGE, box(117.0, 34.0, 117.2, 34.1)), (GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1))]
    write_shapes(shapes, source="test", at=clock.now())
    locating.kept.forget()


def test_point_finds_its_grid_and_never_a_village(net):
    assert locating.locate(117.05, 34.05) == Located(GRID, How.INSIDE, 0.0)
    assert locating.locate(117.15, 34.05) == Located(NEXT_GRID, How.INSIDE, 0.0)
    assert locating.locate(118.0, 34.05) == NOWHERE


def test_changed_shape_is_found_once_the_edition_is_looked_at(net):
    locating.locate(117.05, 34.05)
    write_shapes([(GRID, box(117.0, 34.0, 117.05, 34.1)), (NEXT_GRID, box(117.05, 34.0, 117.2, 34.1))], source="test", at=clock.now())
    locating.kept.forget()
    assert locating.locate(117.07, 34.05).code == NEXT_GRID


def test_retired_grid_takes_no_new_points(net):
    Area.objects.filter(pk=GRID).update(valid_to=clock.today() - timedelta(days=1))
    Area.objects.filter(pk=NEXT_GRID).update(valid_from=date(2020, 1, 1), valid_to=clock.today())
    locating.kept.forget()
    assert (locating.locate(117.05, 34.05), locating.locate(117.15, 34.05).code) == (NOWHERE, NEXT_GRID)
