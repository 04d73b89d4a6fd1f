"""What the pages of the audit show."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from grids.areas.codes import Level
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.ledger.chain import Link, rows_of_strand, settle_heads
from tongshan_portal.ledger.models import LedgerAnchor, LedgerCheckpoint, LedgerEntry
from tongshan_portal.ledger.verify import Fault, check_rows

from .forms import within
from .presenters import REVEALED

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY = re.compile(r"([0-9]{1,17})-([0-9]{1,18})")


def _in_areas(entries: "QuerySet[LedgerEntry]", areas: list[str]) -> "QuerySet[LedgerEntry]":
    """A posting for the whole district reads everything; one below it what belongs to its areas."""
    if any(len(code) == Level.DISTRICT for code in areas):
        return entries
    condition = Q(pk__in=[])
    for code in areas:
        condition |= within(code)
    return entries.filter(condition)


def entries_for(actor: Actor) -> "QuerySet[LedgerEntry]":
    """The entries that the actor may read, newest first."""
    return _in_areas(LedgerEntry.objects.all(), actor.scope.areas_for("ledger.view")).order_by("-at", "-id")


def reveals_for(actor: Actor) -> "QuerySet[LedgerEntry]":
    """Who opened sealed fields in the actor's areas, newest first."""
    return _in_areas(LedgerEntry.objects.filter(verb=REVEALED), actor.scope.areas_for("reveals.view")).order_by("-at", "-id")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of entries; `older` is the key that continues it, "" at the end."""

    entries: list[LedgerEntry]
    older: str


def page_of(entries: "QuerySet[LedgerEntry]", before: str) -> Page:
    """Fifty entries older than the key `before` (microseconds-id); a key that is none begins at the newest."""
    key = KEY.fullmatch(before)
    if key:
        at = EPOCH + timedelta(microseconds=int(key[1]))
        entries = entries.filter(at__lte=at).filter(Q(at__lt=at) | Q(id__lt=int(key[2])))
    found = list(entries[: PAGE + 1])
    shown = found[:PAGE]
    older = f"{(shown[-1].at - EPOCH) // timedelta(microseconds=1)}-{shown[-1].pk}" if len(found) > PAGE else ""
    return Page(shown, older)


def faults_around(entry: LedgerEntry) -> list[Fault]:
    """What is wrong with an entry, its content, or its ties to the entries before and behind it in its strand."""
    rows = list(rows_of_strand(entry.strand, entry.seq - 2, entry.seq + 1))
    if not rows:
        return []
    start = Link(rows[0].seq - 1, rows[0].previous_hash)
    return [found for found in check_rows(rows, entry.strand, start, {}, lambda row: None) if isinstance(found, Fault)]


@dataclass(frozen=True, slots=True)
class ChainState:
    """The ledger in one look: `rows` here, `archived` in files, `strands` in use, the last checks and checkpoints."""

    rows: int
    archived: int
    strands: int
    checks: list[LedgerEntry]
    last_checkpoint: datetime | None
    archives: list[dict]


def chain_state() -> ChainState:
    """Counts come from heads and anchors, not from counting rows."""
    settle_heads()
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT coalesce(sum(h.seq), 0)::bigint, coalesce(sum(a.seq), 0)::bigint, count(*)
            FROM ledger_ledgerhead h
            LEFT JOIN (SELECT strand, max(seq) AS seq FROM ledger_ledgeranchor GROUP BY strand) a ON a.strand = h.strand""")
        written, archived, strands = cursor.fetchone()
    archives = LedgerAnchor.objects.values("archive").annotate(at=Max("at"), strands=Count("pk")).order_by("-at")
    return ChainState(
        rows=written - archived,
        archived=archived,
        strands=strands,
        checks=list(LedgerEntry.objects.filter(verb="ledger.checked").order_by("-at", "-id")[:10]),
        last_checkpoint=LedgerCheckpoint.objects.order_by("-at").values_list("at", flat=True).first(),
        archives=list(archives[:50]),
    )
