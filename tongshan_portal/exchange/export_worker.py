"""The worker's side of an export: with the rights that the person has when it runs, into a file that only that person may fetch."""

import logging
import tempfile
from datetime import timedelta
from uuid import UUID

from django.core.files import File
from django.db import InterfaceError, OperationalError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.live.public import notify_person

from .actions.exports import record_export, require_export
from .claiming import Superseded, alive, claim, given_up
from .conf import limit
from .enums import ExportState
from .exporters import exporter
from .exporting import ExportOrder, write_list
from .models import ExportRun
from .workflow import EXPORT_STEPS, target

log = logging.getLogger(__name__)


def run_export(run_id: UUID) -> None:
    """Write an ordered export. A killed one is written again from the beginning; a second call beside a living worker does nothing."""
    run = _claim(run_id)
    if run is None:
        return
    with translation.override(run.language or None):
        try:
            _write(run)
        except Superseded:
            return
        except DomainError as error:
            _finish(run, "fail", str(error))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("export %s failed", run.pk)
            _finish(
                run,
                "fail",
                _("Something went wrong in the portal itself. Try again; if it happens again, tell the administrators the time."),
            )


def _claim(run_id: UUID) -> ExportRun | None:
    run = claim(ExportRun, run_id, [ExportState.RUNNING], rows=0)
    if run is not None and given_up(run):
        with translation.override(run.language or None):
            _finish(run, "fail", _("The work ended without a result several times."))
        return None
    return run


def _write(run: ExportRun) -> None:
    order = ExportOrder(exporter(run.exporter), QueryDict(run.filters), run.format, run.plain, run.reason)
    actor = actor_for(run.created_by)
    require_export(actor, order)

    with tempfile.TemporaryFile() as file:
        run.rows = write_list(actor, order, file, lambda rows: alive(run, rows=rows))
        file.seek(0)
        with transaction.atomic():
            locked = ExportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if (locked.worker, locked.state) != (run.worker, ExportState.RUNNING):
                raise Superseded
            locked.file.save("", File(file), save=False)
            locked.rows, locked.finished_at = run.rows, clock.now()
            locked.expires_at = locked.finished_at + timedelta(hours=limit("KEEP_EXPORT_HOURS"))
            locked.state, locked.worker = target(EXPORT_STEPS, "finish", locked.state), None
            locked.save()
            record_export(actor, order, run.rows, locked)
            _tell(locked)


def _finish(run: ExportRun, verb: str, sentence: str) -> None:
    with transaction.atomic():
        locked = ExportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.worker == run.worker and locked.state == ExportState.RUNNING:
            locked.state, locked.error, locked.worker = target(EXPORT_STEPS, verb, locked.state), sentence, None
            locked.finished_at = clock.now()
            locked.save(update_fields=["state", "error", "worker", "finished_at"])
            _tell(locked)


def _tell(run: ExportRun) -> None:
    link = reverse("exchange:export", kwargs={"run_id": run.pk})
    notify_person(user_id=run.created_by_id, kind=f"export.{run.state}", params={"exporter": run.exporter}, link=link)
