"""Readers: a file as a header and rows of text, one row at a time.

CSV and GeoJSON are streamed. An XLSX sheet is one compressed document that calamine unpacks in one go; its memory is bounded by the limits
that `archive` and the row limit set (measured: docs/exchange.md).
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

import ijson
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from tongshan_portal.kernel.cells import as_text, clean
from tongshan_portal.kernel.errors import DomainError

from .conf import limit
from .enums import FileFormat

GEOMETRY = "geometry"
_HEADER_FEATURES = 1_000


@dataclass(slots=True)
class Table:
    """A table being read: `header` once, `rows` once. Row 1 of `rows` is the first row under the header."""

    header: list[str]
    rows: Iterator[list[str]]


def open_table(file: BinaryIO, format: str, *, encoding: str = "", delimiter: str = ",") -> Table:
    """Open a file whose facts are known. Raises DomainError for what cannot be read, now or while reading."""
    file.seek(0)
    if format == FileFormat.CSV:
        table = _open_csv(file, encoding, delimiter)
    elif format == FileFormat.XLSX:
        table = _open_xlsx(file)
    else:
        table = _open_geojson(file)
    if not any(table.header):
        raise DomainError(_("The first row must hold the names of the columns."))
    if len(table.header) > limit("MAX_COLUMNS"):
        raise DomainError(_("The table has more than %(count)d columns.") % {"count": limit("MAX_COLUMNS")})
    table.rows = _limited(table.rows, len(table.header))
    return table


def _limited(rows: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """Rows of exactly `width` cells; empty rows are passed on as empty, so that row numbers stay those of the file."""
    most_rows, most_chars = limit("MAX_ROWS"), limit("MAX_CELL_CHARS")
    for number, row in enumerate(rows, start=1):
        if number > most_rows:
            raise DomainError(_("The table has more than %(count)d rows. Divide it into several files.") % {"count": most_rows})
        if len(row) > width:
            row = row if any(row[width:]) else row[:width]
        elif len(row) < width:
            row = row + [""] * (width - len(row))
        if sum(map(len, row)) > most_chars:
            raise DomainError(_("Row %(number)d is too large.") % {"number": number + 1})
        yield row


def _open_csv(file: BinaryIO, encoding: str, delimiter: str) -> Table:
    csv.field_size_limit(limit("MAX_CELL_CHARS"))
    lines = csv.reader(io.TextIOWrapper(_Unclosed(file), encoding=encoding, newline=""), delimiter=delimiter)

    def rows() -> Iterator[list[str]]:
        try:
            for row in lines:
                yield [clean(cell) for cell in row]
        except csv.Error as error:
            message = _("Line %(line)d cannot be read as CSV: a quotation mark is probably missing.")
            raise DomainError(message % {"line": lines.line_num}) from error

    stream = rows()
    header: list[str] = []
    for row in stream:  # a title line of one cell, or blank lines, may stand above the names of the columns
        header = row
        if any(row):
            break
    while header and not header[-1]:
        header.pop()
    return Table(header, stream)


class _Unclosed(io.RawIOBase):
    """A view of a file that a text wrapper may close without closing the file."""

    def __init__(self, file: BinaryIO):
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _open_xlsx(file: BinaryIO) -> Table:
    try:
        book = CalamineWorkbook.from_filelike(file)
        visible = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible] or book.sheet_names
        sheet = next((sheet for name in visible if (sheet := book.get_sheet_by_name(name)).height), None)
    except (CalamineError, OSError) as error:
        raise DomainError(_("The workbook is damaged or protected by a password. Open it in Excel and save it again.")) from error
    if sheet is None:
        raise DomainError(_("The workbook has no sheet with rows."))
    if sheet.height > limit("MAX_ROWS") + 1:
        raise DomainError(_("The table has more than %(count)d rows. Divide it into several files.") % {"count": limit("MAX_ROWS")})
    stream = ([as_text(cell) for cell in row] for row in sheet.iter_rows())
    header: list[str] = []
    for row in stream:
        header = row
        if any(row):
            break
    while header and not header[-1]:
        header.pop()
    return Table(header, stream)


def _open_geojson(file: BinaryIO) -> Table:
    """Properties become columns (those that the first thousand features have), the geometry a last column of JSON text."""
    names: dict[str, None] = {}
    try:
        for number, feature in enumerate(ijson.items(file, "features.item")):
            if number >= _HEADER_FEATURES:
                break
            names.update(dict.fromkeys(feature.get("properties") or {}))
    except (ijson.JSONError, AttributeError, TypeError) as error:
        raise DomainError(_("The GeoJSON file cannot be read: %(error)s") % {"error": str(error)[:200]}) from error
    file.seek(0)
    names.pop(GEOMETRY, None)
    columns = list(names)

    def rows() -> Iterator[list[str]]:
        try:
            for feature in ijson.items(file, "features.item"):
                properties = feature.get("properties") or {}
                cells = [_json_text(properties.get(name)) for name in columns]
                yield [*cells, _json_text(feature.get("geometry"))]
        except (ijson.JSONError, AttributeError) as error:
            raise DomainError(_("The GeoJSON file cannot be read: %(error)s") % {"error": str(error)[:200]}) from error

    return Table([*columns, GEOMETRY], rows())


def _json_text(value) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=float)
    if isinstance(value, Decimal):
        return str(value)
    return as_text(value)
