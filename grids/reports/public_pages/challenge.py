"""A small sum in words, instead of a picture puzzle: it needs no script, no image, and can be read aloud.

The token is signed, holds no answer, lasts an hour and is used once: it belongs to the first report (by its sender's key) that used it,
so that a double click is no refusal and a second report is. It slows machines down; limits and the desk's eye do the rest.
"""

import secrets
import unicodedata
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongshan_portal.kernel.errors import DomainError

SALT = "reports.public.challenge"
LASTS = 3600
"""Seconds from the page to its sending."""

CHINESE = {"十" if number == 10 else ("十" if number > 10 else "") + "零一二三四五六七八九"[number % 10]: number for number in range(1, 19)}
ENGLISH = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen",
)  # fmt: skip
NUMERALS = {**CHINESE, **{word: number for number, word in enumerate(ENGLISH, 1)}}


class NotAnswered(DomainError):
    """Not the answer. `spent`: the question is used up, the page must ask another."""

    def __init__(self, message: str, *, spent: bool):
        super().__init__(message, "sum")
        self.spent = spent


def new(now: datetime) -> str:
    """The token of a fresh question."""
    return signing.dumps({"n": secrets.token_hex(10), "t": int(now.timestamp())}, salt=SALT)


def _numbers(nonce: str) -> tuple[int, int]:
    digest = salted_hmac(SALT, nonce, algorithm="sha256").digest()
    return digest[0] % 9 + 1, digest[1] % 9 + 1


def _words(number: int) -> str:
    return (
        pgettext("number", "one"), pgettext("number", "two"), pgettext("number", "three"), pgettext("number", "four"),
        pgettext("number", "five"), pgettext("number", "six"), pgettext("number", "seven"), pgettext("number", "eight"),
        pgettext("number", "nine"),
    )[number - 1]  # fmt: skip


def question(token: str) -> str:
    """The question in the reader's words. Raises NotAnswered for a token that the portal did not sign."""
    one, other = _numbers(_opened(token)["n"])
    return _("How much is %(one)s plus %(other)s?") % {"one": _words(one), "other": _words(other)}


def _opened(token: str) -> dict:
    try:
        held: dict = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotAnswered(_("The question is not one of ours. Here is another."), spent=True) from None
    return held


def number_in(text: str) -> int | None:
    """The number that somebody typed: digits of any width, Chinese or English words."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    if plain.isdecimal():
        return int(plain[:6])
    return NUMERALS.get(plain)


def check(token: str, text: str, *, key: str, now: datetime) -> None:
    """Whether `text` answers the token's question, for the report with the sender's `key`. Raises NotAnswered.

    The token is taken before the answer is looked at: guesses sent at once share one question, and a wrong one uses it up.
    """
    held = _opened(token)
    age = int(now.timestamp()) - held["t"]
    if not 0 <= age <= LASTS:
        raise NotAnswered(_("The page was open for long. What you wrote is still here; here is a new question."), spent=True)
    if age < settings.RESIDENT_SECONDS:
        raise NotAnswered(_("That was very quick. Please look at it once more and send it again."), spent=False)
    place = f"{SALT}:{held['n']}"
    if not cache.add(place, key, timeout=LASTS * 2) and cache.get(place) != key:
        raise NotAnswered(_("This question was answered already. Here is another."), spent=True)
    if number_in(text) != sum(_numbers(held["n"])):
        cache.set(place, "", timeout=LASTS * 2)
        raise NotAnswered(_("The sum is not right. Here is another."), spent=True)
