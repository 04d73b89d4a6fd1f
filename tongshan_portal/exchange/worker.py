"""The worker's side of an import: claim the run, stage its file, deal with it chunk by chunk.

Everything a chunk does is one transaction: the app's rows, the bad rows, the chunk's key, the run's position. A kill at any moment leaves
the run with the chunks that were committed; the next worker does the others. A token fences off a worker that was only asleep.
What is parsed ahead of its chunk is only memory. Where an importer's chunks do not depend on one another, two are written side by side,
each by its own connection: one of them is always ready when the database has done with the other.
"""

import logging
import time
from functools import partial
from uuid import UUID

import orjson
from django.db import InterfaceError, OperationalError, connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock, heartbeat, queues
from tongshan_portal.kernel.ahead import Aside, side_by_side
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import notify_person

from . import staging
from .actions.imports import counts, forget_file
from .claiming import Superseded, alive, claim, given_up
from .conf import limit
from .dispatch import wake
from .enums import WORKING, ImportState
from .importers import ImportContext, Importer, Outcome, importer
from .judging import Parsed, Verdict, judge, parse
from .models import BadRow, ImportChunk, ImportRun, ResultRow
from .querysets import RunQuerySet
from .readers import open_table
from .reading_on import Portions, Stretch, first_missing
from .workflow import IMPORT_STEPS, target

log = logging.getLogger(__name__)


def run_import(run_id: UUID, seconds: float | None = None) -> None:
    """Work on a run until it is done, paused, stopped or somebody else's. Any number of calls at any time do no harm.

    After `seconds` the run is handed on to the next message in the queue, so that several long runs take turns.
    """
    run = _claim(run_id)
    if run is None:
        return
    with translation.override(run.language or None):
        try:
            _work(run, None if seconds is None else time.monotonic() + seconds)
        except Superseded:
            return
        except DomainError as error:
            _fail(run, str(error))
        except (OperationalError, InterfaceError):
            raise  # the database is away: the run stays as it is, and the sweep finds it
        except Exception:
            log.exception("import %s failed", run.pk)
            _fail(run, _("Something went wrong in the portal itself. Try again; if it happens again, tell the administrators the time."))


def _claim(run_id: UUID) -> ImportRun | None:
    """Take the run, unless a living worker has it. A run that killed its workers several times at one place is given up."""
    run = claim(ImportRun, run_id, WORKING)
    if run is not None and given_up(run):
        with translation.override(run.language or None):
            _fail(run, _("The work ended without a result several times at row %(row)d.") % {"row": first_missing(_done(run))})
        return None
    return run


def _work(run: ImportRun, until: float | None) -> None:
    kind = importer(run.importer)
    _set_stage(run, kind)
    with Aside() as aside:
        fetch, read = partial(staging.chunk, run.pk), partial(parse, kind, run.mapping, len(run.header))
        portions = Portions(aside, fetch, read, kind.maker, kind.chunk_rows, _done(run))
        lanes = min(kind.lanes, limit("LANES")) if run.state == ImportState.RUNNING else 1
        ended = side_by_side(lanes, partial(_lane, run, kind, portions, until))
    if any(ended):
        _end(run)
    else:
        _hand_on(run)


def _done(run: ImportRun) -> list[Stretch]:
    """The rows that are dealt with: what was written may have gaps, for chunks are committed as they are done."""
    if run.state == ImportState.RUNNING:
        return list(run.chunks.order_by("first_row").values_list("first_row", "last_row"))
    return [(1, run.position)] if run.position else []


def _lane(run: ImportRun, kind: Importer, portions: Portions, until: float | None) -> bool:
    """Deal with one portion after another; answers whether none is left, else the time is up."""
    context = ImportContext(run.pk, clock.now())
    try:
        while (parsed := portions.take()) is not None:
            _next_chunk(run, kind, context, parsed)
            heartbeat.touch(queues.BULK)
            if until is not None and time.monotonic() >= until:
                return False
    except BaseException:
        portions.close()
        raise
    return True


def _end(run: ImportRun) -> None:
    """Nothing is left: take the last step, with the rights of this moment."""
    with transaction.atomic():
        locked = _mine(run, ImportRun.objects.select_for_update(of=("self",)))
        actor = actor_for(locked.created_by)
        require(actor, importer(locked.importer).action)
        _finish(locked, "finish" if locked.state == ImportState.RUNNING else "finish_check", actor=actor)


def _mine(run: ImportRun, rows: RunQuerySet) -> ImportRun:
    """The run as it stands now. Raises Superseded when it is no longer this worker's."""
    found = rows.select_related("created_by").get(pk=run.pk)
    if (found.worker, found.state) != (run.worker, run.state):
        raise Superseded
    return found


def _hand_on(run: ImportRun) -> None:
    """Let the run go; it waits in the queue behind the others."""
    with transaction.atomic():
        alive(run, worker=None)
        wake(queues.RUN_IMPORT, run.pk)


def _set_stage(run: ImportRun, kind: Importer) -> None:
    """Fill the stage from the file, unless all of it stands there already; then mark the repeated rows."""
    if run.staged_rows is None or staging.count(run.pk) != run.staged_rows:
        with run.file.open("rb") as file:
            table = open_table(file, run.format, encoding=run.encoding, delimiter=run.delimiter)
            run.staged_rows = staging.stage(run.pk, table.rows, lambda: alive(run))
        alive(run, staged_rows=run.staged_rows)
        if not run.staged_rows:
            raise DomainError(_("The file has no rows under its headings."))
        staging.mark_repeats(run.pk, _key_positions(run, kind))
    elif run.position == 0:
        staging.mark_repeats(run.pk, _key_positions(run, kind))


def _key_positions(run: ImportRun, kind: Importer) -> list[int]:
    return [run.mapping[name] for name in kind.external_id if name in run.mapping]


def _next_chunk(run: ImportRun, kind: Importer, context: ImportContext, parsed: Parsed) -> None:
    """Deal with the next rows in one transaction.

    The run itself is locked last, when all else is written and its deferred constraints have been seen to: two chunks hardly wait for
    each other. Who pauses the run meanwhile does not wait either: the chunk is then given back whole.
    """
    rows = parsed.staged
    with transaction.atomic():
        owner = _mine(run, ImportRun.objects.all()).created_by
        actor = actor_for(owner)  # the rights of this moment, not those of the upload
        require(actor, kind.action)
        context.now = clock.now()
        writing = run.state == ImportState.RUNNING
        verdict = judge(kind, actor, parsed, context, write=writing)
        if writing:
            _keep_results(run, context)
        cells = {number: row for number, row, _repeats in rows}
        BadRow.objects.bulk_create(
            BadRow(run=run, number=number, cells=cells[number], reasons=reasons) for number, reasons in sorted(verdict.bad.items())
        )
        connection.check_constraints()
        locked = _mine(run, ImportRun.objects.select_for_update(of=("self",)))
        if writing:
            ImportChunk.objects.create(
                run=locked, first_row=rows[0][0], last_row=rows[-1][0], good_rows=verdict.good, written_at=context.now
            )
        _advance(locked, len(rows), verdict)


def _keep_results(run: ImportRun, context: ImportContext) -> None:
    rows = [ResultRow(run=run, number=number, content=orjson.dumps(values).decode()) for number, values in context.results]
    ResultRow.objects.bulk_create(rows)
    context.results.clear()


def _advance(run: ImportRun, rows: int, verdict: Verdict) -> None:
    run.position += rows
    run.good_rows += verdict.good
    run.bad_rows += len(verdict.bad)
    run.empty_rows += verdict.empty
    run.created_rows += verdict.outcomes[Outcome.CREATED]
    run.changed_rows += verdict.outcomes[Outcome.CHANGED]
    run.unchanged_rows += verdict.outcomes[Outcome.UNCHANGED]
    run.heartbeat_at, run.attempts = clock.now(), 0
    run.save(
        update_fields=["position", "good_rows", "bad_rows", "empty_rows", "created_rows", "changed_rows", "unchanged_rows",
                       "heartbeat_at", "attempts"]
    )  # fmt: skip


def _fail(run: ImportRun, sentence: str) -> None:
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.worker == run.worker and locked.state in WORKING:
            _finish(locked, "fail" if locked.state == ImportState.RUNNING else "fail_check", sentence)


def _finish(run: ImportRun, verb: str, sentence: str = "", *, actor: Actor | None = None) -> None:
    """Take the last step of the worker, tell the ledger and the person."""
    actor = actor or actor_for(run.created_by)
    run.state, run.error, run.worker, run.finished_at = target(IMPORT_STEPS, verb, run.state), sentence, None, clock.now()
    run.save(update_fields=["state", "error", "worker", "finished_at"])
    if verb == "finish":
        forget_file(run)
        record(actor=actor, verb="import.finished", row=run, detail=counts(run))
    elif verb == "fail":
        record(actor=actor, verb="import.failed", row=run, reason=sentence[:500], detail=counts(run))
    link = reverse("exchange:import", kwargs={"run_id": run.pk})
    kind = f"import.{ImportState.FAILED if sentence else run.state}"
    notify_person(user_id=run.created_by_id, kind=kind, params={"importer": run.importer}, link=link)
