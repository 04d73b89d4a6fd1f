"""A warning as another system, a file or a form gives it: checked field by field, refused in a sentence that says what to do."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from django.utils.translation import gettext as _

from tongshan_portal.exchange.public import parsers
from tongshan_portal.kernel.errors import DomainError

from .enums import Grade
from .models import FraudType

MOST = Decimal("1000000000")
"""Amounts above a thousand million yuan are slips of the keyboard."""


@dataclass(frozen=True, slots=True)
class WarningRow:
    """One warning. `type` is a fraud type by its code or label; `area_code` what the source states, mostly empty; `amount` in yuan.

    `claimed` is the sender or site that the fraud shows: what warnings of one wave have in common.
    """

    external_id: str
    phone: str
    happened_at: datetime
    type: str
    grade: str
    name: str = ""
    address: str = ""
    area_code: str = ""
    amount: Decimal | None = None
    claimed: str = ""
    digest: str = ""


def amount(value: str) -> Decimal:
    """Yuan, to the fen."""
    number = parsers.decimal()(value)
    if not 0 <= number <= MOST:
        raise DomainError(_("“%(value)s” is outside the range allowed.") % {"value": value[:30]})
    return number.quantize(Decimal("0.01"))


class Types(dict[str, str]):
    """Code of every type in use by its code and its labels; `ids` are the keys by code."""

    ids: dict[str, int]


def types_by_word() -> Types:
    """The types in use; one question."""
    found = Types()
    found.ids = {}
    for pk, code, zh, en in FraudType.objects.filter(in_use=True).values_list("pk", "code", "label_zh", "label_en"):
        found |= {code.casefold(): code, zh.casefold(): code, en.casefold(): code}
        found.ids[code] = pk
    return found


def type_parser(words: Mapping[str, str]) -> Callable[[str], str]:
    """A parser of fraud types: code or label in either language, by `types_by_word`."""

    def parse(value: str) -> str:
        code = words.get(value.strip().casefold())
        if code is None:
            raise DomainError(_("“%(value)s” is no fraud type that is in use.") % {"value": value[:60]})
        return code

    return parse


def with_type(row: WarningRow, words: Mapping[str, str]) -> WarningRow:
    """A warning whose type is a word of the dictionary, with the type's code. Raises DomainError."""
    if words.get(row.type) == row.type:
        return row
    try:
        code = type_parser(words)(row.type)
    except DomainError as error:
        raise DomainError(error.message, field="type") from error
    return row if code == row.type else replace(row, type=code)


GRADES = {"高": Grade.HIGH.value, "中": Grade.MEDIUM.value, "低": Grade.LOW.value, **{grade.value: grade.value for grade in Grade}}


def grade(value: str) -> str:
    """A grade: high, medium, low, 高, 中, 低 (with or without 危)."""
    found = GRADES.get(value.strip().casefold().removesuffix("级").removesuffix("危"))
    if found is None:
        raise DomainError(_("“%(value)s” is no grade: high, medium or low.") % {"value": value[:30]})
    return found


_EXTERNAL_ID, _PHONE, _MOMENT = parsers.code(80), parsers.phone(), parsers.moment()
_NAME, _ADDRESS, _AREA, _CLAIMED = parsers.text(60), parsers.text(200), parsers.area_code(), parsers.text(120)
REQUIRED = ("external_id", "phone", "happened_at", "type", "grade")
FIELDS = (*REQUIRED, "name", "address", "area_code", "amount", "claimed")


def parse_row(given: Mapping[str, Any], types: Mapping[str, str]) -> WarningRow:
    """The warning in what was given. Raises DomainError with the field it is about."""
    parse: dict[str, Callable[[str], Any]] = {
        "external_id": _EXTERNAL_ID, "phone": _PHONE, "happened_at": _MOMENT, "type": type_parser(types), "grade": grade,
        "name": _NAME, "address": _ADDRESS, "area_code": _AREA, "amount": amount, "claimed": _CLAIMED,
    }  # fmt: skip
    unknown = next((name for name in given if name not in parse), None)
    if unknown is not None:
        raise DomainError(_("There is no field “%(name)s”.") % {"name": str(unknown)[:40]}, field=str(unknown)[:40])
    found: dict[str, Any] = {}
    for name, read in parse.items():
        value = given.get(name)
        text = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value).replace("\x00", "").strip()
        if not text:
            if name in REQUIRED:
                raise DomainError(_("This is missing."), field=name)
            continue
        try:
            found[name] = read(text)
        except DomainError as error:
            raise DomainError(error.message, field=name) from error
    return WarningRow(**found, digest=digest_of(given))


def digest_of(given: Mapping[str, Any]) -> str:
    """SHA-256 of the row as it was sent, keys in order."""
    return hashlib.sha256(orjson.dumps(dict(given), default=str, option=orjson.OPT_SORT_KEYS)).hexdigest()
