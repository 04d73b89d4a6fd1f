"""One cell: what Excel and people make of it, as text; and text made harmless for a spreadsheet."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

EDGE_SPACE = " \t\r\n\f\v\u3000\u00a0\ufeff\u200b\u2002\u2003\u2009"
"""Space at the edges of a cell that nobody meant: full width, non-breaking, zero width, byte order mark."""

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so may be run as a formula (OWASP, CSV injection), full-width forms included."""

EXPONENT = re.compile(r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$")
"""A number that a spreadsheet shortened: `1.38E+10`. Its digits are gone."""

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EXACT_DIGITS = 10**15
"""Spreadsheets keep 15 digits of a number; a longer one (identity number, account) has lost its end."""


def clean(text: str) -> str:
    """A cell as the person meant it: without space at the edges, and without the apostrophe that says "this is text"."""
    text = text.strip(EDGE_SPACE)
    if text.startswith("'"):
        text = text[1:]
    return _INVALID.sub("", text) if _INVALID.search(text) else text


def as_text(value) -> str:
    """A value that a spreadsheet reader gave, as text: 13800001234.0 is "13800001234", midnight is dropped from a date."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value) if abs(value) < EXACT_DIGITS else f"{Decimal(value):.14E}"
    if isinstance(value, float):
        if abs(value) >= EXACT_DIGITS:
            return f"{value:.14E}"
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else clean(str(value))


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe before it where needed. `clean` takes it off again.

    A text that begins with an apostrophe of its own gets another, so that nothing is lost on the way back.
    """
    start = text.lstrip(EDGE_SPACE)
    risky = text.startswith(("\t", "\r", "\n", "'")) or start.startswith(FORMULA_STARTS)
    return f"'{text}" if risky else text
