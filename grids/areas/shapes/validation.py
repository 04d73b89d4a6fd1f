"""What can be wrong with the shapes of a level: each finding says which area, what, where, and whether it can be mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from .coordinates import Datum, to_wgs84

TINY = 1e-9
"""Area in square degrees (about 10 m²) under which an overlap or gap is rounding, not an error."""


class Fault(StrEnum):
    """The kinds of findings."""

    EMPTY = "empty"
    BROKEN = "broken"
    NOT_AN_AREA = "not_an_area"
    HEIGHT = "height"
    OUT_OF_RANGE = "out_of_range"
    SELF_CROSSING = "self_crossing"
    OUTSIDE_PARENT = "outside_parent"
    OVERLAP = "overlap"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `code` of the area, another `other` where two are involved, `where` it lies, and what GEOS says."""

    fault: Fault
    code: str
    where: BaseGeometry | None = None
    other: str = ""
    detail: str = ""
    mendable: bool = False


def check_shape(code: str, shape: BaseGeometry | None) -> list[Finding]:
    """What is wrong with one shape by itself."""
    if shape is None or shape.is_empty:
        return [Finding(Fault.EMPTY, code)]
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return [Finding(Fault.NOT_AN_AREA, code, shape.centroid, detail=shape.geom_type)]
    findings = []
    if shapely.has_z(shape):
        findings.append(Finding(Fault.HEIGHT, code, mendable=True))
    west, south, east, north = shape.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        findings.append(Finding(Fault.OUT_OF_RANGE, code, detail=f"{west:.6g} {south:.6g} {east:.6g} {north:.6g}"))
    elif not shape.is_valid:
        reason = shapely.is_valid_reason(shape)
        fault = Fault.SELF_CROSSING if "intersection" in reason.lower() else Fault.BROKEN
        findings.append(Finding(fault, code, _place_of(shape), detail=reason, mendable=not mended(shape).is_empty))
    return findings


def _place_of(shape: BaseGeometry) -> BaseGeometry | None:
    """The point GEOS names in its reason, such as `Self-intersection[117.1 34.2]`."""
    reason = shapely.is_valid_reason(shape)
    if "[" not in reason:
        return None
    numbers = reason.rsplit("[", 1)[1].rstrip("]").split()
    return shapely.Point(float(numbers[0]), float(numbers[1]))


def mended(shape: BaseGeometry) -> BaseGeometry:
    """The shape without heights and self-crossings: its areas only, as a Polygon or MultiPolygon."""
    flat = shapely.force_2d(shape)
    if flat.is_valid:
        return flat
    whole = shapely.make_valid(flat, method="structure", keep_collapsed=False)
    parts = [part for part in shapely.get_parts(whole, return_index=False) if part.geom_type == "Polygon"]
    if not parts:
        parts = [piece for part in shapely.get_parts(whole) for piece in shapely.get_parts(part) if piece.geom_type == "Polygon"]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def check_parent(shapes: Mapping[str, BaseGeometry], parents: Mapping[str, BaseGeometry], *, tolerance: float = TINY) -> list[Finding]:
    """Shapes that lie outside their parent (the code without its last three digits) by more than `tolerance` square degrees."""
    findings = []
    for code, shape in shapes.items():
        parent = parents.get(code[:-3])
        if parent is None:
            continue
        outside = shapely.difference(shape, parent)
        if outside.area > tolerance:
            share = outside.area / shape.area
            findings.append(Finding(Fault.OUTSIDE_PARENT, code, outside, other=code[:-3], detail=f"{share:.1%}"))
    return findings


def check_overlaps(shapes: Mapping[str, BaseGeometry], *, tolerance: float = TINY) -> list[Finding]:
    """Pairs that share more ground than `tolerance` square degrees, the lower code first."""
    codes = sorted(shapes)
    array = np.array([shapes[code] for code in codes], dtype=object)
    if shapely.coverage_is_valid(array):
        return []  # neighbours share their borders point for point: far quicker to see than every pair's intersection
    tree = shapely.STRtree(array)
    left, right = tree.query(array, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    shared: Any = shapely.intersection(array[left], array[right])
    wide = np.flatnonzero(shapely.area(shared) > tolerance)
    return [Finding(Fault.OVERLAP, codes[left[row]], shared[row], other=codes[right[row]]) for row in wide]


def check_gaps(shapes: Mapping[str, BaseGeometry], parent: BaseGeometry | None, *, tolerance: float = TINY) -> list[Finding]:
    """Ground that no shape holds: of the parent where one is given, else holes that neighbours close around."""
    if not shapes:
        return []
    union = shapely.union_all(list(shapes.values()))
    if parent is not None:
        left = shapely.difference(parent, union)
        gaps = [part for part in shapely.get_parts(left) if part.area > tolerance]
    else:
        rings = shapely.get_parts(shapely.get_rings(union))
        holes = [shapely.polygons(ring) for ring in rings if not shapely.is_ccw(ring)]
        gaps = [hole for hole in holes if tolerance < hole.area < TINY * 1000]
    codes = sorted(shapes)
    tree = shapely.STRtree([shapes[code] for code in codes])
    return [Finding(Fault.GAP, codes[int(tree.nearest(gap))], gap) for gap in gaps]


class Suspicion(StrEnum):
    """Why a whole file may lie outside its parent."""

    NONE = "none"
    SWAPPED = "swapped"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def suspicion(shapes: Mapping[str, BaseGeometry], parent: BaseGeometry) -> Suspicion:
    """What would bring shapes that lie partly outside `parent` inside it: swapped axes, or the offset of a Chinese web map.

    A suspicion is raised only when it takes away at least nine tenths of the ground that lies outside.
    """
    array = np.array(list(shapes.values()), dtype=object)
    outside = _ground_outside(array, parent)
    if outside <= TINY:
        return Suspicion.NONE
    trials = {
        Suspicion.SWAPPED: lambda points: points[:, ::-1],
        Suspicion.GCJ02: lambda points: to_wgs84(points, Datum.GCJ02),
        Suspicion.BD09: lambda points: to_wgs84(points, Datum.BD09),
    }
    left = {kind: _ground_outside(shapely.transform(array, move), parent) for kind, move in trials.items()}
    best = min(left, key=lambda kind: left[kind])
    return best if left[best] <= outside / 10 else Suspicion.NONE


def _ground_outside(shapes: np.ndarray, parent: BaseGeometry) -> float:
    """How many square degrees of the shapes lie outside the parent."""
    return float(shapely.area(shapely.difference(shapes, parent)).sum())
