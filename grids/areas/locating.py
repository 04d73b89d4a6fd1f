"""Point → grid for the whole portal: one look-up structure per process, renewed when the net changes."""

from datetime import date
from functools import partial

import numpy as np
import shapely
from django.conf import settings
from django.db.models import Q

from tongshan_portal.kernel import clock

from .codes import Level
from .edition import Kept
from .models import AreaShape
from .shapes.locator import Located, Locator


def in_force(day: date) -> Q:
    """The condition on shapes that their area has begun and not ended on a day."""
    begun = Q(area__valid_from__isnull=True) | Q(area__valid_from__lte=day)
    return begun & (Q(area__valid_to__isnull=True) | Q(area__valid_to__gte=day))


def build_locator(level: Level = Level.GRID) -> Locator:
    """A locator over the areas of a level that are in force today; reads every shape of the level."""
    rows = AreaShape.objects.filter(in_force(clock.today()), area__level=level).order_by("pk")
    pairs = list(rows.values_list("pk", "geometry"))
    codes = [code for code, _geometry in pairs]
    shapes = np.array([to_shape(geometry) for _code, geometry in pairs], dtype=object)
    return Locator(codes, shapes, reach=settings.AREA_REACH_METRES)


def to_shape(geometry: dict):
    """A GeoJSON (Multi)Polygon as a shapely geometry, without a detour over text."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    parts = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    return parts[0] if geometry["type"] == "Polygon" else shapely.MultiPolygon(parts)


kept = Kept(build_locator)
kept_above = {level: Kept(partial(build_locator, level)) for level in (Level.VILLAGE, Level.TOWN)}
"""For ground that has no grids yet, or a district that has none."""


def locate(lon: float, lat: float) -> Located:
    """The grid of a point in degrees (CGCS2000): inside, nearest within settings.AREA_REACH_METRES, or nowhere."""
    return kept.get().locate(lon, lat)


def locate_many(lons: np.ndarray, lats: np.ndarray) -> list[Located]:
    """The grids of many points."""
    return kept.get().locate_many(lons, lats)


def place_many(lons: np.ndarray, lats: np.ndarray) -> list[Located]:
    """The finest areas of many points: the grid, and where none is, the village or town."""
    found = locate_many(lons, lats)
    for level in (Level.VILLAGE, Level.TOWN):
        rest = [position for position, one in enumerate(found) if one.code is None]
        if not rest:
            break
        for position, one in zip(rest, kept_above[level].get().locate_many(lons[rest], lats[rest]), strict=True):
            found[position] = one
    return found
