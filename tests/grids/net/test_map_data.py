"""What the map fetches, and what anybody may: layers, numbers, open data."""

import gzip
import json

import pytest
import shapely
from django.urls import reverse
from geojson_pydantic import FeatureCollection
from shapely import box

from grids.areas.demo import district
from grids.areas.writing import write_areas, write_shapes
from grids.net import context
from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_worker(client, cast, grounds):
    client.force_login(cast["worker"])
    return client


def test_a_layer_is_sent_compressed_once_and_for_good(as_worker):
    address = reverse("net:layer", args=["grid"])
    first = as_worker.get(address, {"edition": "7-20261123"}, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    features = json.loads(gzip.decompress(first.content))["features"]
    assert [one["id"] for one in features] == [GRID, NEXT_GRID]
    again = as_worker.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    plain = as_worker.get(address)
    assert (json.loads(plain.content)["features"], plain.headers["Cache-Control"]) == (features, "private, no-cache")


@pytest.mark.parametrize(
    ("level", "query", "status"),
    [("grid", {}, 200), ("micro-grid", {"under": GRID}, 200), ("micro-grid", {}, 404), ("micro-grid", {"under": VILLAGE}, 404),
     ("parish", {}, 404), ("grid", {"under": "12x"}, 404)],
)  # fmt: skip
def test_micro_grids_are_sent_for_one_grid_only(as_worker, level, query, status):
    assert as_worker.get(reverse("net:layer", args=[level]), query).status_code == status


def test_the_numbers_of_a_measure(as_worker):
    assert as_worker.get(reverse("net:measure", args=["vacancies", "grid"])).json() == {GRID: 0, NEXT_GRID: 0}
    assert as_worker.get(reverse("net:measure", args=["ranking", "grid"])).status_code == 404


@pytest.mark.parametrize("name", ["net:map", "net:layer", "net:measure", "net:points", "net:area"])
def test_nothing_of_the_map_is_open_to_those_who_are_not_signed_in(client, grounds, name):
    arguments = {"net:layer": ["grid"], "net:measure": ["vacancies", "grid"], "net:points": ["x"], "net:area": [GRID]}
    answer = client.get(reverse(name, args=arguments.get(name, [])))
    assert (answer.status_code, "/account/login/" in answer.headers["Location"]) == (302, True)


@pytest.mark.parametrize(("published", "status"), [(["district", "town"], {"town": 200, "village": 404, "grid": 404}), ([], {"town": 404})])
def test_only_published_levels_are_open(client, grounds, settings, published, status):
    settings.PUBLISHED_LEVELS = published
    assert {level: client.get(reverse("net:open_areas", args=[level])).status_code for level in status} == status


def test_open_data_names_its_source_and_approval(client, grounds, settings):
    settings.MAP_ATTRIBUTION, settings.MAP_APPROVAL_NUMBER = "铜山区民政局", "苏S(2026)001号"
    answer = client.get(reverse("net:open_areas", args=["town"]))
    content = answer.json()
    assert (answer.headers["Content-Type"], answer.headers["Access-Control-Allow-Origin"]) == ("application/geo+json", "*")
    assert (content["attribution"], content["approval_number"]) == ("test; 铜山区民政局", "苏S(2026)001号")
    assert [one["properties"] for one in content["features"]] == [
        {"code": TOWN, "name": "柳新镇", "level": "town"},
        {"code": OTHER_TOWN, "name": "茅村镇", "level": "town"},
    ]


@pytest.mark.parametrize("level", ["town", "grid"])
def test_open_data_of_the_whole_district_is_valid_after_rfc_7946(client, db, settings, level):
    settings.PUBLISHED_LEVELS = ["town", "grid"]
    rows = list(district.rows(scale=0))
    write_areas((row.code, row.name) for row in rows)
    write_shapes(((row.code, row.shape) for row in rows), source="synthetic", at=clock.now())
    body = client.get(reverse("net:open_areas", args=[level])).content
    read = FeatureCollection.model_validate_json(body)
    shapes = [shapely.geometry.shape(feature.geometry.model_dump()) for feature in read.features]
    assert len(shapes) == {"town": 29, "grid": 1640}[level]
    assert all(shapely.is_valid(shapes))
    outer = [shapely.get_exterior_ring(part) for shape in shapes for part in shapely.get_parts(shape)]
    assert all(shapely.is_ccw(outer))  # RFC 7946, 3.1.6
    assert read.bbox == pytest.approx(shapely.total_bounds(shapes))


def test_the_frame_of_the_map_holds_every_town(as_worker):
    settings_of_map = as_worker.get(reverse("net:map")).context["map"]
    assert settings_of_map["frame"] == (117.0, 34.0, 117.4, 34.1)
    assert settings_of_map["page"] == "/map/"
    assert DISTRICT in as_worker.get(reverse("net:area", args=[DISTRICT])).content.decode()


def test_each_district_has_a_frame_of_its_own(grounds):
    write_areas([("250251", "Boston"), ("250251001", "Ward 1")])
    write_shapes([("250251001", box(-71.1, 42.3, -71.0, 42.4))], source="test", at=clock.now())
    assert context.map_settings(at="250251")["frame"] == (-71.1, 42.3, -71.0, 42.4)
    assert context.map_settings(at="250251001")["frame"] == (-71.1, 42.3, -71.0, 42.4)
    assert context.map_settings(at=TOWN)["frame"] == (117.0, 34.0, 117.4, 34.1)
    assert context.map_settings(at="999999")["frame"] is None
