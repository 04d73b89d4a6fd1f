"""Finding addresses by a part of them: pairs of characters in an index, so that a million rows are as quick as a thousand."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from .addresses import normal_form


def with_words(rows: QuerySet, words: str, prefix: str = "") -> QuerySet:
    """Rows whose address (reached by `prefix`, such as `address__`) holds the words; a single character is looked for at its beginning."""
    key = normal_form(words)
    if len(key) < 2:
        return rows.filter(**{f"{prefix}key__startswith": key}) if key else rows.none()
    ids = RawSQL("SELECT id FROM elements_address WHERE portal_pairs(key) @> portal_pairs(%s) AND strpos(key, %s) > 0", [key, key])
    return rows.filter(**{f"{prefix}pk__in": ids})
