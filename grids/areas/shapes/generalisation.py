"""Simplified shapes for the map: borders stay shared, so that no slits open between neighbours."""

import numpy as np
import shapely

TOLERANCES = {"district": 0.004, "town": 0.0008, "village": 0.0003, "grid": 0.0001}
"""Simplification in degrees (0.0001° ≈ 11 m) by what is looked at."""


def simplified(shapes: np.ndarray, tolerance: float) -> np.ndarray:
    """A coverage simplified by Visvalingam–Whyatt with shared borders; a set that is no valid coverage is simplified shape by shape."""
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_simplify(shapes, tolerance)
    return shapely.simplify(shapes, tolerance, preserve_topology=True)


def label_points(shapes: np.ndarray) -> np.ndarray:
    """A point on the surface of each shape (n × 2, degrees): the centroid of a broken ring lies outside it."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes))
