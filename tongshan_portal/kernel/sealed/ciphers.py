"""The two ciphers behind one interface. Both are authenticated: a changed byte, or a value moved to another column, does not open."""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
"""Bytes of the random nonce (NIST SP 800-38D). One key may seal 2**32 values; rotate it long before."""
TAG = 16


class Sealer(Protocol):
    """Seals and opens bytes under one key. `context` is bound to the value without being stored in it."""

    def seal(self, plain: bytes, context: bytes) -> bytes:
        """nonce ‖ ciphertext ‖ tag."""

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """The plain bytes. Raises cryptography's InvalidTag when the value or the context is not the one that was sealed."""


class Aes256Gcm:
    """AES-256 in Galois/counter mode (NIST SP 800-38D)."""

    key_bytes = 32

    def __init__(self, key: bytes):
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], context)


class Sm4Gcm:
    """SM4 (GB/T 32907-2016) in Galois/counter mode (GB/T 36624-2018): the commercial cipher that 密评 asks for."""

    key_bytes = 16

    def __init__(self, key: bytes):
        self._algorithm = algorithms.SM4(key)

    def seal(self, plain: bytes, context: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, context: bytes) -> bytes:
        nonce, body, tag = sealed[:NONCE], sealed[NONCE:-TAG], sealed[-TAG:]
        if len(sealed) < NONCE + TAG:
            raise InvalidTag
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(context)
        return decryptor.update(body) + decryptor.finalize()


ALGORITHMS: dict[str, type[Aes256Gcm] | type[Sm4Gcm]] = {"aes256gcm": Aes256Gcm, "sm4gcm": Sm4Gcm}
