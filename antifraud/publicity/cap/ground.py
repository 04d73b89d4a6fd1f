"""The ground of areas as CAP polygons: simplified, closed, latitude before longitude."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import override

from grids.areas.codes import Level, level_of
from grids.areas.locating import to_shape
from grids.areas.models import AreaShape
from grids.areas.names import path_of
from grids.areas.shapes.generalisation import TOLERANCES

from .document import LANGUAGES, CapArea

DIGITS = 5
"""Decimals of a degree: about a metre."""
SIMPLER = {"district": 0.004, "town": 0.0015, "village": 0.0006, "grid": 0.0002}
"""Simplification in degrees: a message says roughly where, and stays small. Coarser than the map's."""

Ring = tuple[tuple[float, float], ...]


def areas_of(codes: Sequence[str]) -> list[CapArea]:
    """The areas of a message in the order of their codes; two questions to the database at most."""
    shapes = dict(AreaShape.objects.filter(pk__in=codes).values_list("pk", "geometry"))
    return [CapArea(names_of(code), code, rings_of(shapes[code], level_of(code)) if code in shapes else ()) for code in sorted(codes)]


def names_of(code: str) -> dict[str, str]:
    """The path of an area in each language."""
    found = {}
    for tongue, language in LANGUAGES.items():
        with override("zh-hans" if language == "zh-CN" else "en"):
            found[tongue] = (
                _(", ").join(name for _code, name in path_of(code)) if tongue == "en" else "".join(name for _c, name in path_of(code))
            )
    return found


def rings_of(geometry: dict, level: Level) -> tuple[Ring, ...]:
    """The outer rings of a shape. CAP polygons have no holes: what lies within a hole is told too, rather than somebody left out."""
    tolerance = max(SIMPLER[level.name.lower()], TOLERANCES[level.name.lower()])
    shape = shapely.make_valid(shapely.simplify(to_shape(geometry), tolerance, preserve_topology=True))
    shape = shapely.set_precision(shape, 10**-DIGITS, mode="valid_output")
    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon" and not one.is_empty]
    return tuple(_ring(part) for part in parts)


def _ring(part: shapely.Polygon) -> Ring:
    """Its outer ring as (latitude, longitude), the first point again at the end."""
    points = np.round(shapely.get_coordinates(part.exterior), DIGITS)
    return tuple((float(lat), float(lon)) for lon, lat in points)
