"""The communities near a point: what somebody chooses from who stands there with a phone."""

from dataclasses import dataclass

import numpy as np
import shapely

from grids.areas.codes import Level
from grids.areas.edition import Kept
from grids.areas.locating import in_force, to_shape
from grids.areas.models import AreaShape
from grids.areas.names import name_of
from grids.areas.shapes.coordinates import METRES_PER_DEGREE
from tongshan_portal.kernel import clock

NEAREST = 5
FAR = 50_000.0
"""Metres from the nearest community beyond which nothing is offered: somebody is elsewhere, and chooses by name."""


@dataclass(frozen=True, slots=True)
class Near:
    """A community and how far its ground is from the point, in metres: 0 within it."""

    area_code: str
    name: str
    town: str
    metres: int


class Communities:
    """The grounds of all communities in force, in degrees."""

    def __init__(self, codes: list[str], shapes: np.ndarray):
        self.codes, self.shapes = codes, shapes
        self.tree = shapely.STRtree(shapes)

    def nearest(self, lon: float, lat: float, number: int = NEAREST) -> list[tuple[str, float]]:
        """(code, metres) of the nearest ones, the nearest first; of equals the lower code. Measured on the plane at its latitude.

        Only those whose frame reaches into a circle that holds enough of them are measured.
        """
        if not len(self.codes):
            return []
        scale = np.array([METRES_PER_DEGREE * np.cos(np.radians(lat)), METRES_PER_DEGREE])
        point = shapely.points(lon, lat)
        reach = 0.02
        while True:
            # A degree of longitude is shorter: what is within `metres` is within metres / scale[0] degrees.
            near = self.tree.query(point, "dwithin", distance=reach)
            metres = shapely.distance(
                shapely.transform(self.shapes[near], lambda xy: xy * scale), shapely.transform(point, lambda xy: xy * scale)
            )
            sure = reach * scale[0]
            if (metres <= sure).sum() >= min(number, len(self.codes)) or len(near) == len(self.codes) or sure > FAR:
                break
            reach *= 2
        found = sorted(zip(metres.tolist(), (self.codes[at] for at in near.tolist()), strict=True))[:number]
        return [(code, distance) for distance, code in found]


def _load() -> Communities:
    rows = AreaShape.objects.filter(in_force(clock.today()), area__level=Level.VILLAGE).order_by("pk").values_list("pk", "geometry")
    pairs = list(rows)
    return Communities([code for code, _geometry in pairs], np.array([to_shape(geometry) for _code, geometry in pairs], dtype=object))


kept = Kept(_load)


def near(lon: float, lat: float) -> list[Near]:
    """The five communities nearest to a point in degrees; none for a point far from all of them."""
    found = kept.get().nearest(lon, lat)
    if not found or found[0][1] > FAR:
        return []
    return [Near(code, name_of(code), name_of(code[: Level.TOWN]), round(metres)) for code, metres in found]
