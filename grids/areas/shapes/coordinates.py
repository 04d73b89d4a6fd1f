"""Coordinates: the portal keeps CGCS2000 longitude and latitude in degrees (EPSG:4490, within centimetres of WGS 84).

GCJ-02 (the offset datum of Chinese web maps) and BD-09 (Baidu's further offset) are converted at the edge and never stored.
The formulas of GCJ-02 are published nowhere officially; these are the ones that every open converter uses. The inverse is
found by iteration, to under a millimetre.
"""

from enum import StrEnum

import numpy as np

_SEMI_MAJOR, _ECCENTRICITY = 6378245.0, 0.00669342162296594323
_BD = np.pi * 3000.0 / 180.0
METRES_PER_DEGREE = 111_195.0
"""Metres per degree of latitude on the mean sphere."""


class Datum(StrEnum):
    """What the longitudes and latitudes of a file mean."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def _offset(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far GCJ-02 lies from WGS 84 at a point, in degrees."""
    x, y, pi = lon - 105.0, lat - 35.0, np.pi
    short = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + short
    d_lat += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    d_lat += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y * pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x)) + short
    d_lon += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    d_lon += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    radians = lat / 180.0 * pi
    magic = 1 - _ECCENTRICITY * np.sin(radians) ** 2
    d_lat = d_lat * 180.0 / ((_SEMI_MAJOR * (1 - _ECCENTRICITY)) / (magic * np.sqrt(magic)) * pi)
    d_lon = d_lon * 180.0 / (_SEMI_MAJOR / np.sqrt(magic) * np.cos(radians) * pi)
    return d_lon, d_lat


def wgs84_to_gcj02(points: np.ndarray) -> np.ndarray:
    """Points (n × 2: longitude, latitude in degrees) from WGS 84 to GCJ-02. Only meant for places in China."""
    d_lon, d_lat = _offset(points[:, 0], points[:, 1])
    return points + np.column_stack([d_lon, d_lat])


def gcj02_to_wgs84(points: np.ndarray) -> np.ndarray:
    """The inverse of `wgs84_to_gcj02`, by fixed-point iteration (the offset changes slowly)."""
    guess = points.copy()
    for _round in range(8):
        guess = guess - (wgs84_to_gcj02(guess) - points)
    return guess


def bd09_to_gcj02(points: np.ndarray) -> np.ndarray:
    """Points from BD-09 to GCJ-02."""
    x, y = points[:, 0] - 0.0065, points[:, 1] - 0.006
    radius = np.hypot(x, y) - 0.00002 * np.sin(y * _BD)
    angle = np.arctan2(y, x) - 0.000003 * np.cos(x * _BD)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def to_wgs84(points: np.ndarray, datum: Datum) -> np.ndarray:
    """Points of a stated datum as WGS 84."""
    if datum is Datum.BD09:
        return gcj02_to_wgs84(bd09_to_gcj02(points))
    if datum is Datum.GCJ02:
        return gcj02_to_wgs84(points)
    return points
