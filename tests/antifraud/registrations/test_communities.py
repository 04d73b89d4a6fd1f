"""The five nearest communities, against shapely on the whole synthetic district."""

import numpy as np
import pytest
import shapely

from antifraud.registrations.communities import Communities, kept, near
from grids.areas.codes import Level
from grids.areas.demo import district
from tests.conftest import TOWN, VILLAGE


@pytest.fixture(scope="module")
def villages() -> dict[str, shapely.Geometry]:
    return {row.code: row.shape for row in district.rows(scale=0) if len(row.code) == Level.VILLAGE}


def independent(shapes: dict[str, shapely.Geometry], lon: float, lat: float) -> list[tuple[str, float]]:
    """Every distance, on an azimuthal plane of its own: metres east and north of the point."""
    east, north = 6_371_008.8 * np.pi / 180 * np.cos(np.radians(lat)), 6_371_008.8 * np.pi / 180
    here, found = shapely.Point(0, 0), []
    for code, shape in shapes.items():
        flat = shapely.transform(shape, lambda xy: (xy - (lon, lat)) * (east, north))
        found.append((round(flat.distance(here), 3), code))
    return [(code, distance) for distance, code in sorted(found)]


def test_the_five_nearest_are_those_that_measuring_all_of_them_finds(villages):
    chance = np.random.default_rng(320312)
    places = Communities(list(villages), np.array(list(villages.values()), dtype=object))
    points = np.column_stack([chance.uniform(116.75, 117.65, 60), chance.uniform(33.9, 34.65, 60)])
    for lon, lat in [*points.tolist(), (117.2, 34.26)]:
        wanted, found = independent(villages, lon, lat), places.nearest(lon, lat)
        # Of neighbours that touch, both are at the same distance: what counts is how far, and that the nearest come first.
        assert [round(distance) for _code, distance in found] == pytest.approx([round(d) for _code, d in wanted[:5]], abs=1)
        clear = {code for code, distance in wanted[:5] if distance < wanted[5][1] - 1}
        assert clear <= {code for code, _distance in found}


@pytest.mark.django_db
def test_far_away_nothing_is_offered_and_nearby_the_names_are_said(areas):
    from grids.areas.writing import write_shapes
    from tongshan_portal.kernel import clock

    write_shapes(
        [(VILLAGE, shapely.box(117.0, 34.0, 117.1, 34.1)), (TOWN, shapely.box(117.0, 34.0, 117.2, 34.2))], source="test", at=clock.now()
    )
    kept.forget()
    (found,) = near(117.05, 34.05)
    assert (found.area_code, found.name, found.town, found.metres) == (VILLAGE, "试验村", "柳新镇", 0)
    assert near(116.0, 39.9) == []
    assert near(117.2, 34.05)[0].metres == pytest.approx(9_212, abs=20)
    kept.forget()


@pytest.mark.django_db
def test_without_grounds_nothing_is_offered(areas):
    kept.forget()
    assert near(117.05, 34.05) == []
