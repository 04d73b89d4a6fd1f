"""A file on its way through the portal's import, a raw COPY and django-import-export, each timed."""

import csv
import io
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database that is made and dropped here; the broker is memory, so nothing is sent."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import override_settings

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with override_settings(CELERY_BROKER_URL="memory://"):
            yield
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"].removeprefix("test_"), verbosity=0)


def memory() -> float:
    """The most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> float:
    """Write the file; answers its size in MB."""
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([header, *rows])
    return round(path.stat().st_size / 2**20, 1)


@dataclass(frozen=True, slots=True)
class Timed:
    """An import that is done: the run, and rows per second with and without the check before it."""

    run: Any
    rows_per_second: int
    with_preview: int


def import_file(actor: Any, name: str, path: Path, rows: int) -> Timed:
    """Upload, check and write a file, as an officer does."""
    from tongshan_portal.exchange.actions import imports
    from tongshan_portal.exchange.importers import importer
    from tongshan_portal.exchange.worker import run_import

    with path.open("rb") as file:
        begun = time.perf_counter()
        run = imports.upload_import(actor=actor, kind=importer(name), file=file, name=path.name, size=path.stat().st_size)
    imports.check_import(actor=actor, run_id=run.pk, mapping=run.mapping)
    run_import(run.pk)
    checked = time.perf_counter()
    imports.start_import(actor=actor, run_id=run.pk)
    run_import(run.pk)
    ended = time.perf_counter()
    run.refresh_from_db()
    return Timed(run, round(rows / (ended - checked)), round(rows / (ended - begun)))


def raw_copy(path: Path, columns: int, rows: int) -> int:
    """The floor, in rows per second: the file as it is into a table of text without an index."""
    from django.db import connection

    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"CREATE TABLE bench_raw ({', '.join(f'c{number} text' for number in range(columns))})")
        begun = time.perf_counter()
        cursor.cursor.copy_expert("COPY bench_raw FROM STDIN WITH (FORMAT csv, HEADER)", file)
        return round(rows / (time.perf_counter() - begun))


def import_export(resource_class: Any, header: Sequence[str], lines: Iterable[Sequence[str]]) -> int | None:
    """The peer in rows per second, by a resource with its bulk switches on and its diff reports off; None where it is not installed."""
    try:
        import tablib
    except ImportError:
        return None
    text, listed = io.StringIO(), list(lines)
    csv.writer(text).writerows([header, *listed])
    begun = time.perf_counter()
    result = resource_class().import_data(tablib.Dataset().load(text.getvalue(), format="csv"), raise_errors=True, use_transactions=True)
    speed = round(len(listed) / (time.perf_counter() - begun))
    assert result.totals["new"] == len(listed)
    return speed
