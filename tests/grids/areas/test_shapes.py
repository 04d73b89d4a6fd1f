"""Shapes of areas: coordinates, look-up, validation, generalisation, the synthetic district."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from grids.areas.demo import outline
from grids.areas.shapes import coordinates, generalisation, validation
from grids.areas.shapes.coordinates import Datum
from grids.areas.shapes.locator import NOWHERE, How, Located, Locator
from grids.areas.shapes.validation import Fault, Suspicion

WEST, EAST, NORTH = box(117.0, 34.0, 117.1, 34.1), box(117.1, 34.0, 117.2, 34.1), box(117.0, 34.1, 117.2, 34.2)


@pytest.fixture(scope="module")
def mosaic():
    return outline.divide(grids=240, villages=60, towns=8, seed=7)


def test_gcj02_lies_half_a_kilometre_east_and_a_sixth_south_of_wgs84_here():
    here = np.array([[117.2, 34.26]])
    east, north = (coordinates.wgs84_to_gcj02(here) - here)[0] * (92_000, 111_195)
    assert (round(east, -2), round(north, -2)) == (500, -100)


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
def test_conversion_comes_back_within_a_millimetre(datum):
    points = np.random.default_rng(1).uniform((116.8, 33.9), (117.6, 34.6), size=(500, 2))
    shifted = coordinates.wgs84_to_gcj02(points)
    if datum is Datum.BD09:
        x, y = shifted[:, 0], shifted[:, 1]
        radius, angle = (
            np.hypot(x, y) + 0.00002 * np.sin(y * np.pi * 3000 / 180),
            np.arctan2(y, x) + 0.000003 * np.cos(x * np.pi * 3000 / 180),
        )
        shifted = np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
    metres = np.abs(coordinates.to_wgs84(shifted, datum) - points).max() * 111_195
    assert metres < (0.001 if datum is Datum.GCJ02 else 1.0)


def test_wgs84_is_left_as_it_is():
    points = np.array([[117.2, 34.26]])
    assert coordinates.to_wgs84(points, Datum.WGS84) is points


@pytest.fixture
def locator():
    return Locator(["320312106201002", "320312106201001", "320312106201003"], np.array([EAST, WEST, NORTH]), reach=200)


@pytest.mark.parametrize(
    ("lon", "lat", "expected"),
    [
        (117.05, 34.05, Located("320312106201001", How.INSIDE, 0.0)),
        (117.15, 34.05, Located("320312106201002", How.INSIDE, 0.0)),
        (117.1, 34.05, Located("320312106201001", How.INSIDE, 0.0)),
        (117.1, 34.1, Located("320312106201001", How.INSIDE, 0.0)),
        (117.2, 34.1, Located("320312106201002", How.INSIDE, 0.0)),
        (116.9, 34.05, NOWHERE),
    ],
)
def test_point_belongs_to_the_area_that_holds_it_and_on_a_border_to_the_lowest_code(locator, lon, lat, expected):
    assert locator.locate(lon, lat) == expected


def test_point_just_outside_belongs_to_the_nearest_and_says_so(locator):
    found = locator.locate(117.05, 33.9991)
    assert (found.code, found.how, round(found.distance)) == ("320312106201001", How.NEAREST, 100)
    assert locator.locate(117.05, 33.998) == NOWHERE


def test_many_points_get_the_same_answers_as_one_by_one(mosaic):
    locator = Locator([f"{number:015d}" for number in range(len(mosaic.cells))], mosaic.cells)
    west, south, east, north = shapely.total_bounds(mosaic.cells)
    points = np.random.default_rng(2).uniform((west, south), (east, north), size=(2_000, 2))
    corners = shapely.get_coordinates(mosaic.cells)[::50]
    everything = np.vstack([points, corners])
    many = locator.locate_many(everything[:, 0], everything[:, 1])
    assert many == [locator.locate(lon, lat) for lon, lat in everything]
    assert {answer.how for answer in many} == {How.INSIDE, How.NEAREST, How.NOWHERE}


def test_interior_points_agree_with_a_plain_loop_over_all_shapes(mosaic):
    codes = [f"{number:015d}" for number in range(len(mosaic.cells))]
    locator, inner = Locator(codes, mosaic.cells), shapely.point_on_surface(mosaic.cells)
    assert [locator.locate(point.x, point.y).code for point in inner] == codes
    assert [sum(cell.covers(point) for cell in mosaic.cells) for point in inner] == [1] * len(codes)


BOWTIE = Polygon([(117, 34), (117.1, 34.1), (117.1, 34), (117, 34.1)])


@pytest.mark.parametrize(
    ("shape", "faults"),
    [
        (WEST, []),
        (None, [Fault.EMPTY]),
        (Polygon(), [Fault.EMPTY]),
        (Point(117, 34), [Fault.NOT_AN_AREA]),
        (Polygon([(117, 34, 5), (117.1, 34, 5), (117, 34.1, 5)]), [Fault.HEIGHT]),
        (Polygon([(2_950_000, 700_000), (2_960_000, 700_000), (2_950_000, 710_000)]), [Fault.OUT_OF_RANGE]),
        (BOWTIE, [Fault.SELF_CROSSING]),
    ],
)
def test_faults_of_a_single_shape_are_named(shape, faults):
    assert [finding.fault for finding in validation.check_shape("320312", shape)] == faults


def test_self_crossing_is_placed_and_mended_without_losing_ground():
    [finding] = validation.check_shape("320312", BOWTIE)
    assert (round(finding.where.x, 3), round(finding.where.y, 3)) == (117.05, 34.05)
    whole = validation.mended(BOWTIE)
    assert (whole.is_valid, isinstance(whole, MultiPolygon), round(whole.area, 6)) == (True, True, 0.005)


def test_shape_outside_its_parent_is_found_with_its_share():
    [finding] = validation.check_parent({"320312106201": box(117.05, 34.0, 117.15, 34.1)}, {"320312106": WEST})
    assert (finding.fault, finding.other, finding.detail) == (Fault.OUTSIDE_PARENT, "320312106", "50.0%")


def test_overlap_and_gap_between_siblings_are_found_and_touching_is_neither():
    assert validation.check_overlaps({"a01": WEST, "a02": EAST, "a03": NORTH}) == []
    overlapping = {"a01": WEST, "a02": box(117.09, 34.0, 117.2, 34.1)}
    [finding] = validation.check_overlaps(overlapping)
    assert (finding.code, finding.other, round(finding.where.area, 6)) == ("a01", "a02", 0.001)
    whole = box(117.0, 34.0, 117.2, 34.2)
    assert validation.check_gaps({"a01": WEST, "a02": EAST, "a03": NORTH}, whole) == []
    [gap] = validation.check_gaps({"a01": WEST, "a03": NORTH}, whole)
    assert (gap.fault, round(gap.where.area, 6)) == (Fault.GAP, 0.01)


def test_synthetic_district_is_a_valid_coverage_with_the_numbers_asked_for(mosaic):
    assert (len(mosaic.cells), len(set(mosaic.villages)), len(set(mosaic.towns))) == (240, 60, 8)
    assert shapely.is_valid(mosaic.cells).all()
    assert shapely.coverage_is_valid(mosaic.cells)
    towns_of_village = {(village, town) for village, town in zip(mosaic.villages, mosaic.towns, strict=True)}
    assert len(towns_of_village) == 60


def test_synthetic_district_is_the_same_for_the_same_seed(mosaic):
    again = outline.divide(grids=240, villages=60, towns=8, seed=7)
    assert shapely.equals_exact(mosaic.cells, again.cells).all()


def test_simplified_coverage_stays_a_coverage_and_labels_lie_on_their_shape(mosaic):
    simple = generalisation.simplified(mosaic.cells, 0.004)
    assert shapely.coverage_is_valid(simple)
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(mosaic.cells).sum() / 2
    ring = shapely.coverage_union_all(mosaic.cells)
    [(lon, lat)] = generalisation.label_points(np.array([ring]))
    assert ring.contains(Point(lon, lat))


@pytest.mark.parametrize(
    ("move", "expected"),
    [
        (lambda points: points, Suspicion.NONE),
        (lambda points: points[:, ::-1], Suspicion.SWAPPED),
        (coordinates.wgs84_to_gcj02, Suspicion.GCJ02),
        (lambda points: points + 1, Suspicion.NONE),
    ],
)
def test_file_that_lies_beside_its_parent_is_suspected_of_the_right_mistake(mosaic, move, expected):
    whole = shapely.coverage_union_all(mosaic.cells)
    moved = {str(number): cell for number, cell in enumerate(shapely.transform(mosaic.cells, move))}
    assert validation.suspicion(moved, whole) == expected
