"""Copying new reports and what belongs to them into their tables."""

from collections.abc import Iterator, Sequence

from django.db import connection

from tongshan_portal.kernel.copying import copy_lines
from tongshan_portal.ledger.public import record_many
from tongshan_portal.live.public import publish_many

from ... import notices
from ...incoming import IncomingReport
from .building import SAID, STEP, STILL, Build
from .codes import follow_keys, row_keys


def write_new(build: Build, rows: Sequence[IncomingReport], keys: Sequence[int], codes: Sequence[str]) -> None:
    """Rows, each built while the server writes the ones before it; then hops, ledger, outbox, notices."""
    if not rows:
        return
    build.prepare(rows)

    def lines() -> Iterator[str]:
        for row, pk, code, key, follow_key in zip(rows, keys, codes, row_keys(len(rows)), follow_keys(len(rows)), strict=True):
            yield build.add(row, pk, code, key, follow_key)

    columns = ", ".join(connection.ops.quote_name(name) for name in (*SAID, *STILL))
    with connection.cursor() as cursor:
        copy_lines(cursor, f"reports_report ({columns})", lines())
    write_steps(build)
    for (verb, portal), entries in build.lines.items():
        record_many(actor=build.portal if portal else build.actor, verb=verb, lines=entries)
    publish_many(build.events)
    notices.tell_arrivals(build.arrivals)
    build.lines.clear()
    build.events.clear()
    build.arrivals.clear()


def write_steps(build: Build) -> None:
    """The hops that were built since the last time."""
    if build.steps:
        with connection.cursor() as cursor:
            copy_lines(cursor, f"reports_reportstep ({', '.join(STEP)})", build.steps)
        build.steps.clear()
