"""Point → grid: the portal's look-up in memory beside Debian's PostGIS over a prepared statement, on the demo district's 1,640 grids."""

import time

import django
import numpy as np
import shapely

from bench.framework import Result, Target
from bench.net_rig import debian_postgis
from grids.areas.demo import district
from grids.areas.shapes.locator import Locator

POINTS = 20_000


def _points(shapes: np.ndarray) -> np.ndarray:
    """Points inside the district, the same in every run."""
    whole = shapely.coverage_union_all(shapes)
    west, south, east, north = whole.bounds
    trial = np.random.default_rng(1).uniform((west, south), (east, north), size=(POINTS * 3, 2))
    return trial[shapely.contains_xy(whole, trial[:, 0], trial[:, 1])][:POINTS]


def _postgis(codes: list[str], shapes: np.ndarray, points: np.ndarray) -> tuple[float | None, list[str]]:
    """Microseconds per point and the answers of Debian's PostGIS; None where it is not installed."""
    with debian_postgis.connected() as connection:
        if connection is None:
            return None, []
        cursor = connection.cursor()
        cursor.execute("create extension postgis")
        cursor.execute("create table bench_grid (code text, shape geometry(Geometry, 4326))")
        rows = [(code, shape.wkb) for code, shape in zip(codes, shapes, strict=True)]
        cursor.executemany("insert into bench_grid values (%s, st_setsrid(st_geomfromwkb(%s), 4326))", rows)
        cursor.execute("create index on bench_grid using gist (shape)")
        cursor.execute("analyze bench_grid")
        cursor.execute(
            "prepare bench_find (float8, float8) as select code from bench_grid "
            "where st_covers(shape, st_setsrid(st_makepoint($1, $2), 4326)) order by code limit 1"
        )
        answers, began = [], time.perf_counter()
        for lon, lat in points.tolist():
            cursor.execute("execute bench_find (%s, %s)", (lon, lat))
            answers.append(cursor.fetchone()[0])
        return (time.perf_counter() - began) / len(points) * 1e6, answers


def run() -> Result:
    """Single look-ups, bulk look-ups, and the same points through PostGIS."""
    django.setup()
    grids = [row for row in district.rows(scale=0) if len(row.code) == 15]
    codes, shapes = [row.code for row in grids], np.array([row.shape for row in grids], dtype=object)
    points, locator = _points(shapes), Locator(codes, shapes)
    began = time.perf_counter()
    answers = [locator.locate(lon, lat).code for lon, lat in points.tolist()]
    single = (time.perf_counter() - began) / len(points) * 1e6
    began = time.perf_counter()
    many = [located.code for located in locator.locate_many(points[:, 0], points[:, 1])]
    bulk = (time.perf_counter() - began) / len(points) * 1e6
    peer, theirs = _postgis(codes, shapes, points[:5_000])
    result = Result("point_to_grid", {"points": len(points), "single_us": single, "bulk_us": bulk, "postgis_single_us": peer})
    result.figures["bulk_differs_from_single"] = sum(a != b for a, b in zip(answers, many, strict=True))
    if peer is not None:
        result.ratios["postgis / single"] = peer / single
        result.figures["differs_from_postgis"] = sum(a != b for a, b in zip(answers, theirs, strict=False))
    result.targets.append(Target("single look-ups: times faster than PostGIS", peer / single if peer else None, ">=", 8))
    return result
