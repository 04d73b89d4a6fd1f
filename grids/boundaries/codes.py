"""Codes as other people's files write them."""

from django.utils.translation import gettext as _

from grids.areas.codes import Level, is_area_code
from tongshan_portal.kernel.errors import DomainError

STATISTICAL = 12
"""Digits of a statistical division code: districts and towns are filled up with zeros (National Bureau of Statistics)."""


def plain_digits(value: object) -> str:
    """A code out of a cell: text, or a number that a table program made of it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).strip()
    return text.removesuffix(".0")


def from_statistical(text: str) -> str:
    """The area code of a statistical one: `320312001000` is the town `320312001`. Other texts come back as they are."""
    if len(text) != STATISTICAL or not text.isdigit():
        return text
    if text.endswith("000000"):
        return text[:6]
    return text[:9] if text.endswith("000") else text


def code_at(level: Level, value: object) -> str:
    """The area code of a level in a cell. Raises DomainError when it is none."""
    text = plain_digits(value)
    code = from_statistical(text)
    if not is_area_code(code) or len(code) != level:
        if not text:
            raise DomainError(_("The code is missing."))
        raise DomainError(_("“%(text)s” is no code of the level “%(level)s”.") % {"text": text[:30], "level": level.label})
    return code


def code_under(parent: str, value: object) -> str:
    """The area code made of the code above and a number of up to three digits. Raises DomainError when it is none."""
    text = plain_digits(value)
    if not text:
        raise DomainError(_("The code is missing."))
    if not text.isascii() or not text.isdigit() or len(text) > 3 or int(text) == 0:
        raise DomainError(_("“%(text)s” is no number from 1 to 999.") % {"text": text[:30]})
    return f"{parent}{int(text):03d}"
