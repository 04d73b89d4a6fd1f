"""The door of the resident's side: code and follow key together, or nothing, and no way to tell which of them was wrong."""

import re
import secrets
import unicodedata
from datetime import datetime

from ..models import Report
from ..models.report import KEY_LETTERS
from . import limiting

LOOKS_LIKE = {"0": "Q", "O": "Q", "U": "V", "I": "J", "L": "J", "1": "J"}
"""Keys hold none of these: whoever types one misread its neighbour."""

DIGIT = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "J": "1", "Z": "2", "S": "5", "B": "8", "G": "6"}
"""What letters are in the day of a code, where only digits stand."""

LETTER = str.maketrans("АВЕКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXABEZHIKMNOPTYX")
"""Cyrillic and Greek capitals that look like Latin ones."""

NOBODYS = "-" * 8
"""Stands for the key of a code that nobody has, so that both comparisons take the same time."""


def plain(text: str) -> str:
    """Capitals of half width without spaces, dashes and marks."""
    return re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper().translate(LETTER))


def _spelt(text: str) -> str:
    return "".join(letter if letter in KEY_LETTERS else LOOKS_LIKE.get(letter, letter) for letter in text)


def code_in(text: str) -> str:
    """A case code as it is kept, from the way somebody typed it: `ts251125 abc234` is `TS251125-ABC234`."""
    letters = plain(text[:60])
    day = "".join(DIGIT.get(letter, letter) for letter in letters[2:8])
    if len(letters) == 14 and letters.startswith("TS") and day.isdecimal():
        return f"TS{day}-{_spelt(letters[8:])}"
    return text[:60].strip().upper()


def key_in(text: str) -> str:
    """A follow key as it is kept, from the way somebody typed it."""
    return _spelt(plain(text[:40]))


def find(code: str, key: str, *, address: str, now: datetime) -> Report | None:
    """The report of a code and its key; None, and one attempt less for the address, when either is wrong. Raises TooOften."""
    line = limiting.line_of(address)
    limiting.refuse_spent(limiting.WRONG, line, now=now)
    rows = Report.objects.unscoped("whoever holds the follow key reads the report")
    found = rows.filter(code=code_in(code)).values_list("pk", "follow_key").first()
    pk, right = found or (0, NOBODYS)
    if not secrets.compare_digest(key_in(key).encode(), right.encode()):
        limiting.spend(limiting.WRONG, line, now=now)
        return None
    return rows.select_related("category", "department", "lead", "merged_into").get(pk=pk)
