"""Layers of the net for the map: a level's areas as GeoJSON, simplified for that level, made once per edition and process."""

import gzip
import hashlib
import json
from dataclasses import dataclass

import numpy as np
import shapely
from django.conf import settings

from grids.areas.codes import Level
from grids.areas.edition import Kept
from grids.areas.locating import in_force, to_shape
from grids.areas.models import AreaShape
from grids.areas.shapes.generalisation import TOLERANCES, simplified
from tongshan_portal.kernel import clock

DIGITS = 5
"""Digits after the point on the map: a metre."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer ready to be sent: gzipped GeoJSON, its entity tag, and the codes and names for the list beside the map."""

    gzipped: bytes
    etag: str
    names: tuple[tuple[str, str], ...]

    def plain(self) -> bytes:
        """The GeoJSON for a client that takes nothing compressed."""
        return gzip.decompress(self.gzipped)


def _tolerance(level: Level) -> float:
    return TOLERANCES.get(level.name.lower(), TOLERANCES["grid"])


def _feature(code: str, name: str, label: tuple[float, float], shape) -> dict:
    properties = {"code": code, "name": name, "label": [round(label[0], DIGITS), round(label[1], DIGITS)]}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}


def build(level: Level, under: str = "") -> Layer:
    """The layer of a level, of all areas whose code starts with `under`; reads every shape it shows."""
    rows = AreaShape.objects.filter(in_force(clock.today()), area__level=level, area__code__startswith=under).order_by("pk")
    found = list(rows.values_list("pk", "area__name", "label_lon", "label_lat", "geometry"))
    shapes = np.array([to_shape(row[4]) for row in found], dtype=object)
    simple = simplified(shapes, _tolerance(level)) if len(shapes) else shapes
    rounded = shapely.transform(simple, lambda points: np.round(points, DIGITS)) if len(shapes) else shapes
    features = [_feature(row[0], row[1], (row[2], row[3]), shape) for row, shape in zip(found, rounded, strict=True)]
    collection: dict = {"type": "FeatureCollection", "features": features}
    if settings.MAP_APPROVAL_NUMBER:
        collection["approval"] = settings.MAP_APPROVAL_NUMBER
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Layer(gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:32], tuple((row[0], row[1]) for row in found))


_whole = {level: Kept(lambda level=level: build(level)) for level in (Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID)}


def layer(level: Level, under: str = "") -> Layer:
    """The layer of a level: kept per edition when whole; made for the asking when under one area (micro-grids are only ever so)."""
    if level is Level.MICRO_GRID and len(under) < Level.GRID:
        raise ValueError("micro-grids are drawn under one grid only")
    return build(level, under) if under else _whole[level].get()


def forget() -> None:
    """Drop what is kept, for tests."""
    for kept in _whole.values():
        kept.forget()
