"""Merging a batch into a table: COPY into a temporary table, one INSERT … ON CONFLICT, and what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from grids.areas.models import AreaCodeField
from tongshan_portal.kernel.copying import copy_rows
from tongshan_portal.kernel.sealed import Sealed

from .importers import Outcome

_names = count()
_DIRECT = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.BigIntegerField,
    models.PositiveSmallIntegerField,
    models.FloatField,
    models.DateField,
    models.DateTimeField,
    models.BooleanField,
    models.ForeignKey,
    ArrayField,
)
"""Fields whose values COPY takes as they are (of a foreign key, the key); the others prepare theirs (sealed fields seal)."""


def _preparing(kind: models.Field) -> Callable[[Any], Any]:
    """What makes a value of this field ready for COPY."""
    if type(kind) in _DIRECT or isinstance(kind, AreaCodeField):
        return _as_it_is
    return lambda value: value.stored if isinstance(value, Sealed) else kind.get_db_prep_save(value, connection)


def _as_it_is(value: Any) -> Any:
    return value


def merge_rows(model: type[models.Model], rows: Iterable[Sequence[Any]], *, fields: Sequence[str], key: Sequence[str]) -> Counter[Outcome]:
    """Write rows (values in the order of `fields`) into the table of `model`; `key` are fields with a unique constraint.

    A row whose key is new is created, one that differs is changed, one that is equal is left alone (so a second run writes nothing).
    Values go through the fields' own `get_db_prep_save`, so sealed fields seal. Of repeated keys in one batch the last wins.
    Call it inside a transaction.
    """
    kinds = [model._meta.get_field(name) for name in fields]
    columns = [connection.ops.quote_name(kind.column) for kind in kinds]
    keys = [connection.ops.quote_name(model._meta.get_field(name).column) for name in key]
    others = [column for column in columns if column not in keys]
    table, stage = connection.ops.quote_name(model._meta.db_table), f"exchange_merge_{next(_names)}"
    listed, keyed = ", ".join(columns), ", ".join(keys)
    preparing = [_preparing(kind) for kind in kinds]
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {stage} ON COMMIT DROP AS SELECT {listed} FROM {table} WITH NO DATA")  # noqa: S608
        cursor.execute(f"ALTER TABLE {stage} ADD COLUMN exchange_order bigserial")
        values = ([prepare(value) for prepare, value in zip(preparing, row, strict=True)] for row in rows)
        copy_rows(cursor, f"{stage} ({listed})", values)
        update = (
            f"DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in others)} "
            f"WHERE ({', '.join(f'target.{c}' for c in others)}) IS DISTINCT FROM ({', '.join(f'excluded.{c}' for c in others)})"
            if others
            else "DO NOTHING"
        )
        cursor.execute(
            f"""
            WITH incoming AS (SELECT DISTINCT ON ({keyed}) {listed} FROM {stage} ORDER BY {keyed}, exchange_order DESC),
            merged AS (
                INSERT INTO {table} AS target ({listed}) SELECT {listed} FROM incoming
                ON CONFLICT ({keyed}) {update} RETURNING (xmax = 0) AS is_new
            )
            SELECT (SELECT count(*) FROM {stage}), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM merged
            """  # noqa: S608 - names of the model's own columns
        )
        total, created, changed = cursor.fetchone()
    return Counter({Outcome.CREATED: created, Outcome.CHANGED: changed, Outcome.UNCHANGED: total - created - changed})
