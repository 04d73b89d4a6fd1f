"""The worker's side of an import: claim the run, stage its file, deal with it chunk by chunk.

Everything a chunk does is one transaction: the app's rows, the bad rows, the chunk's key, the run's position. A kill at any moment leaves
the run at the last chunk that was committed; the next worker goes on from there. A token fences off a worker that was only asleep.
What is parsed ahead of its chunk is only memory.
"""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import UUID

import orjson
from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor, actor_for
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock, heartbeat, queues
from tongshan_portal.kernel.ahead import Aside
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import notify_person

from . import staging
from .actions.imports import counts, forget_file
from .claiming import Superseded, alive, claim, given_up
from .dispatch import wake
from .enums import WORKING, ImportState
from .importers import ImportContext, Importer, Outcome, importer
from .judging import Verdict, judge, parse
from .models import BadRow, ImportChunk, ImportRun, ResultRow
from .readers import open_table
from .reading_on import Portions
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
            _fail(run, _("The work ended without a result several times at row %(row)d.") % {"row": run.position + 1})
        return None
    return run


def _work(run: ImportRun, until: float | None) -> None:
    kind = importer(run.importer)
    context = ImportContext(run.pk, clock.now())
    _set_stage(run, kind)
    with Aside() as aside:
        fetch, read = partial(staging.chunk, run.pk, size=kind.chunk_rows), partial(parse, kind, run.mapping, len(run.header))
        portions = Portions(aside, fetch, read, kind.maker)
        while _next_chunk(run, kind, context, portions):
            heartbeat.touch(queues.BULK)
            if until is not None and time.monotonic() >= until:
                _hand_on(run)
                return


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


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's cycle collector: ten thousand new rows make it walk
    the whole heap again and again, a quarter of the time of a chunk.

    What a chunk leaves is freed by counting; cycles wait for the collector until the chunk is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _next_chunk(run: ImportRun, kind: Importer, context: ImportContext, portions: Portions) -> bool:
    """Deal with the next rows in one transaction; answers whether there may be more."""
    with _uncollected(), transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=run.pk)
        if (locked.worker, locked.state) != (run.worker, run.state):
            raise Superseded
        actor = actor_for(locked.created_by)  # the rights of this moment, not those of the upload
        require(actor, kind.action)
        parsed = portions.after(locked.position)
        rows = parsed.staged
        if not rows:
            _finish(locked, "finish" if locked.state == ImportState.RUNNING else "finish_check", actor=actor)
            return False
        writing = locked.state == ImportState.RUNNING
        context.now = clock.now()
        portions.read_on(rows[-1][0])
        verdict = judge(kind, actor, parsed, context, write=writing)
        if writing:
            ImportChunk.objects.create(
                run=locked, first_row=rows[0][0], last_row=rows[-1][0], good_rows=verdict.good, written_at=context.now
            )
            _keep_results(locked, context)
        cells = {number: row for number, row, _repeats in rows}
        BadRow.objects.bulk_create(
            BadRow(run=locked, number=number, cells=cells[number], reasons=reasons) for number, reasons in sorted(verdict.bad.items())
        )
        _advance(locked, rows[-1][0], verdict)
    return True


def _keep_results(run: ImportRun, context: ImportContext) -> None:
    rows = [ResultRow(run=run, number=number, content=orjson.dumps(values).decode()) for number, values in context.results]
    ResultRow.objects.bulk_create(rows)
    context.results.clear()


def _advance(run: ImportRun, position: int, verdict: Verdict) -> None:
    run.position = position
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
            _finish(locked, "fail", sentence)


def _finish(run: ImportRun, verb: str, sentence: str = "", *, actor: Actor | None = None) -> None:
    """Take the last step of the worker, tell the ledger and the person."""
    actor = actor or actor_for(run.created_by)
    before = run.state
    run.state, run.error, run.worker, run.finished_at = target(IMPORT_STEPS, verb, run.state), sentence, None, clock.now()
    run.save(update_fields=["state", "error", "worker", "finished_at"])
    if verb == "finish":
        forget_file(run)
        record(actor=actor, verb="import.finished", row=run, detail=counts(run))
    elif verb == "fail" and before == ImportState.RUNNING:
        record(actor=actor, verb="import.failed", row=run, reason=sentence[:500], detail=counts(run))
    link = reverse("exchange:import", kwargs={"run_id": run.pk})
    notify_person(user_id=run.created_by_id, kind=f"import.{run.state}", params={"importer": run.importer}, link=link)
