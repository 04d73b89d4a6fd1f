"""Imports of files: reading, checking, staging and merging 200,000 rows, beside django-import-export and a bare COPY in the same run.

Everything happens in a scratch database that is made and dropped here. Speeds are in rows per second, memory in MB.
"""

import csv
import io
import random
import resource
import time
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from bench.framework import Result, Target

ROWS = 200_000
PEER_ROWS = 10_000
"""django-import-export is measured on fewer rows, so that the bench ends in a minute; its speed does not grow with more."""


def run() -> Result:
    """Reading, checking, writing, writing again; the peer and the floor."""
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with TemporaryDirectory() as folder:
            return _compare(Path(folder))
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"].removeprefix("test_"), verbosity=0)


def _rows(number: int) -> list[tuple[str, str, str, str]]:
    chance = random.Random(20)
    names = ["柳新镇", "茅村镇", "汉王镇", "大许镇", "房村镇", "单集镇", "利国镇"]
    return [(f"d{at}", f"{chance.choice(names)}第{at}办公室", "2026-01-31", f"138{chance.randrange(10**8):08d}") for at in range(number)]


def _speed(rows: int, begun: float) -> int:
    return round(rows / (time.perf_counter() - begun))


def _compare(folder: Path) -> Result:
    from tongshan_portal.exchange.detect import detect
    from tongshan_portal.exchange.readers import open_table
    from tongshan_portal.exchange.writers import write_table

    rows, figures = _rows(ROWS), {}
    header = ["code", "name", "since", "phone"]
    csv_path, xlsx_path = folder / "rows.csv", folder / "rows.xlsx"
    with csv_path.open("w", encoding="gb18030", newline="") as target:
        csv.writer(target).writerows([header, *rows])
    begun = time.perf_counter()
    with xlsx_path.open("wb") as target:
        write_table("xlsx", target, header, rows)
    figures["write_xlsx"] = _speed(ROWS, begun)
    begun = time.perf_counter()
    with io.BytesIO() as target:
        write_table("csv", target, header, rows)
    figures["write_csv"] = _speed(ROWS, begun)
    for path, name in ((csv_path, "read_csv_gb18030"), (xlsx_path, "read_xlsx")):
        begun = time.perf_counter()
        with path.open("rb") as file:
            facts = detect(file)
            table = open_table(file, facts.format, encoding=facts.encoding, delimiter=facts.delimiter)
            read = sum(1 for _row in table.rows)
        assert read == ROWS
        figures[name] = _speed(ROWS, begun)
    figures |= _ours(csv_path, xlsx_path)
    figures["copy_bare"] = _bare_copy(rows)
    figures["import_export_bulk"] = _import_export(rows[:PEER_ROWS])
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    written, peer = figures["import_write"], figures["import_export_bulk"]
    result = Result("exchange", figures)
    if peer is not None:
        result.ratios["import_write / import_export_bulk"] = written / peer
    result.ratios["copy_bare / import_write"] = figures["copy_bare"] / written
    result.targets.append(Target("rows per second written, staging included", written, ">=", 10_000))
    return result


def _ours(csv_path: Path, xlsx_path: Path) -> dict:
    """Check, write, and write again (all unchanged) through the whole framework; the file is staged within `import_write` too."""
    from django.test.utils import override_settings

    from grids.areas.models import Area
    from tongshan_portal.accounts import policy
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Department, Posting, User
    from tongshan_portal.exchange import importers, staging
    from tongshan_portal.exchange.actions import imports
    from tongshan_portal.exchange.importers import Outcome
    from tongshan_portal.exchange.public import Column, Importer, merge_rows, parsers
    from tongshan_portal.exchange.worker import run_import

    policy.register([policy.Action("bench_departments.import", "bench", "bench", frozenset({Role.SYSTEM_ADMIN}))])

    class Departments(Importer):
        name = "bench_departments"
        label = "bench"
        action = "bench_departments.import"
        columns = (
            Column("code", "code", parsers.code(40), required=True),
            Column("name", "name", parsers.text(80), required=True),
            Column("since", "since", parsers.day()),
            Column("phone", "phone", parsers.phone()),
        )
        external_id = ("code",)
        chunk_rows = 5_000

        def plan_batch(self, actor, rows, context):
            known = dict(Department.objects.filter(code__in=[row["code"] for row in rows]).values_list("code", "name"))
            return Counter({Outcome.CREATED: len(rows) - len(known), Outcome.UNCHANGED: len(known)})

        def write_batch(self, actor, rows, context):
            return merge_rows(Department, [(row["code"], row["name"]) for row in rows], fields=["code", "name"], key=["code"])

    importers.register(Departments())
    Area.objects.get_or_create(code="320312", defaults={"name": "铜山区"})
    user = User.objects.create_user(username="bench", name="bench")
    Posting.objects.create(user=user, role=Role.SYSTEM_ADMIN, area_code="320312", starts_on=date(2020, 1, 1))
    actor, figures = actor_for(user), {}

    def take(path: Path):
        with path.open("rb") as file:
            return imports.upload_import(
                actor=actor, kind=importers.importer("bench_departments"), file=file, name=path.name, size=path.stat().st_size
            )

    with override_settings(CELERY_BROKER_URL="memory://"):
        for path, word in ((csv_path, "import_write"), (xlsx_path, "import_again_unchanged_xlsx")):
            run = take(path)
            begun = time.perf_counter()
            imports.check_import(actor=actor, run_id=run.pk, mapping=run.mapping)
            run_import(run.pk)
            figures[f"{word}_check"] = _speed(ROWS, begun)
            staging.clear(run.pk)  # so that staging is part of the time of writing
            begun = time.perf_counter()
            imports.start_import(actor=actor, run_id=run.pk)
            run_import(run.pk)
            figures[word] = _speed(ROWS, begun)
            run.refresh_from_db()
            expected = (ROWS, 0) if word == "import_write" else (0, ROWS)
            assert (run.state, run.created_rows, run.unchanged_rows) == ("finished", *expected), run.error
    assert Department.objects.count() == ROWS
    return figures


def _bare_copy(rows) -> int:
    """The floor: COPY of ready-made text into a table without index."""
    from django.db import connection

    lines = "".join(f"{row[0]}\t{row[1]}\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_copy (code varchar(40), name varchar(80))")
        begun = time.perf_counter()
        cursor.cursor.copy_expert("COPY bench_copy FROM STDIN", io.StringIO(lines))
        return _speed(len(rows), begun)


def _import_export(rows) -> int | None:
    """The peer, with its bulk switches on and its diff reports off."""
    try:
        import tablib
        from import_export import resources
    except ImportError:
        return None
    from tongshan_portal.accounts.models import Department

    class DepartmentResource(resources.ModelResource):
        class Meta:
            model = Department
            fields = ("code", "name")
            import_id_fields = ("code",)
            use_bulk = True
            batch_size = 2_000
            skip_diff = True
            skip_html_diff = True

    Department.objects.all().delete()
    text = io.StringIO()
    csv.writer(text).writerows([("code", "name"), *(row[:2] for row in rows)])
    begun = time.perf_counter()
    result = DepartmentResource().import_data(
        tablib.Dataset().load(text.getvalue(), format="csv"), raise_errors=True, use_transactions=True
    )
    speed = _speed(len(rows), begun)
    assert result.totals["new"] == len(rows)
    return speed
