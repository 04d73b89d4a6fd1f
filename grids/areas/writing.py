"""Writing many areas with their shapes at once, for imports and the demo."""

import json
from collections.abc import Iterable
from datetime import date, datetime

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .models import Area, AreaShape
from .shapes.generalisation import label_points

BATCH = 1_000
DIGITS = 7
"""Digits after the point that are kept: a centimetre."""


def to_geojson(shape: BaseGeometry) -> dict:
    """A shape as GeoJSON (RFC 7946: outer rings counter-clockwise), rounded to `DIGITS`."""
    rounded = shapely.transform(shapely.orient_polygons(shape), lambda points: np.round(points, DIGITS))
    return json.loads(shapely.to_geojson(rounded))


def write_areas(rows: Iterable[tuple[str, str]], *, valid_from: date | None = None) -> int:
    """Write areas given as (code, name); those that are there get the new name. Answers how many were given."""
    areas = [Area(code=code, name=name, valid_from=valid_from) for code, name in rows]
    Area.objects.bulk_create(areas, BATCH, update_conflicts=True, unique_fields=["code"], update_fields=["name"])
    return len(areas)


def write_shapes(rows: Iterable[tuple[str, BaseGeometry]], *, source: str, at: datetime) -> int:
    """Write shapes given as (code, shape in degrees), in place of those that are there. The areas must exist."""
    pairs = list(rows)
    if not pairs:
        return 0
    labels = label_points(np.array([shape for _code, shape in pairs], dtype=object))
    shapes = [
        AreaShape(area_id=code, geometry=to_geojson(shape), label_lon=label[0], label_lat=label[1], source=source, changed_at=at)
        for (code, shape), label in zip(pairs, labels.round(DIGITS).tolist(), strict=True)
    ]
    changed = ["geometry", "label_lon", "label_lat", "source", "changed_at"]
    AreaShape.objects.bulk_create(shapes, BATCH, update_conflicts=True, unique_fields=["area"], update_fields=changed)
    return len(shapes)
