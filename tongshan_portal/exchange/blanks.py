"""The empty workbook of an importer: headings, an example row, and a second sheet that explains every column."""

import io

import xlsxwriter
from django.utils.translation import gettext as _

from .importers import Importer


def blank_workbook(importer: Importer) -> bytes:
    """XLSX with two sheets. All cells of the first are text, so that Excel does not shorten numbers."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bottom": 1})
    needed = book.add_format({"bold": True, "bottom": 2, "font_color": "#0b5c5e"})
    text = book.add_format({"num_format": "@"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet(_plain_name(str(importer.label)))
    sheet.set_column(0, len(importer.columns) - 1, 20, text)
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(importer.columns):
        label = f"{column.label} *" if column.required else str(column.label)
        sheet.write_string(0, at, label, needed if column.required else head)
        sheet.write_string(1, at, column.example, text)
    guide = book.add_worksheet(_plain_name(_("Column guide")))
    guide.set_column(0, 0, 22)
    guide.set_column(1, 1, 12)
    guide.set_column(2, 3, 50)
    for at, word in enumerate((_("Column"), _("Required"), _("What to write"), _("Also recognised as"))):
        guide.write_string(0, at, word, head)
    for row, column in enumerate(importer.columns, start=1):
        cells = (
            str(column.label),
            _("yes") if column.required else _("no"),
            str(column.help) or column.example,
            " · ".join(column.aliases),
        )
        for at, cell in enumerate(cells):
            guide.write_string(row, at, cell, wrap)
    book.close()
    return target.getvalue()


def _plain_name(label: str) -> str:
    return "".join(char for char in label if char not in "[]:*?/\\'")[:31]
