"""What other apps use of the net's pages: what they put on the map and on the pages of areas."""

from .opening import map_for
from .registry import (
    Fact,
    Found,
    MapPoint,
    Measure,
    PointLayer,
    register_facts,
    register_finder,
    register_measure,
    register_points,
)

__all__ = [
    "Fact",
    "Found",
    "MapPoint",
    "Measure",
    "PointLayer",
    "map_for",
    "register_facts",
    "register_finder",
    "register_measure",
    "register_points",
]
