"""Keyset paging: a page costs the same however deep it lies, and no row is shown twice when others come in between.

The order is a tuple of fields ending in a unique one, all ascending or all descending, none of them nullable.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

PAGE = 50
COUNT_CAP = 10_000
"""Rows are counted up to here; beyond it the page says "10 000+"."""


class WrongCursor(DomainError, BadRequest):
    """The address does not name a place in the list: Django answers 400."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of rows, with the query strings of its neighbours (None where there is none)."""

    rows: list[Any]
    newer: str | None
    older: str | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, up to COUNT_CAP."""

    number: int
    capped: bool


def _names(order: tuple[str, ...]) -> list[str]:
    return [name.removeprefix("-") for name in order]


def _encoded(row: Model, order: tuple[str, ...]) -> str:
    values = [getattr(row, name) for name in _names(order)]
    values = [value.isoformat() if isinstance(value, datetime) else value for value in values]  # the encoder would cut microseconds
    return base64.urlsafe_b64encode(json.dumps(values, cls=DjangoJSONEncoder).encode()).decode().rstrip("=")


def _decoded(text: str, model: type[Model], order: tuple[str, ...]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            raise ValueError(text)
        return [model._meta.get_field(name).to_python(value) for name, value in zip(_names(order), values, strict=True)]
    except (ValueError, binascii.Error, ValidationError, TypeError) as error:
        raise WrongCursor(_("This address does not name a place in the list. Go back to its beginning."), field="page") from error


def _beyond(order: tuple[str, ...], values: list[Any], *, forward: bool) -> Q:
    """Rows after (or before) the place, as one bound on the first field, which an index serves, and the exact rule beside it."""
    lookup = "lt" if order[0].startswith("-") == forward else "gt"
    names, exact, equal = _names(order), Q(), Q()
    for name, value in zip(names, values, strict=True):
        exact |= equal & Q(**{f"{name}__{lookup}": value})
        equal &= Q(**{name: value})
    return Q(**{f"{names[0]}__{lookup}e": values[0]}) & exact


def _reversed(order: tuple[str, ...]) -> list[str]:
    return [name.removeprefix("-") if name.startswith("-") else f"-{name}" for name in order]


def _with(request: HttpRequest, name: str, cursor: str) -> str:
    """The request's query string with this cursor in place of any other."""
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[name] = cursor
    return "?" + query.urlencode()


Rows = QuerySet | Sequence[QuerySet]
"""Rows of one model: one queryset, or several that share no row and whose union is meant. PostgreSQL walks an index in the list's order
for one equality, and no index where two are joined by OR: parts are asked one by one and brought together."""


def _parts(rows: Rows) -> Sequence[QuerySet]:
    return [rows] if isinstance(rows, QuerySet) else rows


def _first(parts: Sequence[QuerySet], order: Sequence[str], size: int) -> list[Any]:
    """The first rows in order, of all parts together."""
    if len(parts) == 1:
        return list(parts[0].order_by(*order)[:size])
    found = [row for part in parts for row in part.order_by(*order)[:size]]
    return sorted(found, key=attrgetter(*_names(tuple(order))), reverse=order[0].startswith("-"))[:size]


def page_of(request: HttpRequest, rows: Rows, *, order: tuple[str, ...], size: int = PAGE) -> Page:
    """The page that the request asks for (`?after=` or `?before=`). One query for each part of the rows. Raises WrongCursor."""
    parts = _parts(rows)
    model = parts[0].model
    before, after = request.GET.get("before"), request.GET.get("after")
    if before:
        place = _beyond(order, _decoded(before, model, order), forward=False)
        found = _first([part.filter(place) for part in parts], _reversed(order), size + 1)
        more, shown = len(found) > size, found[:size][::-1]
        newer, older = more, bool(shown)
    else:
        if after:
            place = _beyond(order, _decoded(after, model, order), forward=True)
            parts = [part.filter(place) for part in parts]
        found = _first(parts, order, size + 1)
        shown, newer, older = found[:size], bool(after and found), len(found) > size
    return Page(
        shown,
        _with(request, "before", _encoded(shown[0], order)) if newer and shown else None,
        _with(request, "after", _encoded(shown[-1], order)) if older and shown else None,
    )


def count_of(rows: Rows) -> Count:
    """How many rows there are: exact up to COUNT_CAP, so that a count never walks a whole table."""
    number = 0
    for part in _parts(rows):
        number += part.order_by().values("pk")[: COUNT_CAP + 1 - number].count()
        if number > COUNT_CAP:
            break
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)


def count_on(page: Page) -> Count:
    """What a page says of the whole by itself: exact where it is the only one, else that there are more than its rows.

    For a search: to count what holds some words, every row would be read that holds them.
    """
    return Count(len(page.rows), page.newer is not None or page.older is not None)
