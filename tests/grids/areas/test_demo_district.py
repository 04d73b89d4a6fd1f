"""The demo district: the numbers of the real one, a valid net, rows that can be loaded twice."""

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from grids.areas.codes import Level, level_of, parent_of
from grids.areas.demo import district
from grids.areas.models import Area, AreaShape
from grids.areas.shapes import validation


@pytest.fixture(scope="module")
def rows():
    return list(district.rows(scale=0.005))


def of_level(rows, level):
    return {row.code: row.shape for row in rows if level_of(row.code) is level}


def test_numbers_are_those_of_the_district(rows):
    counts = [len(of_level(rows, level)) for level in Level]
    assert counts == [1, 29, 320, 1640, 8 * district.MICRO_GRIDS_PER_GRID]
    assert len({row.code for row in rows}) == len(rows)


def test_every_area_has_its_parent_before_it(rows):
    seen = set()
    for row in rows:
        assert parent_of(row.code) is None or parent_of(row.code) in seen
        seen.add(row.code)


@pytest.mark.parametrize("level", [Level.TOWN, Level.VILLAGE, Level.GRID])
def test_each_level_is_a_coverage_of_the_district(rows, level):
    shapes = of_level(rows, level)
    assert shapely.coverage_is_valid(np.array(list(shapes.values())))
    assert shapely.coverage_union_all(list(shapes.values())).area == pytest.approx(of_level(rows, Level.DISTRICT)["320312"].area)


def test_micro_grids_fill_their_grid_without_overlap(rows):
    micro, grids = of_level(rows, Level.MICRO_GRID), of_level(rows, Level.GRID)
    assert validation.check_overlaps(micro) == []
    assert validation.check_parent(micro, grids) == []
    for code in {parent_of(code) for code in micro}:
        pieces = [shape for piece, shape in micro.items() if parent_of(piece) == code]
        assert validation.check_gaps(dict(enumerate(pieces)), grids[code]) == []


@pytest.mark.django_db
def test_command_loads_the_district_and_changes_nothing_the_second_time(settings, capsys):
    settings.DEMO_MODE = True
    call_command("demo_district", scale=0)
    first = list(AreaShape.objects.order_by("pk").values_list("pk", "geometry"))
    assert (Area.objects.count(), len(first)) == (1990, 1990)
    call_command("demo_district", scale=0)
    assert list(AreaShape.objects.order_by("pk").values_list("pk", "geometry")) == first


@pytest.mark.django_db
def test_command_is_refused_outside_demo_mode(settings):
    settings.DEMO_MODE = False
    with pytest.raises(CommandError):
        call_command("demo_district")
    assert Area.objects.count() == 0
