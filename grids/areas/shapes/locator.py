"""Point → area: an STRtree in memory, with explicit rules for borders and for points outside.

A point on a shared border belongs to the lowest code. A point outside every area belongs to the nearest one within `reach`
metres and is marked so; farther away it belongs to none, and the desk decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from .coordinates import METRES_PER_DEGREE


class How(StrEnum):
    """How a point came to its area."""

    INSIDE = "inside"
    NEAREST = "nearest"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Located:
    """The answer for one point: the code (None when NOWHERE) and the distance in metres (0 inside, None when NOWHERE)."""

    code: str | None
    how: How
    distance: float | None


TOUCH = 1e-6
"""Degrees within which two borders are one: rounding, a tenth of a metre."""

NOWHERE = Located(None, How.NOWHERE, None)


class Locator:
    """Looks points up among areas. Immutable: a change of the areas makes a new one."""

    def __init__(self, codes: Sequence[str], shapes: np.ndarray, *, reach: float = 200.0):
        """`codes` and `shapes` (Multi/Polygons in degrees) belong together; `reach` is in metres."""
        order = np.argsort(np.asarray(codes, dtype=object), kind="stable")
        self._codes = [codes[position] for position in order]
        self._shapes = np.asarray(shapes, dtype=object)[order]
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)
        self._places = {code: place for place, code in enumerate(self._codes)}
        self._reach = reach

    def __len__(self) -> int:
        return len(self._codes)

    def locate(self, lon: float, lat: float) -> Located:
        """The area of one point, in degrees."""
        point = shapely.points(lon, lat)
        found = self._tree.query(point, "intersects")
        if len(found) == 1:
            return Located(self._codes[found[0]], How.INSIDE, 0.0)
        if len(found):
            return Located(self._codes[found.min()], How.INSIDE, 0.0)
        return self._nearest(point, lat)

    def touching(self, code: str) -> list[str]:
        """The codes of the areas that share a border with one, sorted; none when the area has no shape here."""
        if code not in self._places:
            return []
        place = self._places[code]
        near = self._tree.query(self._shapes[place], "dwithin", distance=TOUCH)
        return [self._codes[other] for other in sorted(near.tolist()) if other != place]

    def _nearest(self, point, lat: float) -> Located:
        scale = np.cos(np.radians(lat))
        near = self._tree.query(point, "dwithin", distance=self._reach / METRES_PER_DEGREE / max(scale, 0.01))
        if not len(near):
            return NOWHERE

        def metric(points: np.ndarray) -> np.ndarray:
            return points * (METRES_PER_DEGREE * scale, METRES_PER_DEGREE)

        near = np.sort(near)
        distances = shapely.distance(shapely.transform(self._shapes[near], metric), shapely.transform(point, metric))
        best = int(np.argmin(distances))
        if distances[best] > self._reach:
            return NOWHERE
        return Located(self._codes[near[best]], How.NEAREST, float(distances[best]))

    def locate_many(self, lons: np.ndarray, lats: np.ndarray) -> list[Located]:
        """The areas of many points; the same answers as `locate`, without a loop over the points that lie inside."""
        points = shapely.points(lons, lats)
        rows, found = self._tree.query(points, "intersects")
        lowest = np.full(len(points), len(self._codes))
        np.minimum.at(lowest, rows, found)
        inside = [Located(code, How.INSIDE, 0.0) for code in self._codes]
        return [
            inside[position] if position < len(inside) else self._nearest(points[row], lats[row])
            for row, position in enumerate(lowest.tolist())
        ]
