"""Reports of another system from a file: assignment by point, sealing, clocks, a dispatch rule, ledger and outbox, for every row.

Half of the rows are living and filed as if here; the others are history that the other system closed, with its own times. Beside it in the
same run django-import-export and a raw COPY. Speeds are in rows per second.
"""

import os
import random
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.framework import Result, Target
from bench.import_rig import peers, way

ROWS = int(os.environ.get("BENCH_REPORTS", "100000"))
PEER_ROWS = 2_000
"""django-import-export is measured on fewer rows, so that the bench ends in minutes; its speed does not grow with more."""
HEADER = [
    "来源系统", "编号", "标题", "内容", "类别", "经度", "纬度", "地址", "上报时间", "来源", "联系人", "电话", "部门", "状态", "截止时间",
    "办结时间", "办理结果",
]  # fmt: skip
WORDS = ["井盖缺失", "垃圾堆积", "路灯不亮", "污水外溢", "占道经营", "裸露电线"]


def run() -> Result:
    """Living rows alone, a mixed file, the same again, the peers."""
    with way.scratch() as folder:
        return _compare(folder)


def _rows(spots: list[tuple[float, float]], prefix: str, *, history: int):
    """Rows of which every `history`-th is closed already (0: none)."""
    chance, begin = random.Random(320312), datetime(2025, 1, 1)
    for number in range(ROWS):
        lon, lat = spots[chance.randrange(len(spots))]
        filed = begin + timedelta(minutes=chance.randrange(500_000))
        done = history and number % history == 0
        yield (
            f"bench{prefix}",
            f"{prefix}{number:07d}",
            f"{WORDS[number % len(WORDS)]}{number % 97}",
            f"示例路{number % 331}号附近有{WORDS[number % len(WORDS)]}，请派人查看。",
            "",
            f"{lon:.6f}",
            f"{lat:.6f}",
            f"示例路{number % 331}号",
            f"{filed:%Y-%m-%d %H:%M:%S}",
            "hotline",
            f"住户{number % 5000}",
            f"138{chance.randrange(10**8):08d}",
            "",
            "archived" if done else "",
            f"{filed + timedelta(days=7):%Y-%m-%d %H:%M:%S}" if done else "",
            f"{filed + timedelta(days=chance.randrange(1, 12)):%Y-%m-%d %H:%M:%S}" if done else "",
            "已处理" if done else "",
        )


def _spots() -> list[tuple[float, float]]:
    """Points of the demo's grids, whose shapes are written here."""
    from grids.areas.demo import district
    from grids.areas.writing import write_shapes
    from tongshan_portal.kernel import clock

    shapes = [(row.code, row.shape) for row in district.rows(scale=0)]
    write_shapes(shapes, source="bench", at=clock.now())
    return [(point.x, point.y) for point in (shape.representative_point() for code, shape in shapes if len(code) == 15)]


def _compare(folder: Path) -> Result:
    from grids.reports.models import Category, DispatchRule, Report
    from tongshan_portal.accounts.models import Department

    way.district()
    spots, actor = _spots(), way.director()
    department = Department.objects.create(code="bench", name="bench")
    DispatchRule.objects.create(name="bench", category=Category.objects.get(code="facilities"), desk="department", department=department)
    figures: dict[str, float | str | None] = {"rows": ROWS}
    before = way.memory()
    path = folder / "reports.csv"
    for word, prefix, history, outcome in (
        ("living", "L", 0, (ROWS, 0)),
        ("half_history", "H", 2, (ROWS, 0)),
        ("again_unchanged", "H", 2, (0, ROWS)),
    ):
        way.write_csv(path, HEADER, _rows(spots, prefix, history=history))
        brought = way.bring(actor, "reports", path)
        run = brought.run
        found = (run.state, run.created_rows, run.unchanged_rows, run.bad_rows)
        assert found == ("finished", *outcome, 0), (*found, run.error)
        figures |= brought.figures(word, ROWS)
    figures["memory_grown_mb"] = round(way.memory() - before)
    reports = Report.objects.unscoped("bench")
    figures["dispatched_by_rule"] = reports.filter(state="dispatched").count()
    assert reports.count() == 2 * ROWS
    figures["copy_raw_rows_per_second"] = peers.raw_copy(path, len(HEADER), ROWS)
    names = ("code", "key", "title", "text", "area_code", "lon", "lat", "address", "filed_at", "changed_at", "source", "contact", "phone",
             "origin", "external_id", "words")  # fmt: skip
    lines = (
        (f"X{n}", f"00000000-0000-4000-8000-{n:012d}", row[2], row[3], "320312", row[5], row[6], row[7], row[8], row[8], "hotline", row[10],
         row[11], "peer", row[1], row[2] + row[3])
        for n, row in enumerate(islice(_rows(spots, "X", history=0), PEER_ROWS))
    )  # fmt: skip
    figures["import_export_bulk_rows_per_second"] = peers.import_export(Report, "code", names, lines)
    result, living = Result("import_reports", figures), float(figures["living_rows_per_second"] or 0)
    mixed = float(figures["half_history_rows_per_second"] or 0)
    if figures["import_export_bulk_rows_per_second"]:
        result.ratios["living / django-import-export"] = living / float(figures["import_export_bulk_rows_per_second"])
        result.ratios["half history / django-import-export"] = mixed / float(figures["import_export_bulk_rows_per_second"])
    result.ratios["raw COPY / living"] = float(figures["copy_raw_rows_per_second"] or 0) / living
    result.targets.append(Target("rows per second with assignment, clocks, rules, ledger and outbox, all living", living, ">=", 5_000))
    result.targets.append(Target("the same, half of them history", mixed, ">=", 5_000))
    return result
