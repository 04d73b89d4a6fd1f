"""Peers of an importer: the floor, a raw COPY; and django-import-export with its bulk switches on and its reports of differences off."""

import csv
import io
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def raw_copy(path: Path, width: int, rows: int) -> int:
    """Rows per second of the file as it is, into a table of text without an index."""
    from django.db import connection

    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.execute(f"CREATE TABLE bench_raw ({', '.join(f'c{number} text' for number in range(width))})")
        begun = time.perf_counter()
        cursor.cursor.copy_expert("COPY bench_raw FROM STDIN WITH (FORMAT csv, HEADER)", file)
        return round(rows / (time.perf_counter() - begun))


def import_export(of: Any, key: str, names: Sequence[str], rows: Iterable[Sequence[str]]) -> int | None:
    """Rows per second of django-import-export into a model, without what the portal does beside; None where it is not installed."""
    try:
        import tablib
        from import_export import fields, resources
    except ImportError:
        return None
    columns = {name: fields.Field(attribute=name, column_name=name) for name in names if name.endswith(("_id", "_on", "_at"))}
    # django-import-export keeps its own name for the model.
    meta = type(
        "Meta",
        (),
        {"model": of, "fields": tuple(names), "import_id_fields": (key,), "use_bulk": True, "batch_size": 2_000, "skip_diff": True,
         "skip_html_diff": True},
    )  # fmt: skip
    resource = type("Resource", (resources.ModelResource,), {**columns, "Meta": meta})
    text, listed = io.StringIO(), list(rows)
    csv.writer(text).writerows([names, *listed])
    begun = time.perf_counter()
    result = resource().import_data(tablib.Dataset().load(text.getvalue(), format="csv"), raise_errors=True, use_transactions=True)
    speed = round(len(listed) / (time.perf_counter() - begun))
    assert result.totals["new"] == len(listed)
    return speed
