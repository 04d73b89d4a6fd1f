"""Rewriting what old keys sealed, a batch at a time, while the portal runs.

State is in the values themselves: whatever is not under the keys in use is still to do, so a run that was stopped goes on where it was.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from .fields import SealedTextField
from .keys import index_keys, seal_key
from .value import VERSION, seal, unseal

BATCH = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one field is: `done` of `total` values that were not under the keys in use when the run began."""

    label: str
    done: int
    total: int


def sealed_fields() -> list[SealedTextField]:
    """Every sealed field of the portal, ordered by its column."""
    found = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, SealedTextField) and model._meta.managed and not model._meta.proxy
    ]
    return sorted(found, key=lambda field: field.place.binding)


def outdated(field: SealedTextField) -> models.QuerySet:
    """The rows whose value is not under the keys in use, annotated with the stored text as `sealed_text`."""
    current = Q(sealed_text__startswith=f"{VERSION}.{seal_key().id}.")
    if field.indexed:
        current &= Q(sealed_text__contains=f".{index_keys()[0].id}-")
    rows = field.model._base_manager.annotate(sealed_text=Cast(F(field.attname), TextField()))
    return rows.exclude(sealed_text__isnull=True).exclude(sealed_text="").exclude(current)


def _rewrite(field: SealedTextField, after: object, batch: int) -> tuple[object, int]:
    """One batch, in its own transaction: answers the last primary key (None at the end) and how many were rewritten."""
    table, column = connection.ops.quote_name(field.model._meta.db_table), connection.ops.quote_name(str(field.column))
    key_field = field.model._meta.pk
    key = connection.ops.quote_name(str(key_field.column))
    with transaction.atomic():
        rows = outdated(field).order_by("pk").select_for_update(no_key=True, of=("self",))
        rows = rows if after is None else rows.filter(pk__gt=after)
        found = list(rows.values_list("pk", "sealed_text")[:batch])
        place = field.place
        values = [(seal(unseal(text, place), place), pk) for pk, text in found]
        with connection.cursor() as cursor:
            # The names come from the models, quoted by the backend; the values are parameters.
            statement = f"UPDATE {table} SET {column} = %s WHERE {key} = %s"  # noqa: S608
            cursor.executemany(statement, [(text, key_field.get_db_prep_value(pk, connection)) for text, pk in values])
    return (found[-1][0] if found else None), len(found)


def rotate(batch: int = BATCH, fields: Iterable[SealedTextField] | None = None) -> Iterator[Progress]:
    """Rewrite every outdated value; yields after each batch. Raises SealBroken when one does not open, leaving the others done."""
    for field in sealed_fields() if fields is None else fields:
        total, done, after = outdated(field).count(), 0, None
        yield Progress(field.place.binding, done, total)
        while total:
            after, count = _rewrite(field, after, batch)
            done += count
            if not count:
                # A row loaded before its rewrite and saved whole after it carries the old value again: go round until nothing is left.
                if not outdated(field).exists():
                    break
                after = None
                continue
            yield Progress(field.place.binding, done, max(total, done))
