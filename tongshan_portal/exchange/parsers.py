"""Parsers: from the text of a cell to a value, or a DomainError whose sentence says what to do.

Each factory answers a function of one text. An empty cell never reaches a parser: it is None.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tongshan_portal.kernel.cells import EXPONENT
from tongshan_portal.kernel.errors import DomainError

Parser = Callable[[str], Any]

_DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_MOMENT = re.compile(r"^(\S.*?)[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?$")
_SERIAL = re.compile(r"^\d{5}(?:\.\d+)?$")
_WIDE = str.maketrans("０１２３４５６７８９．，－＋：／", "0123456789.,-+:/")
EXCEL_EPOCH = date(1899, 12, 30)
YES = frozenset({"是", "有", "对", "yes", "y", "true", "1", "√", "✓"})
NO = frozenset({"否", "无", "不", "no", "n", "false", "0", "×", "✗"})


def refuse_exponent(value: str) -> None:
    """Refuse what a spreadsheet has shortened: the digits cannot be had back from it."""
    if EXPONENT.match(value):
        message = _("“%(value)s” has lost digits in the spreadsheet. Set the column to the format “Text” and enter the number again.")
        raise DomainError(message % {"value": value})


def text(max_length: int = 500) -> Parser:
    """Text of at most so many characters."""

    def parse(value: str) -> str:
        if len(value) > max_length:
            raise DomainError(_("Longer than %(count)d characters.") % {"count": max_length})
        return value

    return parse


def code(max_length: int = 60, pattern: str = r"^[\w.\-/@+]+$") -> Parser:
    """A name for machines: digits and letters without space. Numbers that a spreadsheet has shortened are refused."""
    shape = re.compile(pattern)

    def parse(value: str) -> str:
        refuse_exponent(value)
        value = value.translate(_WIDE)
        if len(value) > max_length or not shape.match(value):
            raise DomainError(_("“%(value)s” is not a valid code.") % {"value": value[:60]})
        return value

    return parse


def area_code() -> Parser:
    """An area code of 6, 9, 12, 15 or 18 digits. Whether the area exists is the importer's question, asked once per batch."""
    shape = re.compile(r"^\d{6}(\d{3}){0,4}$")

    def parse(value: str) -> str:
        refuse_exponent(value)
        value = value.translate(_WIDE)
        if not shape.match(value):
            raise DomainError(_("“%(value)s” is not an area code: it has 6, 9, 12, 15 or 18 digits.") % {"value": value[:30]})
        return value

    return parse


def phone() -> Parser:
    """A mobile or landline number of the mainland, without spaces and dashes."""
    shape = re.compile(r"^(?:1[3-9]\d{9}|0\d{9,11}|[2-9]\d{6,7}|400\d{7})$")

    def parse(value: str) -> str:
        refuse_exponent(value)
        digits = re.sub(r"^(\+?86)(?=1)", "", re.sub(r"[\s\-()（）]", "", value.translate(_WIDE)))
        if not shape.match(digits):
            raise DomainError(_("This is not a telephone number."))
        return digits

    return parse


def whole_number(minimum: int | None = None, maximum: int | None = None) -> Parser:
    """A whole number between two bounds, both included."""

    def parse(value: str) -> int:
        number = decimal()(value)
        if number != number.to_integral_value():
            raise DomainError(_("“%(value)s” is not a whole number.") % {"value": value[:30]})
        if (minimum is not None and number < minimum) or (maximum is not None and number > maximum):
            raise DomainError(_("“%(value)s” is outside the range allowed.") % {"value": value[:30]})
        return int(number)

    return parse


def decimal() -> Parser:
    """A number; thousands may be separated by commas."""

    def parse(value: str) -> Decimal:
        try:
            number = Decimal(value.translate(_WIDE).replace(",", ""))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise DomainError(_("“%(value)s” is not a number.") % {"value": value[:30]})
        return number

    return parse


def degrees(limit: float) -> Parser:
    """A longitude (`limit` 180) or a latitude (90)."""
    number = decimal()

    def parse(value: str) -> float:
        found = float(number(value))
        if abs(found) > limit:
            raise DomainError(_("“%(value)s” is outside the range of degrees.") % {"value": value[:30]})
        return found

    return parse


def _day(value: str) -> date:
    value = value.translate(_WIDE).strip()
    try:
        if match := _DAY.match(value):
            return date(*map(int, match.groups()))
        if re.fullmatch(r"\d{8}", value):
            return datetime.strptime(value, "%Y%m%d").date()
        if _SERIAL.match(value):
            return EXCEL_EPOCH + timedelta(days=int(value[:5]))
    except ValueError:
        pass
    raise DomainError(_("“%(value)s” is not a date. Write it as 2026-01-31.") % {"value": value[:30]})


def day() -> Parser:
    """A date: 2026-01-31, 2026/1/31, 2026.1.31, 2026年1月31日, 20260131, or the serial number of a spreadsheet."""

    def parse(value: str) -> date:
        match = _MOMENT.match(value.translate(_WIDE))
        return _day(match.group(1) if match else value)

    return parse


def moment() -> Parser:
    """A date with a time, in the district's time zone unless it says its own (ISO 8601). Without a time it is midnight."""

    def parse(value: str) -> datetime:
        plain = value.translate(_WIDE).strip()
        try:
            known = datetime.fromisoformat(plain)
        except ValueError:
            known = None
        if known is not None and len(plain) > 10:
            return known if known.tzinfo else known.replace(tzinfo=timezone.get_default_timezone())
        if _SERIAL.match(plain) and "." in plain:
            seconds = round(float(f"0.{plain.split('.')[1]}") * 86_400)
            start = datetime(EXCEL_EPOCH.year, EXCEL_EPOCH.month, EXCEL_EPOCH.day)
            return timezone.make_aware(start + timedelta(days=int(plain[:5]), seconds=seconds))
        match = _MOMENT.match(plain)
        found = _day(match.group(1) if match else plain)
        hour, minute, second = (int(part or 0) for part in match.groups()[1:]) if match else (0, 0, 0)
        try:
            return timezone.make_aware(datetime(found.year, found.month, found.day, hour, minute, second))
        except ValueError:
            raise DomainError(_("“%(value)s” is not a time. Write it as 2026-01-31 08:30.") % {"value": value[:30]}) from None

    return parse


def yes_no() -> Parser:
    """Yes or no, in either language."""

    def parse(value: str) -> bool:
        word = value.lower()
        if word in YES or word in NO:
            return word in YES
        raise DomainError(_("“%(value)s” is neither “yes” nor “no”.") % {"value": value[:30]})

    return parse


def choice(choices: Callable[[], list[tuple[str, Any]]]) -> Parser:
    """One of a list: its code, or its label in any of the portal's languages. `choices` answers pairs of code and (lazy) label."""
    words: dict[str, str] = {}

    def fill() -> None:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.update({str(label).casefold(): key for key, label in choices()})
        words.update({str(key).casefold(): key for key, _label in choices()})

    def parse(value: str) -> str:
        if not words:
            fill()
        found = words.get(value.casefold())
        if found is None:
            raise DomainError(_("“%(value)s” is not one of the values allowed.") % {"value": value[:60]})
        return found

    return parse
