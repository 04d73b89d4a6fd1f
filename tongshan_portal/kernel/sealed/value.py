"""A sealed value: what a column holds and what the attribute of a row is.

Stored form: `s1.<key id>.<base64url of nonce, ciphertext, tag>` and, where the field has a blind index, `.<index key id>-<hex>` behind it.
The version, the key id, the column (`app.model.field`) and the blind index are authenticated with the text: none can be exchanged.
"""

import base64
import binascii
import logging
from typing import NoReturn, Self

from cryptography.exceptions import InvalidTag

from .keys import SealBroken, index_keys, seal_key, seal_keys
from .masks import HIDDEN, Purpose, mask, normal

VERSION = "s1"
logger = logging.getLogger(__name__)


class Place:
    """Where a sealed text belongs: `binding` is its column, `space` the name under which its blind index is made ("" for none)."""

    __slots__ = ("binding", "purpose", "space")

    def __init__(self, binding: str, purpose: Purpose, space: str = ""):
        self.binding, self.purpose, self.space = binding, purpose, space

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and (self.binding, self.space) == (other.binding, other.space)

    __hash__ = None  # type: ignore[assignment]


def _context(key_id: str, place: Place, index: str) -> bytes:
    return f"{VERSION}.{key_id}.{place.binding}.{index}".encode()


def seal(text: str, place: Place) -> str:
    """The stored form of `text`, under the keys in use."""
    key = seal_key()
    index = index_keys()[0].index(place.space, normal(place.purpose, text)) if place.space else ""
    payload = base64.urlsafe_b64encode(key.sealer.seal(text.encode(), _context(key.id, place, index))).rstrip(b"=").decode()
    return f"{VERSION}.{key.id}.{payload}.{index}" if index else f"{VERSION}.{key.id}.{payload}"


def unseal(stored: str, place: Place) -> str:
    """The text. Raises SealBroken."""
    version, _, rest = stored.partition(".")
    key_id, _, rest = rest.partition(".")
    payload, _, index = rest.partition(".")
    key = seal_keys().get(key_id)
    if version != VERSION or key is None:
        raise SealBroken(f"{place.binding}: no key to open a value of key id {key_id[:16]!r}")
    try:
        sealed = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return key.sealer.open(sealed, _context(key_id, place, index)).decode()
    except (InvalidTag, binascii.Error, UnicodeError, ValueError):
        raise SealBroken(f"{place.binding}: a value of key id {key_id!r} does not open; it was changed or moved") from None


class Sealed:
    """A text that shows itself masked. It prints, formats and logs as its mask or less, and neither pickles nor becomes JSON."""

    __slots__ = ("__place", "__stored", "__text")

    def __init__(self, place: Place, *, text: str | None = None, stored: str | None = None):
        if (text is None) == (stored is None):
            raise ValueError("a sealed value is made of a text or of its stored form")
        self.__place, self.__text, self.__stored = place, text, stored

    @property
    def masked(self) -> str:
        """What may be shown without a reason. A value that does not open is hidden whole, and reported to the log."""
        try:
            return mask(self.__place.purpose, self._open())
        except SealBroken as error:
            logger.error("sealed value does not open: %s", error)
            return HIDDEN

    @property
    def place(self) -> Place:
        return self.__place

    @property
    def stored(self) -> str:
        """The sealed form, as the column keeps it; made once for a new text."""
        if self.__stored is None:
            self.__stored = seal(self.__text or "", self.__place)
        return self.__stored

    def _open(self) -> str:
        if self.__text is not None:
            return self.__text
        return unseal(self.__stored or "", self.__place)

    def same_as(self, other: "Sealed | str | None") -> bool:
        """Whether both hold the same text, in the normal form of the purpose."""
        if other is None:
            return False
        text = other._open() if isinstance(other, Sealed) else other
        return normal(self.__place.purpose, text) == normal(self.__place.purpose, self._open())

    def __str__(self) -> str:
        return self.masked

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __repr__(self) -> str:
        return f"<Sealed {self.__place.binding}>"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a sealed value is not written outside its column")


def open_sealed(value: Sealed) -> str:
    """The text itself, for an action that works with it (matching, sending a message). Raises SealBroken. A person reads it by a reveal."""
    return value._open()


def seal_secret(text: str, binding: str) -> str:
    """A secret of the portal itself (a second factor's key, an access token) in sealed form; `binding` names where it belongs."""
    return seal(text, Place(binding, Purpose.TEXT))


def open_secret(stored: str, binding: str) -> str:
    """What `seal_secret` sealed under the same binding. Raises SealBroken."""
    return unseal(stored, Place(binding, Purpose.TEXT))
