"""Verification: every row of every strand against its hash, its neighbour, its head, the anchors of archives and the checkpoints."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from . import checkpoints
from .chain import BEGINNING, ChainedRow, Link, anchors, row_hash, rows_of_strand, settle_heads

MAX_LOOKUPS = 20
"""Rows that do not fit for which the database is asked where they stood before."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `kind` is one of changed, missing, reordered, truncated, unchained, checkpoint."""

    kind: str
    strand: int
    seq: int
    entry_id: int | None
    sentence: str

    def __str__(self) -> str:
        row = f" id {self.entry_id}" if self.entry_id is not None else ""
        return f"{self.kind}: strand {self.strand} seq {self.seq}{row}: {self.sentence}"


Marks = Mapping[int, bytes]
"""Hashes that checkpoints saw in a strand, by seq."""
Lookup = Callable[[ChainedRow], int | None]


def check_rows(rows: Iterable[ChainedRow], strand: int, start: Link, marks: Marks, stood_at: Lookup) -> Iterator[Fault | ChainedRow]:
    """Yields each row, and before it the faults that show at it."""
    last = start
    for row in rows:
        gap = row.seq - last.seq - 1
        if gap > 0:
            sentence = _("%(count)d rows are missing, up to seq %(until)d.") % {"count": gap, "until": row.seq - 1}
            yield Fault("missing", strand, last.seq + 1, None, sentence)
        elif gap < 0:
            yield Fault("reordered", strand, row.seq, row.id, _("Two rows have this place."))
        if row.computed_hash() != row.hash:
            place = stood_at(row)
            if place is not None:
                sentence = _("The row was moved here; it was written at seq %(place)d.") % {"place": place}
                yield Fault("reordered", strand, row.seq, row.id, sentence)
            else:
                yield Fault("changed", strand, row.seq, row.id, _("The content does not give the stored hash: a field was changed."))
        if gap == 0 and row.previous_hash != last.hash:
            sentence = _("The row does not follow the one before it: that row was replaced, or the two changed places.")
            yield Fault("reordered", strand, row.seq, row.id, sentence)
        if row.seq in marks and marks[row.seq] != row.hash:
            yield Fault(
                "checkpoint", strand, row.seq, row.id, _("A signed checkpoint saw another row here: it was rewritten with its hash.")
            )
        yield row
        last = Link(row.seq, row.hash)


def _stood_at(row: ChainedRow) -> int | None:
    """Where a row with a foreign place was written: its hash is still right for the place before the row that points to it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq - 1 FROM ledger_ledgerentry WHERE strand = %s AND previous_hash = %s", [row.strand, row.hash])
        places = [place for (place,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM ledger_ledgerhead WHERE strand = %s AND hash = %s", [row.strand, row.hash])
        places += [place for (place,) in cursor.fetchall()]
    for place in places:
        values = (*row.values[:2], str(place), *row.values[3:])
        if place != row.seq and row_hash(row.previous_hash, values) == row.hash:
            return place
    return None


@dataclass(frozen=True, slots=True)
class StrandState:
    """A strand in one moment: its head, or None where a strand has rows but no head; the last row present."""

    strand: int
    head: Link | None
    last_seq: int


def strand_states() -> list[StrandState]:
    """Every strand that has a head or a row. Heads and rows are read in one statement, so writers at work make no faults."""
    settle_heads()
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(h.strand, e.strand), h.seq, h.hash, coalesce(e.last_seq, 0)
            FROM ledger_ledgerhead h
            FULL JOIN (SELECT strand, max(seq) AS last_seq FROM ledger_ledgerentry GROUP BY strand) e ON e.strand = h.strand
            ORDER BY 1""")
        return [
            StrandState(strand, Link(seq, bytes(value)) if value is not None else None, last_seq)
            for strand, seq, value, last_seq in cursor.fetchall()
        ]


class Verification:
    """One run over the ledger in the database, in bounded memory. Iterating yields faults; `rows` counts what was read."""

    def __init__(
        self,
        extra_checkpoints: Iterable[checkpoints.Checkpoint] = (),
        batch: int = 2000,
        progress: Callable[[int, int], None] | None = None,
    ):
        self.rows = 0
        self._progress = progress
        self._extra = list(extra_checkpoints)
        self._batch = batch
        self._lookups = 0
        self.states = strand_states()
        self._anchors = anchors()
        self.total = sum(max(state.last_seq - self._start(state.strand).seq, 0) for state in self.states)

    def _start(self, strand: int) -> Link:
        return self._anchors.get(strand, BEGINNING)

    def _lookup(self, row: ChainedRow) -> int | None:
        self._lookups += 1
        return _stood_at(row) if self._lookups <= MAX_LOOKUPS else None

    def __iter__(self) -> Iterator[Fault]:
        known = [*checkpoints.latest(), *self._extra]
        for checkpoint in known:
            if not checkpoint.is_genuine():
                yield Fault("checkpoint", -1, 0, None, _("The checkpoint of %(at)s is not signed by this portal.") % {"at": checkpoint.at})
        marks = checkpoints.marks(checkpoint for checkpoint in known if checkpoint.is_genuine())
        present = {state.strand for state in self.states}
        for strand in sorted(set(marks) - present):
            yield Fault("truncated", strand, 1, None, _("The whole strand is gone; a signed checkpoint saw it."))
        for state in self.states:
            yield from self._strand(state, marks.get(state.strand, {}))
            if self._progress:
                self._progress(self.rows, self.total)

    def _strand(self, state: StrandState, marks: Marks) -> Iterator[Fault]:
        last = start = self._start(state.strand)
        rows = rows_of_strand(state.strand, start.seq, state.last_seq, self._batch)
        for found in check_rows(rows, state.strand, start, marks, self._lookup):
            if isinstance(found, Fault):
                yield found
                continue
            self.rows += 1
            last = Link(found.seq, found.hash)
        yield from self._end(state, last, marks)

    def _end(self, state: StrandState, last: Link, marks: Marks) -> Iterator[Fault]:
        head = state.head
        if head is None:
            yield Fault("unchained", state.strand, last.seq, None, _("The strand has rows but no head."))
        elif last.seq < head.seq:
            sentence = _("The end is cut off: %(count)d rows up to seq %(until)d are missing.")
            yield Fault("truncated", state.strand, last.seq + 1, None, sentence % {"count": head.seq - last.seq, "until": head.seq})
        elif last.seq > head.seq:
            yield Fault(
                "unchained", state.strand, head.seq + 1, None, _("Rows stand behind the head: they did not come through the chain.")
            )
        elif last.hash != head.hash:
            yield Fault("reordered", state.strand, last.seq, None, _("The last row is not the one that the head knows."))
        beyond = max(marks, default=0)
        if beyond > max(last.seq, head.seq if head else 0):
            sentence = _("A signed checkpoint saw seq %(until)d; rows and head were cut back together.") % {"until": beyond}
            yield Fault("truncated", state.strand, last.seq + 1, None, sentence)
