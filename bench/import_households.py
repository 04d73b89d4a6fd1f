"""Households from a file: 400,000 rows through preview, staging, sealing, address matching and merging.

Beside them, in the same run, django-import-export and a raw COPY.

Everything happens in a scratch database that is made and dropped here. Speeds are in rows per second, memory in MB of this process.
"""

import os
import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.framework import Result, Target
from bench.import_rig import files

ROWS = int(os.environ.get("BENCH_HOUSEHOLDS", "400000"))
PEER_ROWS = 5_000
"""django-import-export is measured on fewer rows, so that the bench ends in minutes; its speed does not grow with more."""
HEADER = ["编号", "网格代码", "地址", "经度", "纬度", "联系人", "电话", "人数", "服务需求", "同意日期"]


def run() -> Result:
    """Write, write again, the peer, the floor."""
    with files.scratch_database(), TemporaryDirectory() as folder:
        return _compare(Path(folder))


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
    from grids.areas.demo import district
    from grids.areas.writing import write_areas
    from grids.elements.models import Address, Household
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Posting, User

    areas = [(row.code, row.name) for row in district.rows(scale=0)]
    write_areas(areas)
    grids = [code for code, _name in areas if len(code) == 15]
    user = User.objects.create_user(username="bench", name="bench")
    Posting.objects.create(user=user, role=Role.DIRECTOR, area_code="320312", starts_on=date(2020, 1, 1))
    actor, path = actor_for(user), folder / "households.csv"
    figures: dict[str, float | str | None] = {"rows": ROWS, "file_mb": files.write_csv(path, HEADER, _rows(grids))}
    before = files.memory()
    for word, outcome in (("import", (ROWS, 0)), ("import_again_unchanged", (0, ROWS))):
        timed = files.import_file(actor, "households", path, ROWS)
        run = timed.run
        assert (run.state, run.created_rows, run.unchanged_rows) == ("finished", *outcome), (run.state, run.error, run.created_rows)
        figures[f"{word}_rows_per_second"] = timed.rows_per_second
        figures[f"{word}_with_preview_rows_per_second"] = timed.with_preview
    figures["memory_grown_mb"] = round(files.memory() - before)
    figures["addresses"] = Address.objects.unscoped("bench").count()
    assert Household.objects.unscoped("bench").count() == ROWS
    figures["copy_raw_rows_per_second"] = files.raw_copy(path, len(HEADER), ROWS)
    figures["import_export_bulk_rows_per_second"] = _import_export(grids)
    speed = float(figures["import_rows_per_second"] or 0)
    result = Result("import_households", figures)
    if figures["import_export_bulk_rows_per_second"]:
        result.ratios["import / django-import-export"] = speed / float(figures["import_export_bulk_rows_per_second"])
    result.ratios["raw COPY / import"] = float(figures["copy_raw_rows_per_second"] or 0) / speed
    result.targets.append(Target("rows per second, sealing and address matching included", speed, ">=", 10_000))
    return result


def _import_export(grids: list[str]) -> int | None:
    """The peer: sealed by the same fields, without address matching."""
    try:
        from import_export import fields, resources
    except ImportError:
        return None
    from grids.elements.models import Household

    class HouseholdResource(resources.ModelResource):
        collected_on = fields.Field(attribute="collected_on", column_name="collected_on")

        class Meta:
            model = Household
            fields = ("number", "area_code", "contact", "phone", "size", "collected_on")
            import_id_fields = ("number",)
            use_bulk = True
            batch_size = 2_000
            skip_diff = True
            skip_html_diff = True

    lines = (("X" + row[0], row[1], row[5], row[6], row[7], "2026-01-31") for row, _n in zip(_rows(grids), range(PEER_ROWS), strict=False))
    return files.import_export(HouseholdResource, ("number", "area_code", "contact", "phone", "size", "collected_on"), lines)
