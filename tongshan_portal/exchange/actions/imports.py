"""What a person does with an import: upload, confirm the columns, check, start, pause, continue, stop."""

from typing import BinaryIO
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock, queues
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .. import mapping as columns
from .. import staging
from ..conf import limit
from ..detect import detect
from ..dispatch import wake
from ..enums import ImportState
from ..importers import Importer, importer
from ..models import ImportRun, SavedMapping
from ..readers import open_table
from ..workflow import IMPORT_STEPS, target

COUNTS = ("position", "created_rows", "changed_rows", "unchanged_rows", "good_rows", "bad_rows", "empty_rows")


def upload_import(*, actor: Actor, kind: Importer, file: BinaryIO, name: str, size: int, now=None) -> ImportRun:
    """Take a file in: what it is is told from its content. Nothing of it is read yet but the headings."""
    require(actor, kind.action)
    if size > limit("MAX_FILE_BYTES"):
        raise DomainError(_("The file is larger than %(size)d MB.") % {"size": limit("MAX_FILE_BYTES") >> 20}, field="file")
    facts = detect(file)
    header = open_table(file, facts.format, encoding=facts.encoding, delimiter=facts.delimiter).header
    file.seek(0)
    with transaction.atomic():
        run = ImportRun(
            importer=kind.name,
            created_by_id=actor.user_id,
            created_at=now or clock.now(),
            language=get_language() or "",
            file_name=name[-200:],
            file_size=size,
            format=facts.format,
            encoding=facts.encoding,
            delimiter=facts.delimiter,
            header=header,
            mapping=columns.suggest(kind, header),
        )
        run.file.save("", File(file), save=False)
        run.save(force_insert=True)
        record(
            actor=actor, verb="import_file.uploaded", row=run, detail={"importer": kind.name, "bytes": size, "format": str(facts.format)}
        )
    return run


def _locked(actor: Actor, run_id: UUID) -> ImportRun:
    """The actor's own run, locked, with the right to its importer required anew."""
    run = ImportRun.objects.visible_to(actor.scope).select_for_update().get(pk=run_id)
    require(actor, importer(run.importer).action)
    return run


def _begin(run: ImportRun, verb: str, now) -> None:
    """Hand the run to the workers from its first row."""
    run.state = target(IMPORT_STEPS, verb, run.state)
    run.started_at, run.finished_at, run.error = now, None, ""
    for name in COUNTS:
        setattr(run, name, 0)
    run.returned.all().delete()
    _release(run, now)


def _release(run: ImportRun, now) -> None:
    """Nobody has the run; whoever had it stops before its next chunk."""
    run.worker, run.heartbeat_at, run.attempts = None, now, 0
    run.save()
    if run.state in (ImportState.CHECKING, ImportState.RUNNING):
        wake(queues.RUN_IMPORT, run.pk)


def check_import(*, actor: Actor, run_id: UUID, mapping: dict[str, int], now=None) -> ImportRun:
    """Confirm the columns and have every row read and judged; nothing is written."""
    with transaction.atomic():
        run = _locked(actor, run_id)
        columns.check(importer(run.importer), mapping, len(run.header))
        run.mapping = mapping
        _begin(run, "check", now or clock.now())
    return run


def start_import(*, actor: Actor, run_id: UUID, now=None) -> ImportRun:
    """Write the good rows. Started twice it runs once: the second finds the state changed."""
    with transaction.atomic():
        run = _locked(actor, run_id)
        _begin(run, "start", now or clock.now())
        record(actor=actor, verb="import.started", row=run, detail={"importer": run.importer, "rows": run.staged_rows})
    return run


def pause_import(*, actor: Actor, run_id: UUID, now=None) -> ImportRun:
    """Stop after the chunk that is being written; it can go on from there."""
    return _change(actor, run_id, "pause", "import.paused", now)


def resume_import(*, actor: Actor, run_id: UUID, now=None) -> ImportRun:
    """Go on after the last row that was dealt with."""
    return _change(actor, run_id, "resume", "import.resumed", now)


def stop_import(*, actor: Actor, run_id: UUID, now=None) -> ImportRun:
    """End for good. What was written stays; the file is deleted."""
    now = now or clock.now()
    with transaction.atomic():
        run = _locked(actor, run_id)
        run.state, run.finished_at = target(IMPORT_STEPS, "stop", run.state), now
        _release(run, now)
        forget_file(run)
        record(actor=actor, verb="import.stopped", row=run, detail=counts(run))
    return run


def _change(actor: Actor, run_id: UUID, verb: str, ledger_verb: str, now) -> ImportRun:
    with transaction.atomic():
        run = _locked(actor, run_id)
        run.state, run.error = target(IMPORT_STEPS, verb, run.state), ""
        _release(run, now or clock.now())
        record(actor=actor, verb=ledger_verb, row=run, detail=counts(run))
    return run


def counts(run: ImportRun) -> dict:
    """The counts as the ledger keeps them."""
    return {"importer": run.importer, **{name: getattr(run, name) for name in COUNTS}}


def forget_file(run: ImportRun) -> None:
    """Delete the file and its staged rows, when the transaction commits."""
    staging.clear(run.pk)
    if run.file:
        storage, name = run.file.storage, run.file.name
        run.file = ""
        run.save(update_fields=["file"])
        transaction.on_commit(lambda: storage.delete(name))


def save_mapping(*, actor: Actor, run_id: UUID, name: str, mapping: dict[str, int]) -> SavedMapping:
    """Keep a confirmed mapping under a name; the same name again replaces it."""
    run = ImportRun.objects.visible_to(actor.scope).get(pk=run_id)
    columns.check(importer(run.importer), mapping, len(run.header))
    headings = {column: run.header[at] for column, at in mapping.items()}
    saved, _created = SavedMapping.objects.update_or_create(
        created_by_id=actor.user_id, importer=run.importer, name=name.strip()[:60], defaults={"headings": headings}
    )
    return saved


def preview(run: ImportRun, rows: int = 20) -> list[list[str]]:
    """The first rows of the file, for the confirmation of its columns."""
    if not run.file:
        return []
    with run.file.open("rb") as file:
        table = open_table(file, run.format, encoding=run.encoding, delimiter=run.delimiter)
        return [row for _number, row in zip(range(rows), table.rows, strict=False)]
