"""The chain in Python: the same bytes that migration 0002 hashes, so that a verifier needs nothing of the database but its rows.

    hash = SHA-256(previous_hash ‖ "L1" ‖ field ‖ field …)

Each field is written as `<bytes>:<text>`, or `-` for NULL, in the order of `FIELDS`; text is UTF-8. Time is whole microseconds since 1970,
`detail` is the text form of jsonb, `ip` that of inet. Rows form 256 strands; a strand begins after 32 zero bytes.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection

FIELDS = (
    "id",
    "strand",
    "seq",
    "at",
    "actor_id",
    "actor_label",
    "verb",
    "object_type",
    "object_id",
    "object_label",
    "area_code",
    "reason",
    "detail",
    "ip",
    "request_id",
)
GENESIS = bytes(32)
BATCH = 2000

COLUMNS = """id, strand, seq, (extract(epoch FROM at) * 1000000)::bigint, actor_id, actor_label, verb, object_type, object_id, object_label,
area_code, reason, detail::text, ip::text, request_id"""


class Link(NamedTuple):
    """A place in a strand and the hash of the row that stands there; `seq` 0 is before the first row."""

    seq: int
    hash: bytes


BEGINNING = Link(0, GENESIS)


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """One row as the chain sees it. `values` are the fields of FIELDS, as text or None."""

    values: tuple[str | None, ...]
    previous_hash: bytes
    hash: bytes

    @property
    def id(self) -> int:
        return int(self.values[0] or 0)

    @property
    def strand(self) -> int:
        return int(self.values[1] or 0)

    @property
    def seq(self) -> int:
        return int(self.values[2] or 0)

    @property
    def at(self) -> int:
        """Microseconds since 1970."""
        return int(self.values[3] or 0)

    def computed_hash(self) -> bytes:
        return row_hash(self.previous_hash, self.values)


def canonical(values: tuple[str | None, ...]) -> bytes:
    """The bytes that stand for a row's content. No two different rows share them."""
    parts = [b"L1"]
    for value in values:
        if value is None:
            parts.append(b"-")
        else:
            text = value.encode()
            parts.append(b"%d:%b" % (len(text), text))
    return b"".join(parts)


def row_hash(previous_hash: bytes, values: tuple[str | None, ...]) -> bytes:
    """The hash of a row that follows `previous_hash`."""
    return hashlib.sha256(previous_hash + canonical(values)).digest()


def row_from_database(record: tuple) -> ChainedRow:
    """A row selected as COLUMNS, previous_hash, hash."""
    *values, previous, own = record
    return ChainedRow(tuple(None if value is None else str(value) for value in values), bytes(previous), bytes(own))


def rows_of_strand(strand: int, after: int, until: int, batch: int = BATCH) -> Iterator[ChainedRow]:
    """The rows of a strand with after < seq ≤ until, in order; each batch is a statement of its own, so that no old snapshot is kept."""
    statement = f"""SELECT {COLUMNS}, previous_hash, hash FROM ledger_ledgerentry
        WHERE strand = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s"""  # noqa: S608 – constants only
    while after < until:
        with connection.cursor() as cursor:
            cursor.execute(statement, [strand, after, until, batch])
            records = cursor.fetchall()
        for record in records:
            yield row_from_database(record)
        if len(records) < batch:
            return
        after = records[-1][2]


def settle_heads() -> None:
    """Move the heads behind the rows of this very transaction, which the database does by itself at the commit."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ledger_move_head IMMEDIATE; SET CONSTRAINTS ledger_move_head DEFERRED")


def heads() -> dict[int, Link]:
    """All heads, in one statement: one moment."""
    settle_heads()
    with connection.cursor() as cursor:
        cursor.execute("SELECT strand, seq, hash FROM ledger_ledgerhead ORDER BY strand")
        return {strand: Link(seq, bytes(value)) for strand, seq, value in cursor.fetchall()}


def anchors() -> dict[int, Link]:
    """The last anchor of each strand that was ever archived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (strand) strand, seq, hash FROM ledger_ledgeranchor ORDER BY strand, seq DESC")
        return {strand: Link(seq, bytes(value)) for strand, seq, value in cursor.fetchall()}
