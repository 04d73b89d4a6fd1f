"""Finding reports by a part of their words: pairs of characters in an index, so that a million rows are as quick as a thousand."""

import unicodedata

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.fields.array import ArrayContains
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact


class Pairs(Func):
    """The pairs of characters of a text, as the index keeps them."""

    function = "portal_pairs"
    output_field = ArrayField(TextField())


def normal_form(text: str) -> str:
    """Half width, lower case, without spaces: what is kept and what is looked for are written alike."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def with_words(rows: QuerySet, words: str) -> QuerySet:
    """Rows whose code, title, text or address holds the words; a single character finds nothing, for it finds too much.

    A condition on the row itself, so that the planner may choose: rare words by the index of pairs; common ones, or a narrow
    scope, by walking the list's own order, where the cheap `strpos` is asked before the pairs.
    """
    key = normal_form(words)
    if len(key) < 2:
        return rows.none() if key else rows
    pairs, nowhere = ArrayContains(Pairs(F("words")), Pairs(Value(key))), Exact(StrIndex(F("words"), Value(key)), 0)
    return rows.filter(pairs, ~Q(nowhere))  # of "not 0" the planner expects nearly all rows, of "> 0" a third
