"""Keyset paging: a page costs the same however deep it lies, and no row is shown twice when others come in between.

The order is a tuple of fields ending in a unique one, all ascending or all descending, none of them nullable.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

PAGE = 50
COUNT_CAP = 10_000
"""Rows are counted up to here; beyond it the page says "10 000+"."""


class WrongCursor(DomainError):
    """The address does not name a place in the list; pages answer 400."""


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


def page_of(request: HttpRequest, rows: QuerySet, *, order: tuple[str, ...], size: int = PAGE) -> Page:
    """The page that the request asks for (`?after=` or `?before=`). One query. Raises WrongCursor."""
    before, after = request.GET.get("before"), request.GET.get("after")
    if before:
        place = _beyond(order, _decoded(before, rows.model, order), forward=False)
        found = list(rows.filter(place).order_by(*_reversed(order))[: size + 1])
        more, shown = len(found) > size, found[:size][::-1]
        newer, older = more, bool(shown)
    else:
        if after:
            rows = rows.filter(_beyond(order, _decoded(after, rows.model, order), forward=True))
        found = list(rows.order_by(*order)[: size + 1])
        shown, newer, older = found[:size], bool(after and found), len(found) > size
    return Page(
        shown,
        _with(request, "before", _encoded(shown[0], order)) if newer and shown else None,
        _with(request, "after", _encoded(shown[-1], order)) if older and shown else None,
    )


def count_of(rows: QuerySet) -> Count:
    """How many rows there are: exact up to COUNT_CAP, so that a count never walks a whole table."""
    number = rows.order_by().values("pk")[: COUNT_CAP + 1].count()
    return Count(min(number, COUNT_CAP), number > COUNT_CAP)
