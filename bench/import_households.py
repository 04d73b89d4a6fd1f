"""Households from a file: 400,000 rows through preview, staging, sealing, address matching and merging.

Beside them, in the same run, django-import-export and a raw COPY.

Everything happens in a scratch database that is made and dropped here. Speeds are in rows per second, memory in MB of this process.
"""

import os
import random
from itertools import islice
from pathlib import Path

from bench.framework import Result, Target
from bench.import_rig import peers, way

ROWS = int(os.environ.get("BENCH_HOUSEHOLDS", "400000"))
PEER_ROWS = 5_000
"""django-import-export is measured on fewer rows, so that the bench ends in minutes; its speed does not grow with more."""
HEADER = ["编号", "网格代码", "地址", "经度", "纬度", "联系人", "电话", "人数", "服务需求", "同意日期"]


def run() -> Result:
    """Write, write again, the peer, the floor."""
    with way.scratch() as folder:
        return _compare(folder)


def _rows(grids: list[str]):
    chance = random.Random(320312)
    for number in range(ROWS):
        place = number // 2  # two households at one address here and there
        yield (
            f"H{number:07d}",
            grids[place % len(grids)],
            f"示例村{place % 97}组{place % 61}号楼{place % 4 + 1}单元{place}室",
            "",
            "",
            f"住户{number % 5000}",
            f"138{chance.randrange(10**8):08d}",
            str(number % 6 + 1),
            "助老" if number % 20 == 0 else "",
            "2026-01-31" if number % 20 == 0 else "",
        )


def _compare(folder: Path) -> Result:
    from grids.elements.models import Address, Household

    grids, actor, path = way.district(), way.director(), folder / "households.csv"
    way.write_csv(path, HEADER, _rows(grids))
    figures: dict[str, float | str | None] = {"rows": ROWS, "file_mb": round(path.stat().st_size / 2**20, 1)}
    before = way.memory()
    for word, outcome in (("import", (ROWS, 0)), ("import_again_unchanged", (0, ROWS))):
        brought = way.bring(actor, "households", path)
        run = brought.run
        assert (run.state, run.created_rows, run.unchanged_rows) == ("finished", *outcome), (run.state, run.error, run.created_rows)
        figures |= brought.figures(word, ROWS)
    figures["memory_grown_mb"] = round(way.memory() - before)
    figures["addresses"] = Address.objects.unscoped("bench").count()
    assert Household.objects.unscoped("bench").count() == ROWS
    figures["copy_raw_rows_per_second"] = peers.raw_copy(path, len(HEADER), ROWS)
    names = ("number", "area_code", "contact", "phone", "size", "collected_on")
    lines = (("X" + row[0], row[1], row[5], row[6], row[7], "2026-01-31") for row in islice(_rows(grids), PEER_ROWS))
    figures["import_export_bulk_rows_per_second"] = peers.import_export(Household, "number", names, lines)
    speed = float(figures["import_rows_per_second"] or 0)
    result = Result("import_households", figures)
    if figures["import_export_bulk_rows_per_second"]:
        result.ratios["import / django-import-export"] = speed / float(figures["import_export_bulk_rows_per_second"])
    result.ratios["raw COPY / import"] = float(figures["copy_raw_rows_per_second"] or 0) / speed
    result.targets.append(Target("rows per second, sealing and address matching included", speed, ">=", 10_000))
    return result
