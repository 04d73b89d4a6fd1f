"""The demo district as rows: real town codes, synthetic villages, grids and micro-grids, each with its shape.

Everything below the towns says in its name that it is synthetic (示例). The same seed and scale give the same rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from . import outline
from .towns import DISTRICT, TOWNS

GRIDS, VILLAGES, SEED = 1640, 320, 320312
MICRO_GRIDS_PER_GRID = 24
FIRST_VILLAGE = 201
"""Village codes from 200 on are villagers' committees (村委会)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One area of the demo: code, name, shape in degrees."""

    code: str
    name: str
    shape: BaseGeometry


def rows(*, scale: float = 0.02) -> Iterator[Row]:
    """The district, its towns, villages and grids, whole; then micro-grids for a share `scale` (0 to 1) of the grids."""
    mosaic = outline.divide(grids=GRIDS, villages=VILLAGES, towns=len(TOWNS), seed=SEED)
    code, name = DISTRICT
    yield Row(code, name, shapely.coverage_union_all(mosaic.cells))
    grids: list[Row] = []
    for town, (suffix, town_name) in zip(_by_angle(mosaic), TOWNS.items(), strict=True):
        yield from _town(code + suffix, town_name, mosaic, town, grids)
    for grid in grids[: round(len(grids) * scale)]:
        yield from micro_grids(grid)


def _by_angle(mosaic: outline.Mosaic) -> list[int]:
    """The towns' numbers around the ring, so that neighbours in the list are neighbours on the map."""
    centres = [shapely.get_coordinates(shapely.centroid(mosaic.cells[mosaic.towns == town])).mean(axis=0) for town in range(len(TOWNS))]
    angles = [np.arctan2(north - outline.CENTRE[1], east - outline.CENTRE[0]) for east, north in centres]
    return [int(town) for town in np.argsort(angles)]


def _town(code: str, name: str, mosaic: outline.Mosaic, town: int, grids: list[Row]) -> Iterator[Row]:
    """A town with its villages and grids; the grids are added to `grids` as well."""
    yield Row(code, name, shapely.coverage_union_all(mosaic.cells[mosaic.towns == town]))
    for order, village in enumerate(np.unique(mosaic.villages[mosaic.towns == town])):
        cells = mosaic.cells[mosaic.villages == village]
        village_code = f"{code}{FIRST_VILLAGE + order:03d}"
        yield Row(village_code, f"示例{order + 1:02d}村", shapely.coverage_union_all(cells))
        for number, cell in enumerate(cells, start=1):
            # The last grid of every fourth village is a special one (专属网格): a market, an enterprise.
            special = order % 4 == 0 and number == len(cells) > 3
            suffix = "901" if special else f"{number:03d}"
            grid = Row(village_code + suffix, f"示例专属网格{suffix}" if special else f"示例第{suffix}网格", cell)
            grids.append(grid)
            yield grid


def micro_grids(grid: Row, count: int = MICRO_GRIDS_PER_GRID) -> Iterator[Row]:
    """The micro-grids of a grid: pieces of about equal ground that together are the grid."""
    for number, piece in enumerate(_pieces(grid.shape, count), start=1):
        yield Row(f"{grid.code}{number:03d}", f"示例第{number:03d}微网格", piece)


def _pieces(shape: BaseGeometry, count: int) -> list[BaseGeometry]:
    """`shape` cut into `count` pieces of about equal ground, by straight cuts across its longer side."""
    if count == 1:
        return [shape]
    west, south, east, north = shape.bounds
    axis = 0 if (east - west) * outline.KM_PER_DEGREE[0] > (north - south) * outline.KM_PER_DEGREE[1] else 1
    low, high, wanted = (west, east, shape.area * (count // 2) / count) if axis == 0 else (south, north, shape.area * (count // 2) / count)
    for _step in range(7):
        middle = (low + high) / 2
        if _side(shape, axis, middle, lower=True).area < wanted:
            low = middle
        else:
            high = middle
    cut = (low + high) / 2
    lower, upper = _side(shape, axis, cut, lower=True), _side(shape, axis, cut, lower=False)
    return _pieces(lower, count // 2) + _pieces(upper, count - count // 2)


def _side(shape: BaseGeometry, axis: int, cut: float, *, lower: bool) -> BaseGeometry:
    """The part of a shape on one side of a north–south (axis 0) or east–west (axis 1) line; only its areas."""
    west, south, east, north = shape.bounds
    if axis == 0:
        part = shapely.intersection(shape, shapely.box(west if lower else cut, south, cut if lower else east, north))
    else:
        part = shapely.intersection(shape, shapely.box(west, south if lower else cut, east, cut if lower else north))
    polygons = [piece for piece in shapely.get_parts(part) if isinstance(piece, Polygon)]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
