"""Reading boundaries from files: GeoJSON, zipped Shapefile, GeoPackage, in any stated coordinate system.

A file that states no coordinate system needs one from the person who brings it. Coordinates that cannot be in the stated system are refused
with the place, before anything is written.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from django.contrib.gis.gdal import CoordTransform, GDALException, OGRGeometry, SpatialReference, SRSException
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from tongshan_portal.kernel.errors import DomainError

from .coordinates import Datum, to_wgs84

MAX_BYTES = 100 * 1024 * 1024
"""Larger files are refused, as all uploads are: 40,000 micro-grids fit into a half of this."""

MAX_UNPACKED = 1024 * 1024 * 1024
CANONICAL = "EPSG:4326"
GEOGRAPHIC_SYSTEMS = {"EPSG:4326", "EPSG:4490", "OGC:CRS84"}


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a file: its number (from 1), attributes, and shape in degrees (None where the file has none).

    `broken` is what GEOS says of a geometry that it cannot read at all, such as a ring of three points; its shape is None.
    """

    number: int
    attributes: dict[str, Any]
    shape: BaseGeometry | None
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says of itself: its coordinate system (`EPSG:4490`, or None), the names of its attributes, its number of features."""

    crs: str | None
    fields: tuple[str, ...]
    count: int


def _opened(path: Path) -> str:
    """What GDAL is told to open, with the one driver that the content calls for: a file must not choose among all of GDAL's.

    Raises DomainError for what cannot be a boundary file.
    """
    if path.stat().st_size > MAX_BYTES:
        message = _("The file has %(size)d MB; at most %(limit)d MB can be read.")
        raise DomainError(message % {"size": path.stat().st_size // 2**20, "limit": MAX_BYTES // 2**20}, field="file")
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            head = file.read(64)
        if head.startswith(b"SQLite format 3\x00"):
            return f"GPKG:{path}"
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
            return f"GeoJSON:{path}"
        raise DomainError(_("The file is no GeoJSON, zipped Shapefile or GeoPackage."), field="file")
    with zipfile.ZipFile(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
            raise DomainError(_("The archive unpacks to more than 1 GB."), field="file")
        shapes = [entry.filename for entry in archive.infolist() if entry.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        message = _("A zipped Shapefile has exactly one .shp file; this archive has %(count)d.")
        raise DomainError(message % {"count": len(shapes)}, field="file")
    return f"/vsizip/{path}/{shapes[0]}"


def inspect(path: Path) -> Source:
    """What the file says of itself. Raises DomainError when it cannot be read."""
    place = _opened(path)
    try:
        layers = pyogrio.list_layers(place)
        if len(layers) != 1:
            names = ", ".join(str(name) for name, _kind in layers[:5])
            message = _("A file of boundaries has one layer; this one has %(count)d: %(names)s.")
            raise DomainError(message % {"count": len(layers), "names": names or "–"}, field="file")
        facts = pyogrio.read_info(place, force_total_bounds=False)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise DomainError(_("The file cannot be read: %(reason)s") % {"reason": _without_path(error, place)}, field="file") from error
    return Source(facts["crs"], tuple(str(name) for name in facts["fields"]), int(facts["features"]))


def _without_path(error: Exception, place: str) -> str:
    """What GDAL says, without where the file lies on this machine."""
    return str(error).replace(place, "").replace(place.split(":", 1)[-1], "").strip(" '\";:")[:300]


def require_system(text: str) -> str:
    """A coordinate system as people state it: `EPSG:4548`, or the number alone. Raises DomainError for one that PROJ does not know."""
    number = text.strip().upper().removeprefix("EPSG:").strip()
    try:
        if not number.isascii() or not number.isdigit():
            raise GDALException
        SpatialReference(f"EPSG:{number}")
    except (GDALException, SRSException) as error:
        message = _("“%(text)s” is no known coordinate system. Write it like EPSG:4548.")
        raise DomainError(message % {"text": text[:40]}, field="crs") from error
    return f"EPSG:{number}"


def features(path: Path, *, crs: str | None = None, datum: Datum = Datum.WGS84, encoding: str | None = None) -> Iterator[Feature]:
    """The features of a file, their shapes in degrees of the portal's datum.

    `crs` is what the person states; it is needed when the file states none. `datum` says what geographic coordinates mean, `encoding`
    what the attributes of a Shapefile are written in. Raises DomainError when the coordinates cannot be in the stated system.
    """
    stated = crs or inspect(path).crs
    if stated is None:
        raise DomainError(_("The file does not say which coordinate system its coordinates are in: state it."), field="crs")
    place = _opened(path)
    try:
        facts, _fids, blobs, columns = pyogrio.raw.read(place, encoding=encoding or None)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, UnicodeDecodeError, LookupError) as error:
        raise DomainError(_("The file cannot be read: %(reason)s") % {"reason": _without_path(error, place)}, field="file") from error
    shapes = shapely.from_wkb(blobs, on_invalid="ignore")
    _refuse_impossible(shapes, stated)
    moved = _in_degrees(shapes, stated)
    if datum is not Datum.WGS84:
        moved = shapely.transform(moved, lambda points: to_wgs84(points, datum))
    names = [str(name) for name in facts["fields"]]
    for row in range(len(moved)):
        broken = _reason(blobs[row]) if moved[row] is None and blobs[row] is not None else ""
        yield Feature(row + 1, {name: _plain(columns[index][row]) for index, name in enumerate(names)}, moved[row], broken)


def _reason(blob: bytes) -> str:
    """Why GEOS cannot read a geometry."""
    try:
        shapely.from_wkb(blob)
    except shapely.errors.GEOSException as error:
        return str(error).removeprefix("IllegalArgumentException: ").removeprefix("ParseException: ")
    return ""


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _refuse_impossible(shapes: np.ndarray, stated: str) -> None:
    """Coordinates in metres or feet declared as degrees, and swapped axes where they show."""
    bounds = shapely.bounds(shapes)
    if not SpatialReference(stated).geographic:
        return
    wrong = np.flatnonzero((np.abs(bounds[:, [0, 2]]) > 180).any(axis=1) | (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1))
    if not len(wrong):
        return
    row, place = int(wrong[0]), bounds[wrong[0]]
    swapped = bool((np.abs(bounds[wrong][:, [0, 2]]) <= 90).all() and (np.abs(bounds[wrong][:, [1, 3]]) <= 180).all())
    values = {"row": row + 1, "x": f"{place[0]:.6g}", "y": f"{place[1]:.6g}", "crs": stated, "count": len(wrong)}
    if swapped:
        message = _("Feature %(row)d starts at %(x)s, %(y)s: latitude and longitude are swapped (%(count)d features).")
    else:
        message = _(
            "Feature %(row)d starts at %(x)s, %(y)s: that cannot be degrees of %(crs)s (%(count)d features). State the file's real system."
        )
    raise DomainError(message % values, field="crs")


def _in_degrees(shapes: np.ndarray, stated: str) -> np.ndarray:
    """The shapes as longitude and latitude. CGCS2000 and WGS 84 differ by centimetres and are one here."""
    if stated in GEOGRAPHIC_SYSTEMS:
        return shapes
    transform = CoordTransform(SpatialReference(stated), SpatialReference("EPSG:4326"))
    return np.array([_transformed(shape, transform) for shape in shapes], dtype=object)


def points_in_degrees(points: np.ndarray, *, crs: str, datum: Datum = Datum.WGS84) -> np.ndarray:
    """Points (n × 2: x, y) of a stated system as longitude and latitude of the portal's datum. Raises DomainError, as `features` does."""
    shapes = shapely.points(points)
    _refuse_impossible(shapes, crs)
    return to_wgs84(shapely.get_coordinates(_in_degrees(shapes, crs)), datum)


def _transformed(shape: BaseGeometry | None, transform: CoordTransform) -> BaseGeometry | None:
    if shape is None or shape.is_empty:
        return shape
    moved = OGRGeometry(memoryview(shape.wkb))
    moved.transform(transform)
    return shapely.from_wkb(bytes(moved.wkb))
