"""A synthetic district: a broken ring with exclaves, divided into grids, villages and towns without gap or overlap.

Nothing here is a real border: only the names and codes of the towns are real. The same seed gives the same district on every machine.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import MultiPoint, Polygon

CENTRE = (117.20, 34.26)
"""Longitude and latitude (degrees, WGS 84) around which the ring is laid."""

KM_PER_DEGREE = (92.0, 111.0)
"""Kilometres per degree of longitude and latitude at this latitude, rounded."""

INNER_KM, OUTER_KM, GAP_DEGREES = 9.0, 33.0, 24.0
EXCLAVES_KM = ((-3.6, 3.0, 2.2), (2.6, -1.6, 1.7))
"""(east, north, radius) of the two exclaves inside the ring, in kilometres."""


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Cells (polygons, degrees) with the index of the village and town each belongs to; all arrays have one entry per cell."""

    cells: np.ndarray
    villages: np.ndarray
    towns: np.ndarray


def _polar(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distance from the centre in kilometres, with the waves of the outline taken out, and angle in degrees."""
    radius, angle = np.hypot(points[:, 0], points[:, 1]), np.degrees(np.arctan2(points[:, 1], points[:, 0]))
    wave = 1 + 0.10 * np.sin(np.radians(3 * angle + 40)) + 0.06 * np.sin(np.radians(5 * angle)) + 0.03 * np.sin(np.radians(11 * angle))
    return radius / wave, angle


def _inside(points: np.ndarray) -> np.ndarray:
    """Which points (n × 2, kilometres from the centre) lie in the ring or an exclave."""
    radius, angle = _polar(points)
    ring = (radius > INNER_KM) & (radius < OUTER_KM) & (np.abs(angle - 75) > GAP_DEGREES / 2)
    east, north = points[:, 0], points[:, 1]
    for x, y, r in EXCLAVES_KM:
        ring |= np.hypot(east - x, north - y) < r
    return ring


def _spread(points: np.ndarray, rounds: int) -> np.ndarray:
    """Lloyd's relaxation: each point moves to the centre of its cell, so that cells become alike in size."""
    for _round in range(rounds):
        cells = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), ordered=True))
        points = shapely.get_coordinates(shapely.centroid(cells))
    return points


def _seeds(count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points over the whole square (kilometres) of which exactly `count` lie inside, and the mask of those."""
    reach = OUTER_KM * 1.35
    trial = random.uniform(-reach, reach, size=(20_000, 2))
    total = round(count / _inside(trial).mean())
    points = _spread(random.uniform(-reach, reach, size=(total, 2)), rounds=3)
    mask = _inside(points)
    surplus = int(mask.sum()) - count
    if surplus:
        # Take or give seeds at the outer border, so that the number is exact and the ring stays whole.
        radius, angle = _polar(points)
        eligible = mask if surplus > 0 else ~mask & (radius >= OUTER_KM) & (np.abs(angle - 75) > GAP_DEGREES / 2)
        order = np.argsort(np.where(eligible, np.abs(radius - OUTER_KM), np.inf))[: abs(surplus)]
        mask[order] = surplus < 0
    return points, mask


def _bent(start: tuple[float, float], end: tuple[float, float], amplitude: float) -> np.ndarray:
    """The border between two corners as a bent line; the same for both neighbours because the corners are put in order first."""
    first, last = np.array(start), np.array(end)
    bits = (first.view(np.uint64) ^ np.roll(last.view(np.uint64), 1)) % np.uint64(2**31)
    waves = np.sin(bits.astype(float) * (1.0, 1.7)) * amplitude
    steps = np.linspace(0, 1, 6)[:, None]
    normal = np.array([first[1] - last[1], last[0] - first[0]])
    bend = np.sin(np.pi * steps) * waves[0] + np.sin(2 * np.pi * steps) * waves[1]
    line = first + steps * (last - first) + bend * normal
    line[0], line[-1] = first, last  # to the last bit, so that neighbours meet
    return line


def _bent_cell(cell: Polygon, amplitude: float) -> Polygon:
    ring = [tuple(corner) for corner in shapely.get_coordinates(cell)]
    line = []
    for start, end in zip(ring, ring[1:], strict=False):
        ordered = start <= end
        piece = _bent(start, end, amplitude) if ordered else _bent(end, start, amplitude)[::-1]
        line.append(piece[:-1])
    return Polygon(np.vstack(line))


def _bent_coverage(cells: np.ndarray) -> np.ndarray:
    """Cells with bent borders: the strongest bend with which they are still a valid coverage."""
    for amplitude in (0.09, 0.06, 0.03):
        bent = np.array([_bent_cell(cell, amplitude) for cell in cells])
        if shapely.is_valid(bent).all() and shapely.coverage_is_valid(bent):
            return bent
    return cells


def _to_degrees(cells: np.ndarray) -> np.ndarray:
    scale, centre = np.array(KM_PER_DEGREE), np.array(CENTRE)
    return shapely.transform(cells, lambda points: np.round(points / scale + centre, 6))


def _grouped(points: np.ndarray, count: int, random: np.random.Generator) -> np.ndarray:
    """Each point's group of `count`: k-means, so that a group lies together; every group has a point."""
    centres = points[random.choice(len(points), count, replace=False)]
    for _round in range(8):
        groups = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array([points[groups == group].mean(axis=0) if (groups == group).any() else centres[group] for group in range(count)])
    for empty in set(range(count)) - set(groups):
        crowded = np.bincount(groups, minlength=count).argmax()
        groups[np.flatnonzero(groups == crowded)[0]] = empty
    return groups


def divide(*, grids: int, villages: int, towns: int, seed: int) -> Mosaic:
    """The district with exactly this many grids, villages and towns. Deterministic for a seed."""
    random = np.random.default_rng(seed)
    points, mask = _seeds(grids, random)
    hull = shapely.box(*(-OUTER_KM * 1.6,) * 2, *(OUTER_KM * 1.6,) * 2)
    everything = shapely.get_parts(shapely.voronoi_polygons(MultiPoint(points), extend_to=hull, ordered=True))
    cells, centres = _to_degrees(_bent_coverage(everything[mask])), points[mask]
    town_of = _grouped(centres, towns, random)
    sizes = np.bincount(town_of, minlength=towns)
    shares = np.minimum(np.maximum(1, np.round(sizes * villages / grids)).astype(int), sizes)
    while shares.sum() != villages:
        step = 1 if shares.sum() < villages else -1
        room = np.where(step > 0, sizes - shares, shares - 1) > 0
        shares[np.argmax(np.where(room, step * (sizes / shares), -np.inf))] += step
    village_of, first = np.empty(grids, dtype=int), 0
    for town in range(towns):
        rows = np.flatnonzero(town_of == town)
        village_of[rows] = first + _grouped(centres[rows], int(shares[town]), random)
        first += int(shares[town])
    return Mosaic(cells, village_of, town_of)
