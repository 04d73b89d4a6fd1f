"""Many rows in one statement: a batch travels as one JSON text, and PostgreSQL takes it apart by the columns' own types."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
from django.db import connection, models

from tongshan_portal.kernel.sealed import Sealed

Row = Mapping[str, Any]
"""Column → value. Sealed values travel in their sealed form."""


@lru_cache(maxsize=16)
def blank(model: type[models.Model]) -> dict[str, Any]:
    """What a new row of the model holds where nothing else is said: its columns with the fields' defaults."""
    columns = (field for field in model._meta.local_concrete_fields if not field.generated and not field.primary_key)
    return {field.column: field.get_default() for field in columns}


@lru_cache(maxsize=64)
def _record(model: type[models.Model], names: tuple[str, ...]) -> str:
    types = {
        field.column: field.rel_db_type(connection) if field.primary_key else field.db_type(connection)
        for field in model._meta.local_concrete_fields
    }
    return ", ".join(f"{connection.ops.quote_name(name)} {types[name]}" for name in names)


def _plain(value: Any) -> Any:
    return value.stored if isinstance(value, Sealed) else str(value)


def _text(rows: Sequence[Row]) -> str:
    return orjson.dumps([dict(row) for row in rows], default=_plain).decode()


def insert_rows(model: type[models.Model], rows: Sequence[Row], *, tail: str = "", asked: Mapping[str, str] | None = None) -> list[tuple]:
    """Insert rows of the same columns, in their order; `tail` is what follows (ON CONFLICT, RETURNING), written in the source.

    `asked` are further columns with what the database is asked for each row (`given` is the row): SQL, written in the source.
    """
    if not rows:
        return []
    names = tuple(name for name in rows[0] if name not in (asked or {}))
    quoted = ", ".join(map(connection.ops.quote_name, [*names, *(asked or {})]))
    values = ", ".join([*(f"given.{connection.ops.quote_name(name)}" for name in names), *(asked or {}).values()])
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"""
        INSERT INTO {table} AS held ({quoted}) SELECT {values}
        FROM ROWS FROM (jsonb_to_recordset(%s::jsonb) AS ({_record(model, names)})) WITH ORDINALITY AS given
        ORDER BY given.ordinality {tail}
    """  # noqa: S608 - names of the model's own columns
    with connection.cursor() as cursor:
        cursor.execute(statement, [_text(rows)])
        return cursor.fetchall() if "RETURNING" in tail else []


def update_rows(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Set columns of rows by their `id`, all of the same columns."""
    listed = list(rows)
    if not listed:
        return
    names = tuple(listed[0])
    sets = ", ".join(f"{name} = given.{name}" for name in map(connection.ops.quote_name, names) if name != '"id"')
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"""
        UPDATE {table} AS held SET {sets}
        FROM jsonb_to_recordset(%s::jsonb) AS given({_record(model, names)}) WHERE held.id = given.id
    """  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute(statement, [_text(listed)])
