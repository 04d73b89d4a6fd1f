"""Reading boundary files: formats, coordinate systems, and what is refused with which sentence."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from django.contrib.gis.gdal import CoordTransform, OGRGeometry, SpatialReference
from shapely import box

from grids.areas.shapes import reading
from grids.areas.shapes.coordinates import Datum, wgs84_to_gcj02
from grids.areas.shapes.validation import Fault, check_shape, mended
from tongshan_portal.kernel.errors import DomainError

SHAPES = np.array([box(117.0, 34.0, 117.1, 34.1), box(117.1, 34.0, 117.2, 34.1)], dtype=object)
NAMES = np.array(["柳新镇", "茅村镇"], dtype=object)
WARDS = Path(__file__).resolve().parents[4] / "shared" / "data" / "boston_wards.geojson"


def geojson(path: Path, shapes) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": json.loads(shapely.to_geojson(shape))}
        for name, shape in zip(NAMES, shapes, strict=True)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def projected(shapes, crs: str) -> np.ndarray:
    transform = CoordTransform(SpatialReference("EPSG:4326"), SpatialReference(crs))
    moved = []
    for shape in shapes:
        geometry = OGRGeometry(memoryview(shape.wkb))
        geometry.transform(transform)
        moved.append(bytes(geometry.wkb))
    return np.array(moved, dtype=object)


def write(path: Path, blobs, crs: str | None, driver: str) -> Path:
    pyogrio.raw.write(path, blobs, [NAMES], ["name"], geometry_type="Polygon", crs=crs, driver=driver, encoding="UTF-8")
    return path


def zipped(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return target


def largest_shift(features) -> float:
    return max(shape.hausdorff_distance(feature.shape) for shape, feature in zip(SHAPES, features, strict=True))


@pytest.fixture
def shapefile(tmp_path):
    """Makes a zipped Shapefile in a system, with or without its .prj."""

    def make(crs: str, *, stated: bool = True) -> Path:
        folder = tmp_path / "shapefile"
        folder.mkdir()
        write(folder / "towns.shp", projected(SHAPES, crs), crs if stated else None, "ESRI Shapefile")
        return zipped(folder, tmp_path / "towns.zip")

    return make


def test_geojson_is_read_with_attributes_and_numbers(tmp_path):
    found = list(reading.features(geojson(tmp_path / "a.geojson", SHAPES)))
    assert [(feature.number, feature.attributes) for feature in found] == [(1, {"name": "柳新镇"}), (2, {"name": "茅村镇"})]
    assert largest_shift(found) == 0


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4527", "EPSG:3857"])
def test_zipped_shapefile_and_geopackage_come_out_in_degrees(tmp_path, shapefile, crs):
    package = write(tmp_path / "towns.gpkg", projected(SHAPES, crs), crs, "GPKG")
    for path in (shapefile(crs), package):
        assert largest_shift(list(reading.features(path))) < 1e-8
        assert reading.inspect(path).count == 2


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_file_without_a_system_needs_one_from_its_bringer(shapefile):
    path = shapefile("EPSG:4527", stated=False)
    with pytest.raises(DomainError) as refused:
        list(reading.features(path))
    assert refused.value.field == "crs"
    assert largest_shift(list(reading.features(path, crs="EPSG:4527"))) < 1e-8


def test_metres_declared_as_degrees_are_refused_with_the_place(tmp_path):
    path = write(tmp_path / "towns.gpkg", projected(SHAPES, "EPSG:3857"), "EPSG:3857", "GPKG")
    with pytest.raises(DomainError, match=r"1\.30244e\+07") as refused:
        list(reading.features(path, crs="EPSG:4326"))
    assert refused.value.field == "crs"


def test_swapped_axes_are_refused_and_named(tmp_path):
    path = geojson(tmp_path / "a.geojson", shapely.transform(SHAPES, lambda points: points[:, ::-1]))
    with pytest.raises(DomainError) as refused:
        list(reading.features(path))
    assert refused.value.field == "crs"


def test_web_map_coordinates_are_converted_when_stated(tmp_path):
    path = geojson(tmp_path / "a.geojson", shapely.transform(SHAPES, wgs84_to_gcj02))
    assert largest_shift(list(reading.features(path, datum=Datum.GCJ02))) < 1e-8


@pytest.mark.parametrize("content", [b"", b"name,area\n", b"<OGRVRTDataSource/>"])
def test_other_contents_are_refused(tmp_path, content):
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with pytest.raises(DomainError) as refused:
        reading.inspect(path)
    assert refused.value.field == "file"


def test_archive_with_two_shapefiles_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.shp", b"")
        archive.writestr("b.shp", b"")
    with pytest.raises(DomainError) as refused:
        reading.inspect(tmp_path / "two.zip")
    assert refused.value.field == "file"


def test_file_beyond_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(reading.MAX_BYTES + 1)
    with pytest.raises(DomainError, match="100"):
        reading.inspect(path)


@pytest.mark.skipif(not WARDS.exists(), reason="the real ward polygons are not at hand")
def test_real_ward_polygons_load():
    found = list(reading.features(WARDS))
    assert sorted(feature.attributes["WARD"] for feature in found) == list(range(1, 23))
    faults = {feature.attributes["WARD"]: [finding.fault for finding in check_shape("", feature.shape)] for feature in found}
    crossing = {ward: kinds for ward, kinds in faults.items() if kinds}
    assert set(map(tuple, crossing.values())) <= {(Fault.SELF_CROSSING,)}
    for feature in found:
        assert mended(feature.shape).is_valid
        assert mended(feature.shape).area == pytest.approx(shapely.buffer(feature.shape, 0).area, rel=1e-3)
