"""Handing back: the bad rows as a file like the one that came, and the results once."""

import tempfile
from typing import BinaryIO
from uuid import UUID

import orjson
from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record

from ..enums import FileFormat
from ..importers import importer
from ..models import ImportRun
from ..writers import write_table

_IN_MEMORY = 4 * 1024 * 1024


def _open(actor: Actor, run_id: UUID) -> ImportRun:
    run = ImportRun.objects.visible_to(actor.scope).select_for_update().get(pk=run_id)
    require(actor, importer(run.importer).action)
    return run


def format_back(run: ImportRun) -> str:
    """A workbook goes back as a workbook, everything else as CSV."""
    return FileFormat.XLSX if run.format == FileFormat.XLSX else FileFormat.CSV


def hand_back_bad_rows(*, actor: Actor, run_id: UUID) -> tuple[BinaryIO, str]:
    """The rows that were not taken, as they came, with their row number and the reasons; answers the file and its format."""
    with transaction.atomic():
        run = _open(actor, run_id)
        if not run.bad_rows or run.erased_at:
            raise DomainError(_("There are no rows to hand back, or they were deleted after their time."))
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
        width = len(run.header)
        rows = (
            [*(row.cells + [""] * width)[:width], row.number + 1, "; ".join(row.reasons)]
            for row in run.returned.order_by("number").iterator(chunk_size=2_000)
        )
        header = [*run.header, _("Row in the file"), _("Why it was not taken")]
        write_table(format_back(run), file, header, rows, title=_("Rows to correct"))
        record(actor=actor, verb="bad_rows.fetched", row=run, detail={"importer": run.importer, "rows": run.bad_rows})
    file.seek(0)
    return file, format_back(run)


def hand_over_results(*, actor: Actor, run_id: UUID) -> tuple[BinaryIO, str]:
    """The result file, once: its rows are deleted in the transaction that reads them."""
    with transaction.atomic():
        run = _open(actor, run_id)
        rows = [orjson.loads(open_sealed(row.content)) for row in run.results.order_by("number")]
        if not rows:
            raise DomainError(_("The result file was fetched already. It is handed out only once."))
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
        header = list(dict.fromkeys(name for row in rows for name in row))
        write_table(format_back(run), file, header, ([row.get(name, "") for name in header] for row in rows), title=_("Results"))
        run.results.all().delete()
        record(actor=actor, verb="import_results.fetched", row=run, detail={"importer": run.importer, "rows": len(rows)})
    file.seek(0)
    return file, format_back(run)
