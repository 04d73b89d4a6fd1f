"""Open data: the published levels of the net as GeoJSON (RFC 7946), for anybody."""

import gzip
import hashlib
import json
from collections.abc import Mapping

import numpy as np
import shapely
from django.conf import settings
from django.utils.translation import override

from grids.areas.codes import Level
from grids.areas.edition import Kept
from grids.areas.locating import in_force, to_shape
from grids.areas.models import AreaShape
from grids.areas.shapes.generalisation import TOLERANCES, simplified
from tongshan_portal.kernel import clock

from .layers import DIGITS, Layer

PUBLISHABLE = (Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID)


def published_levels() -> list[Level]:
    """The levels that settings.PUBLISHED_LEVELS opens to anybody."""
    return [level for level in PUBLISHABLE if level.name.lower() in settings.PUBLISHED_LEVELS]


def _attribution(sources: set[str]) -> str:
    return "; ".join(sorted(filter(None, {settings.MAP_ATTRIBUTION, *sources})))


def build(level: Level) -> Layer:
    """The file of a level: attribution, approval number, a bounding box, and one feature per area in force; rings after RFC 7946."""
    rows = AreaShape.objects.filter(in_force(clock.today()), area__level=level).order_by("pk")
    found = list(rows.values_list("pk", "area__name", "source", "geometry"))
    shapes = np.array([to_shape(row[3]) for row in found], dtype=object)
    if len(shapes):
        shapes = simplified(shapes, TOLERANCES[level.name.lower()])
        shapes = shapely.orient_polygons(shapely.set_precision(shapes, 10**-DIGITS, mode="valid_output"))
    with override("en"):
        features = [_feature(code, name, str(level.label), shape) for (code, name, *_rest), shape in zip(found, shapes, strict=True)]
    collection: dict[str, object] = {"type": "FeatureCollection", "attribution": _attribution({row[2] for row in found})}
    if settings.MAP_APPROVAL_NUMBER:
        collection["approval_number"] = settings.MAP_APPROVAL_NUMBER
    if len(shapes):
        collection["bbox"] = [round(float(number), DIGITS) for number in shapely.total_bounds(shapes)]
    collection["features"] = features
    body = json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
    return Layer(gzip.compress(body, mtime=0), hashlib.sha256(body).hexdigest()[:32], tuple((row[0], row[1]) for row in found))


def _feature(code: str, name: str, level: str, shape) -> Mapping[str, object]:
    return {
        "type": "Feature",
        "id": code,
        "properties": {"code": code, "name": name, "level": level},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


_kept = {level: Kept(lambda level=level: build(level)) for level in PUBLISHABLE}


def published(level: Level) -> Layer:
    """The file of a level as it stands. Raises LookupError for a level that is not published."""
    if level not in published_levels():
        raise LookupError(level)
    return _kept[level].get()


def forget() -> None:
    """Drop what is kept, for tests and for settings that changed."""
    for kept in _kept.values():
        kept.forget()
