"""Writers: rows into CSV or XLSX, a row at a time, with every cell made harmless for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, BinaryIO, Protocol

import xlsxwriter
from django.utils import timezone

from tongshan_portal.kernel.cells import neutral

from .enums import FileFormat

EXCEL_TEXT = 32_767
"""Characters that one cell of a workbook holds."""


class Writer(Protocol):
    def header(self, cells: Sequence[str]) -> None: ...
    def row(self, cells: Sequence[Any]) -> None: ...
    def close(self) -> None: ...


def writer_for(format: str, target: BinaryIO, *, title: str = "", footer: str = "") -> Writer:
    """A writer into a binary file. `title` names the sheet; `footer` is printed under every page of a workbook."""
    return XlsxWriter(target, title, footer) if format == FileFormat.XLSX else CsvWriter(target)


def _plain(value: Any) -> Any:
    """A value as a spreadsheet may have it: local time without zone, text neutralised."""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if value is None or isinstance(value, (bool, int, float, Decimal, date, time)):
        return value
    return neutral(str(value))


class CsvWriter:
    """CSV in UTF-8 with the mark that makes Excel read it as such (RFC 4180, CRLF)."""

    def __init__(self, target: BinaryIO):
        self._text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=False)
        self._csv = csv.writer(self._text)

    def header(self, cells: Sequence[str]) -> None:
        self.row(cells)

    def row(self, cells: Sequence[Any]) -> None:
        self._csv.writerow([self._cell(cell) for cell in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()

    @staticmethod
    def _cell(cell: Any) -> Any:
        value = _plain(cell)
        if isinstance(value, datetime):
            return value.isoformat(sep=" ", timespec="seconds")
        return value


class XlsxWriter:
    """A workbook in constant memory: text as text, numbers as numbers, dates as dates; the first row stays in view."""

    def __init__(self, target: BinaryIO, title: str, footer: str):
        self._book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        name = "".join(char for char in title if char not in "[]:*?/\\'")[:31].strip()
        self._sheet = self._book.add_worksheet(name or None)
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._text = self._book.add_format({"num_format": "@"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._at = 0
        if footer:
            line = footer.replace("&", "&&")[:200]
            self._sheet.set_footer(f"&L&8{line}&R&8&P / &N")
            self._sheet.set_header(f"&L&8{line}")
        self._sheet.set_landscape()
        self._sheet.set_paper(9)

    def header(self, cells: Sequence[str]) -> None:
        for column, cell in enumerate(cells):
            self._sheet.write_string(self._at, column, neutral(str(cell))[:EXCEL_TEXT], self._head)
        self._sheet.set_column(0, max(len(cells) - 1, 0), 18)
        self._at += 1
        self._sheet.freeze_panes(self._at, 0)

    def row(self, cells: Sequence[Any]) -> None:
        for column, cell in enumerate(cells):
            self._write(column, _plain(cell))
        self._at += 1

    def close(self) -> None:
        self._book.close()

    def _write(self, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, str):
            self._sheet.write_string(self._at, column, value[:EXCEL_TEXT], self._text)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._at, column, value)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(self._at, column, value, self._moment)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._at, column, value, self._day)
        elif isinstance(value, time):
            self._sheet.write_string(self._at, column, value.isoformat(), self._text)
        elif abs(value) >= 10**15:
            self._sheet.write_string(self._at, column, str(value), self._text)
        else:
            self._sheet.write_number(self._at, column, value)


def write_table(format: str, target: BinaryIO, header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str = "") -> int:
    """A whole table; answers the number of rows."""
    writer, number = writer_for(format, target, title=title), 0
    writer.header(header)
    for row in rows:
        writer.row(row)
        number += 1
    writer.close()
    return number
