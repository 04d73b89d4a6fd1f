"""Checkpoints: all heads of one moment, signed. Kept in the database and exportable, they show what a database superuser cut or rewrote.

The signature is made with SECRET_KEY, which lives with the application. Whoever has both the superuser and the key is still shown up by
a checkpoint that was exported before, to a place that neither can write.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare

from tongshan_portal.kernel import clock

from .chain import heads
from .models import LedgerCheckpoint

SALT = "ledger.checkpoint"
LATEST = 400
"""Checkpoints of the database that a verification uses: more than a year of daily ones."""

Heads = dict[str, list[int | str]]


def _message(at: str, values: Heads) -> str:
    return json.dumps({"at": at, "heads": values}, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`at` in ISO 8601, UTC; `heads` is strand → [seq, hexadecimal hash]."""

    at: str
    heads: Heads
    signature: str

    def is_genuine(self) -> bool:
        """Whether the signature is this portal's, under the present or a fallback secret key."""
        signer = signing.Signer(salt=SALT)
        message = _message(self.at, self.heads)
        keys = [signer.key, *signer.fallback_keys]
        return any(constant_time_compare(self.signature, signing.Signer(key=key, salt=SALT).signature(message)) for key in keys)

    def as_json(self) -> str:
        return json.dumps({"at": self.at, "heads": self.heads, "signature": self.signature}, indent=1)


def take() -> Checkpoint:
    """Sign the heads of this moment and keep them."""
    moment = clock.now()
    at = moment.isoformat()
    values: Heads = {str(strand): [link.seq, link.hash.hex()] for strand, link in heads().items()}
    checkpoint = Checkpoint(at, values, signing.Signer(salt=SALT).signature(_message(at, values)))
    with transaction.atomic():
        LedgerCheckpoint.objects.create(at=moment, heads=values, signature=checkpoint.signature)
    return checkpoint


def latest() -> list[Checkpoint]:
    """The latest checkpoints of the database, newest first."""
    rows = LedgerCheckpoint.objects.order_by("-at")[:LATEST]
    return [Checkpoint(row.at.isoformat(), row.heads, row.signature) for row in rows.iterator()]


def read(path: Path) -> Checkpoint:
    """A checkpoint that was exported. Raises ValueError when the file is not one."""
    data = json.loads(path.read_text(encoding="utf-8"))
    try:
        return Checkpoint(data["at"], data["heads"], data["signature"])
    except (KeyError, TypeError):
        raise ValueError(f"{path.name} is not a checkpoint of the ledger") from None


def marks(checkpoints: Iterable[Checkpoint]) -> dict[int, dict[int, bytes]]:
    """strand → seq → the hash that stood there."""
    found: dict[int, dict[int, bytes]] = defaultdict(dict)
    for checkpoint in checkpoints:
        for strand, (seq, value) in checkpoint.heads.items():
            if seq:
                found[int(strand)].setdefault(int(seq), bytes.fromhex(str(value)))
    return dict(found)
