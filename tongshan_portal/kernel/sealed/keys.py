"""The keys, from the settings: `SEAL_KEYS` seals and opens, `SEAL_INDEX_KEYS` makes blind indexes.

Both are lists `id:algorithm:base64key,id:algorithm:base64key`. The first key is the one in use; the others only open (or find) what was
written under them, until `manage.py rotate_seals` has rewritten it. An id is 1 to 16 lower-case letters and digits and is never used twice.
"""

import base64
import binascii
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, hmac
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from .ciphers import ALGORITHMS, Sealer

KEY_ID = re.compile(r"[a-z0-9]{1,16}")
INDEX_ALGORITHMS: dict[str, Callable[[], hashes.HashAlgorithm]] = {"hmacsm3": hashes.SM3, "hmacsha256": hashes.SHA256}
INDEX_KEY_BYTES = 32
INDEX_HEX = 32
"""Hexadecimal digits kept of a blind index: 128 bits, enough that two of a billion texts meet with probability 10**-21."""


class SealBroken(ValueError):
    """A stored value does not open: its key is not in the settings, or it was changed, or moved from another column."""


@dataclass(frozen=True, slots=True, repr=False)
class SealKey:
    """A key that seals. Its repr is the default one of an object: a key never reaches a log."""

    id: str
    algorithm: str
    sealer: Sealer


@dataclass(frozen=True, slots=True, repr=False)
class IndexKey:
    """A key that makes blind indexes."""

    id: str
    algorithm: str
    key: bytes

    def index(self, space: str, normal: str) -> str:
        """`id-hex`: the same for the same text in the same space, and nothing can be read from it without the key."""
        digest = _keyed(self.key, self.algorithm).copy()
        digest.update(f"{space}\0{normal}".encode())
        return f"{self.id}-{digest.finalize().hex()[:INDEX_HEX]}"


@lru_cache(maxsize=8)
def _keyed(key: bytes, algorithm: str) -> hmac.HMAC:
    """The digest with the key already in it: every index begins as a copy."""
    return hmac.HMAC(key, INDEX_ALGORITHMS[algorithm]())


def _parts(text: str, setting: str) -> list[tuple[str, str, bytes]]:
    found: list[tuple[str, str, bytes]] = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        try:
            key_id, algorithm, encoded = item.split(":")
            key = base64.b64decode(encoded, validate=True)
        except (ValueError, binascii.Error):
            raise ImproperlyConfigured(f"{setting}: write each key as id:algorithm:base64key") from None
        if not KEY_ID.fullmatch(key_id) or key_id in {known for known, _algorithm, _key in found}:
            raise ImproperlyConfigured(f"{setting}: the id of a key is 1 to 16 lower-case letters and digits, and no two are the same")
        found.append((key_id, algorithm, key))
    if not found:
        raise ImproperlyConfigured(f"{setting} is empty: make one with `manage.py make_seal_keys`")
    return found


@lru_cache(maxsize=8)
def read_seal_keys(text: str) -> dict[str, SealKey]:
    """The keys that a setting's text writes down. Raises ImproperlyConfigured, saying what is wrong without showing a key."""
    keys = {}
    for key_id, algorithm, key in _parts(text, "SEAL_KEYS"):
        cipher = ALGORITHMS.get(algorithm)
        if cipher is None or len(key) != cipher.key_bytes:
            raise ImproperlyConfigured("SEAL_KEYS: aes256gcm takes a key of 32 bytes, sm4gcm one of 16")
        keys[key_id] = SealKey(key_id, algorithm, cipher(key))
    return keys


@lru_cache(maxsize=8)
def read_index_keys(text: str) -> tuple[IndexKey, ...]:
    """The same for index keys."""
    keys = []
    for key_id, algorithm, key in _parts(text, "SEAL_INDEX_KEYS"):
        if algorithm not in INDEX_ALGORITHMS or len(key) < INDEX_KEY_BYTES:
            raise ImproperlyConfigured("SEAL_INDEX_KEYS: hmacsm3 or hmacsha256, with a key of at least 32 bytes")
        keys.append(IndexKey(key_id, algorithm, key))
    return tuple(keys)


def seal_keys() -> dict[str, SealKey]:
    """The keys by id, the one in use first."""
    return read_seal_keys(settings.SEAL_KEYS)


def seal_key() -> SealKey:
    """The key in use."""
    return next(iter(seal_keys().values()))


def index_keys() -> tuple[IndexKey, ...]:
    """The index keys, the one in use first."""
    return read_index_keys(settings.SEAL_INDEX_KEYS)


def new_seal_key(key_id: str, algorithm: str) -> str:
    """A fresh entry for `SEAL_KEYS`."""
    return f"{key_id}:{algorithm}:{base64.b64encode(secrets.token_bytes(ALGORITHMS[algorithm].key_bytes)).decode()}"


def new_index_key(key_id: str, algorithm: str) -> str:
    """A fresh entry for `SEAL_INDEX_KEYS`."""
    if algorithm not in INDEX_ALGORITHMS:
        raise KeyError(algorithm)
    return f"{key_id}:{algorithm}:{base64.b64encode(secrets.token_bytes(INDEX_KEY_BYTES)).decode()}"
