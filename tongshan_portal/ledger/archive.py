"""Archives: older parts of every strand in compressed files that verify by themselves; the database goes on from an anchor.

An archive is two files in a folder: `NAME.jsonl.gz`, one row a line as a JSON list (the fields of `chain.FIELDS` as text or null, then
previous_hash and hash in hexadecimal), strand after strand; and `NAME.json`, the manifest: where each strand begins and ends, how many
rows, and the SHA-256 of the first file. The rows leave the database only after the files were read back and verified.
"""

import gzip
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tongshan_portal.kernel import clock

from .chain import BEGINNING, ChainedRow, Link, anchors, heads, rows_of_strand
from .models import LedgerAnchor
from .verify import Fault, check_rows

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Segment:
    """What an archive has of one strand: the rows after `start` up to `end`."""

    strand: int
    start: Link
    end: Link


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself."""

    name: str
    before: str
    rows: int
    sha256: str
    segments: tuple[Segment, ...]

    def as_json(self) -> str:
        segments = [[s.strand, s.start.seq, s.start.hash.hex(), s.end.seq, s.end.hash.hex()] for s in self.segments]
        return json.dumps(
            {"name": self.name, "before": self.before, "rows": self.rows, "sha256": self.sha256, "segments": segments}, indent=1
        )


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    segments = tuple(
        Segment(strand, Link(first, bytes.fromhex(before)), Link(last, bytes.fromhex(own)))
        for strand, first, before, last, own in data["segments"]
    )
    return Manifest(data["name"], data["before"], data["rows"], data["sha256"], segments)


def manifests(folder: Path) -> list[Manifest]:
    """The archives of a folder, oldest first."""
    return sorted((read_manifest(path) for path in folder.glob("ledger-*.json")), key=lambda manifest: (manifest.before, manifest.name))


def rows_of_file(path: Path) -> Iterator[ChainedRow]:
    """The rows of an archive's data file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            *values, previous, own = json.loads(line)
            yield ChainedRow(tuple(values), bytes.fromhex(previous), bytes.fromhex(own))


def file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class ArchiveVerification:
    """Verifies archives against themselves and each other. Iterating yields faults; `rows` counts."""

    def __init__(self, folder: Path, progress: Callable[[int, int], None] | None = None, only: Iterable[Manifest] | None = None):
        self.rows = 0
        self._folder = folder
        self._progress = progress
        self._manifests = list(manifests(folder) if only is None else only)
        self.total = sum(manifest.rows for manifest in self._manifests)

    def __iter__(self) -> Iterator[Fault]:
        ends: dict[int, Link] = {}
        if not self._manifests:
            yield Fault("missing", -1, 0, None, _("There is no archive of the ledger in this folder."))
        for manifest in self._manifests:
            for segment in manifest.segments:
                before = ends.get(segment.strand)
                if before is not None and before != segment.start:
                    sentence = _("The archive “%(name)s” does not begin where the one before it ends.") % {"name": manifest.name}
                    yield Fault("missing", segment.strand, before.seq + 1, None, sentence)
                ends[segment.strand] = segment.end
            yield from self._one(manifest)

    def _one(self, manifest: Manifest) -> Iterator[Fault]:
        path = self._folder / f"{manifest.name}.jsonl.gz"
        if not path.exists():
            yield Fault("missing", -1, 0, None, _("The file %(name)s is not there.") % {"name": path.name})
            return
        if file_digest(path) != manifest.sha256:
            yield Fault("changed", -1, 0, None, _("The file %(name)s is not the one that was written.") % {"name": path.name})
        waiting = {segment.strand: segment for segment in manifest.segments}
        try:
            for strand, rows in _by_strand(rows_of_file(path)):
                segment = waiting.pop(strand, None)
                if segment is None:
                    yield Fault("unchained", strand, 0, None, _("The manifest knows nothing of this strand, or it appears twice."))
                    continue
                yield from self._segment(segment, rows)
                if self._progress:
                    self._progress(self.rows, self.total)
        except (OSError, EOFError, ValueError) as error:
            yield Fault("changed", -1, 0, None, _("The file %(name)s cannot be read: %(error)s") % {"name": path.name, "error": error})
        for segment in waiting.values():
            yield Fault("missing", segment.strand, segment.start.seq + 1, None, _("The archive does not have this strand."))

    def _segment(self, segment: Segment, rows: Iterable[ChainedRow]) -> Iterator[Fault]:
        last = segment.start
        for found in check_rows(rows, segment.strand, segment.start, {}, lambda row: None):
            if isinstance(found, Fault):
                yield found
                continue
            self.rows += 1
            last = Link(found.seq, found.hash)
        if last != segment.end:
            yield Fault("truncated", segment.strand, last.seq + 1, None, _("The strand does not end where the manifest says."))


def _by_strand(rows: Iterator[ChainedRow]) -> Iterator[tuple[int, Iterator[ChainedRow]]]:
    """Runs of rows of one strand. Each run must be read to its end before the next is asked for; what is left of it is skipped."""
    waiting = next(rows, None)

    def run(strand: int) -> Iterator[ChainedRow]:
        nonlocal waiting
        while waiting is not None and waiting.strand == strand:
            yield waiting
            waiting = next(rows, None)

    while waiting is not None:
        strand = waiting.strand
        current = run(strand)
        yield strand, current
        for _rest in current:
            pass


def _ends(before: datetime) -> dict[int, int]:
    """strand → the last seq that may go: every row up to it is older than `before`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT strand, coalesce(min(seq) FILTER (WHERE at >= %s) - 1, max(seq))
            FROM ledger_ledgerentry GROUP BY strand ORDER BY strand""",
            [before],
        )
        return dict(cursor.fetchall())


def write(folder: Path, before: datetime, progress: Callable[[int, int], None] | None = None) -> Manifest | None:
    """Write the rows older than `before` to an archive in `folder` and read it back; None when there is nothing to write.

    Nothing in the database changes. A file that was not finished has a name that no archive has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    starts, ends = anchors(), _ends(before)
    name = f"ledger-{before:%Y%m%d}-{clock.now():%Y%m%dT%H%M%S%f}"
    unfinished = folder / f".{name}.unfinished"
    segments, count = [], 0
    total = sum(max(end - starts.get(strand, BEGINNING).seq, 0) for strand, end in ends.items())
    with unfinished.open("wb") as raw:
        with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
            for strand, end in ends.items():
                start = last = starts.get(strand, BEGINNING)
                for row in rows_of_strand(strand, start.seq, end):
                    file.write(json.dumps([*row.values, row.previous_hash.hex(), row.hash.hex()], ensure_ascii=False).encode() + b"\n")
                    last, count = Link(row.seq, row.hash), count + 1
                if last != start:
                    segments.append(Segment(strand, start, last))
                if progress:
                    progress(count, total)
        raw.flush()
        os.fsync(raw.fileno())
    if not count:
        unfinished.unlink()
        return None
    manifest = Manifest(name, before.isoformat(), count, file_digest(unfinished), tuple(segments))
    unfinished.rename(folder / f"{name}.jsonl.gz")
    aside = folder / f".{name}.manifest"
    with aside.open("w", encoding="utf-8") as text:
        text.write(manifest.as_json())
        text.flush()
        os.fsync(text.fileno())
    aside.rename(folder / f"{name}.json")
    return manifest


def cut(manifest: Manifest) -> int:
    """Set the anchors of an archive and remove its rows, a strand in one transaction; answers how many rows went. Idempotent.

    The database checks on its own: an anchor must be a row that stands there and everything up to it old enough.
    """
    removed, known, present = 0, anchors(), heads()
    for segment in manifest.segments:
        if known.get(segment.strand, BEGINNING).seq >= segment.end.seq or segment.strand not in present:
            continue
        with transaction.atomic(), connection.cursor() as cursor:
            LedgerAnchor.objects.create(
                strand=segment.strand, seq=segment.end.seq, hash=segment.end.hash, archive=manifest.name, at=clock.now()
            )
            cursor.execute("DELETE FROM ledger_ledgerentry WHERE strand = %s AND seq <= %s", [segment.strand, segment.end.seq])
            removed += cursor.rowcount
    return removed


def is_cut(manifest: Manifest) -> bool:
    """Whether the database has let go of everything the archive has."""
    known = anchors()
    return all(known.get(segment.strand, BEGINNING).seq >= segment.end.seq for segment in manifest.segments)
