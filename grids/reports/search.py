"""Finding reports by a part of their words: pairs of characters in an index, so that a million rows are as quick as a thousand."""

import unicodedata

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


def normal_form(text: str) -> str:
    """Half width, lower case, without spaces: what is kept and what is looked for are written alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def with_words(rows: QuerySet, words: str) -> QuerySet:
    """Rows whose code, title, text or address holds the words; a single character finds nothing, for it finds too much."""
    key = normal_form(words)
    if len(key) < 2:
        return rows.none() if key else rows
    ids = RawSQL("SELECT id FROM reports_report WHERE portal_pairs(words) @> portal_pairs(%s) AND strpos(words, %s) > 0", [key, key])
    return rows.filter(pk__in=ids)
