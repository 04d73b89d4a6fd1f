"""Rows of JSON by the columns of an importer: the same parsers, the same sentences, and the schema beside them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from ..importers import Column
from .registry import RowProblem, RowRefused


def _text(value: Any) -> str:
    """A value of JSON as a cell of a table has it. Raises DomainError for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value).replace("\x00", "").strip()
    raise DomainError(_("Text or a number is expected here."))


def parse(columns: Sequence[Column], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row by column, None for what is empty. Raises RowRefused with everything that is wrong."""
    problems, values = [], {}
    for name in raw.keys() - {column.name for column in columns}:
        problems.append(RowProblem(name[:60], _("There is no field of this name.")))
    for column in columns:
        values[column.name] = None
        try:
            text = _text(raw.get(column.name))
            if text:
                values[column.name] = column.parse(text)
            elif column.required:
                problems.append(RowProblem(column.name, _("%(column)s is missing.") % {"column": column.label}))
        except DomainError as error:
            problems.append(RowProblem(column.name, str(error)))
    if problems:
        raise RowRefused(*sorted(problems, key=lambda one: one.field))
    return values


def schema(columns: Sequence[Column], kinds: Mapping[str, Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """The JSON Schema of a row. `kinds` says of a column what it is, where it is not text."""
    properties = {}
    for column in columns:
        words = " – ".join(filter(None, [str(column.label), str(column.help)]))
        properties[column.name] = {"type": "string", **((kinds or {}).get(column.name, {})), "description": words}
        if column.example:
            properties[column.name]["examples"] = [column.example]
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [column.name for column in columns if column.required],
        "properties": properties,
    }


def by_columns(
    columns: Sequence[Column], kinds: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[Callable[[Mapping[str, Any]], dict[str, Any]], Callable[[], dict[str, Any]]]:
    """What an `Intake` needs of them: `parse_row, schema = by_columns(COLUMNS)`."""
    return (lambda raw: parse(columns, raw)), (lambda: schema(columns, kinds))
