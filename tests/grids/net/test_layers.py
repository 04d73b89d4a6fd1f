"""Layers of the net: what is drawn, in which edition, and how large it is."""

import gzip
import json

import pytest
import shapely
from shapely import box

from grids.areas.codes import Level
from grids.areas.writing import write_areas, write_shapes
from grids.net import layers
from tests.conftest import GRID, NEXT_GRID, VILLAGE
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    layers.forget()


@pytest.fixture
def net(areas):
    write_areas([(GRID + "001", "第001微网格")])
    shapes = {
        VILLAGE: box(117.0, 34.0, 117.2, 34.1),
        GRID: box(117.0, 34.0, 117.1, 34.1),
        NEXT_GRID: box(117.1, 34.0, 117.2, 34.1),
        GRID + "001": box(117.0, 34.0, 117.01, 34.01),
    }
    write_shapes(shapes.items(), source="test", at=clock.now())


def collection(layer):
    return json.loads(gzip.decompress(layer.gzipped))


def test_layer_holds_the_areas_of_its_level_with_names_and_labels(net):
    found = collection(layers.layer(Level.GRID))
    assert [(feature["id"], feature["properties"]["name"]) for feature in found["features"]] == [
        (GRID, "第001网格"),
        (NEXT_GRID, "第002网格"),
    ]
    assert [feature["properties"]["label"] for feature in found["features"]] == [[117.05, 34.05], [117.15, 34.05]]
    assert shapely.geometry.shape(found["features"][0]["geometry"]).equals(box(117.0, 34.0, 117.1, 34.1))


def test_layer_is_the_same_bytes_until_the_net_changes(net):
    first = layers.layer(Level.GRID)
    assert layers.layer(Level.GRID) is first
    write_areas([(GRID, "新名")])
    layers.forget()
    second = layers.layer(Level.GRID)
    assert first.etag != second.etag
    assert second.names[0] == (GRID, "新名")


def test_micro_grids_are_drawn_only_under_one_grid(net):
    assert [feature["id"] for feature in collection(layers.layer(Level.MICRO_GRID, GRID))["features"]] == [GRID + "001"]
    with pytest.raises(ValueError, match="one grid"):
        layers.layer(Level.MICRO_GRID, VILLAGE)


def test_empty_layer_is_an_empty_collection(areas):
    assert collection(layers.layer(Level.TOWN)) == {"type": "FeatureCollection", "features": []}


def test_approval_number_goes_with_the_map(net, settings):
    settings.MAP_APPROVAL_NUMBER = "苏S(2026)1号"
    assert collection(layers.build(Level.GRID))["approval"] == "苏S(2026)1号"
