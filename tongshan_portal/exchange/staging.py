"""The stage: a file copied into an UNLOGGED table, so that work can begin again at any row. `cells` is a JSON list of text.

After a crash of PostgreSQL itself the table is empty; the run sees that and stages its file again.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from uuid import UUID

import orjson
from django.db import connection, transaction

from tongshan_portal.kernel.copying import copy_lines

from .conf import limit

_BACKSLASH = "\\"

Staged = tuple[int, list[str], int | None]
"""Row number, cells, and the number of the first row with the same external id (None for the first itself)."""


def stage(run_id: UUID, rows: Iterable[list[str]], alive: Callable[[], None]) -> int:
    """Copy rows onto an empty stage; answers their number. `alive` is called within every portion's transaction and may raise to end it."""
    clear(run_id)
    number, stream = 0, iter(rows)
    while portion := list(islice(stream, limit("STAGE_ROWS"))):
        with transaction.atomic(), connection.cursor() as cursor:
            alive()
            lines = [
                f"{run_id}\t{at}\t{orjson.dumps(cells).decode().replace(_BACKSLASH, _BACKSLASH * 2)}\n"
                for at, cells in enumerate(portion, start=number + 1)
            ]
            copy_lines(cursor, "exchange_stagedrow (run_id, number, cells)", lines)
            number += len(portion)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE exchange_stagedrow")
    return number


def count(run_id: UUID) -> int:
    """How many rows stand on the stage: fewer than staged when the database has crashed since."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM exchange_stagedrow WHERE run_id = %s", [run_id])
        return cursor.fetchone()[0]


def mark_repeats(run_id: UUID, positions: list[int]) -> None:
    """Note on each row the first row with the same cells in `positions` (from 0). Rows where any of them is empty do not count."""
    if not positions:
        return
    cells = [f"(cells->>{int(at)})" for at in positions]
    filled = " AND ".join(f"{cell} <> ''" for cell in cells)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE exchange_stagedrow SET repeats = NULL WHERE run_id = %s AND repeats IS NOT NULL", [run_id])
        cursor.execute(
            f"""
            UPDATE exchange_stagedrow AS row SET repeats = known.first
            FROM (
                SELECT number, min(number) OVER (PARTITION BY {", ".join(cells)}) AS first
                FROM exchange_stagedrow WHERE run_id = %(run)s AND {filled}
            ) AS known
            WHERE row.run_id = %(run)s AND row.number = known.number AND known.first < known.number
            """,  # noqa: S608 - whole numbers only
            {"run": run_id},
        )


def chunk(run_id: UUID, after: int, size: int) -> list[Staged]:
    """The next rows after a position, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, cells::text, repeats FROM exchange_stagedrow WHERE run_id = %s AND number > %s ORDER BY number LIMIT %s",
            [run_id, after, size],
        )
        return [(number, orjson.loads(cells), repeats) for number, cells, repeats in cursor.fetchall()]


def clear(run_id: UUID) -> None:
    """Take everything of a run off the stage."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM exchange_stagedrow WHERE run_id = %s", [run_id])
