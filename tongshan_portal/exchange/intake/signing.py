"""The signature of a call: what is signed, how, and the headers that carry it. The caller's side and ours are the same code.

Signed are five lines: method, path (with its query), seconds since 1970, nonce, and the digest of the body in hexadecimal. The digest is
that of the algorithm, SHA-256 or SM3; the key is the text that the administrator was shown.
"""

import secrets
from hmac import compare_digest

from cryptography.hazmat.primitives import hashes, hmac

from .enums import Algorithm

SYSTEM, TIMESTAMP, NONCE, SIGNATURE = "Portal-System", "Portal-Timestamp", "Portal-Nonce", "Portal-Signature"
HEADERS = (SYSTEM, TIMESTAMP, NONCE, SIGNATURE)


def _hash(algorithm: str) -> hashes.HashAlgorithm:
    return hashes.SM3() if algorithm == Algorithm.SM3 else hashes.SHA256()


def digest(algorithm: str, body: bytes) -> str:
    """The digest of a body in hexadecimal."""
    found = hashes.Hash(_hash(algorithm))
    found.update(body)
    return found.finalize().hex()


def signature(*, key: str, algorithm: str, method: str, path: str, timestamp: str, nonce: str, body: bytes) -> str:
    """The signature in hexadecimal."""
    text = "\n".join((method.upper(), path, timestamp, nonce, digest(algorithm, body)))
    code = hmac.HMAC(key.encode(), _hash(algorithm))
    code.update(text.encode())
    return code.finalize().hex()


def is_signed(given: str, **facts: object) -> bool:
    """Whether `given` (`hmac-sha256=…`) is the signature of the facts, those of `signature`. Takes the same time for every answer."""
    expected = f"{facts['algorithm']}={signature(**facts)}"  # type: ignore[arg-type]
    return compare_digest(expected.encode(), given.strip().lower().encode())


def signed_headers(*, system: str, key: str, algorithm: str, method: str, path: str, body: bytes, seconds: int) -> dict[str, str]:
    """The headers of a call, for whoever makes one: with a nonce of its own."""
    nonce = secrets.token_urlsafe(18)
    made = signature(key=key, algorithm=algorithm, method=method, path=path, timestamp=str(seconds), nonce=nonce, body=body)
    return {SYSTEM: system, TIMESTAMP: str(seconds), NONCE: nonce, SIGNATURE: f"{algorithm}={made}"}
