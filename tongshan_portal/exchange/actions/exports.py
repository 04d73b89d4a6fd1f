"""What a person does with an export: take a small list at once, order a large one, try again, stop, fetch."""

import tempfile
from typing import BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel import clock, queues
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.public import record

from ..dispatch import wake
from ..enums import ExportState
from ..exporters import exporter
from ..exporting import ExportOrder, write_list
from ..models import ExportRun
from ..workflow import EXPORT_STEPS, target

_IN_MEMORY = 4 * 1024 * 1024


def require_export(actor: Actor, order: ExportOrder) -> None:
    """The right to take the list away, and the further right with a reason for sealed columns. A refusal is in the ledger."""
    require_right(actor, order)
    if order.plain and not order.reason.strip():
        raise DomainError(_("Say why the sealed columns are needed: the ledger keeps the reason."), field="reason")


def require_right(actor: Actor, order: ExportOrder) -> None:
    """As `require_export`, before a reason was given."""
    wanted = [order.exporter.action] + ([order.exporter.reveal_action] if order.plain else [])
    for action in wanted:
        decision = can(actor, action) if action else None
        if not decision:
            record(actor=actor, verb="export.denied", detail={"exporter": order.exporter.name, "action": action or "reveal"})
            raise NotAllowed(decision.reason if decision is not None else _("The sealed columns of this list are never shown."))


def export_now(*, actor: Actor, order: ExportOrder) -> tuple[BinaryIO, int]:
    """A small list as a file, at once; answers the file and the number of its rows. The ledger has it before the first byte leaves."""
    require_export(actor, order)
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - the response closes it
    with transaction.atomic():
        rows = write_list(actor, order, file)
        record_export(actor, order, rows)
    file.seek(0)
    return file, rows


def record_export(actor: Actor, order: ExportOrder, rows: int, run: ExportRun | None = None) -> None:
    detail = {
        "exporter": order.exporter.name,
        "filter": order.exporter.for_ledger(order.filters),
        "rows": rows,
        "format": str(order.format),
    }
    record(actor=actor, verb="list.exported", row=run, reason=order.reason, detail=detail | {"unmasked": order.plain})


def order_export(*, actor: Actor, order: ExportOrder, expected_rows: int, now=None) -> ExportRun:
    """Have a large list written by a worker."""
    require_export(actor, order)
    now = now or clock.now()
    with transaction.atomic():
        run = ExportRun.objects.create(
            exporter=order.exporter.name,
            created_by_id=actor.user_id,
            created_at=now,
            started_at=now,
            heartbeat_at=now,
            language=get_language() or "",
            filters=order.filters.urlencode(),
            format=order.format,
            plain=order.plain,
            reason=order.reason,
            expected_rows=expected_rows,
        )
        record(actor=actor, verb="export.ordered", row=run, reason=order.reason, detail={"exporter": order.exporter.name})
        wake(queues.RUN_EXPORT, run.pk)
    return run


def _change(actor: Actor, run_id: UUID, verb: str, now) -> ExportRun:
    run = ExportRun.objects.visible_to(actor.scope).select_for_update().get(pk=run_id)
    require(actor, exporter(run.exporter).action)
    run.state, run.error = target(EXPORT_STEPS, verb, run.state), ""
    run.worker, run.heartbeat_at, run.attempts = None, now or clock.now(), 0
    run.save()
    return run


def resume_export(*, actor: Actor, run_id: UUID, now=None) -> ExportRun:
    """Write it again from the beginning."""
    with transaction.atomic():
        run = _change(actor, run_id, "resume", now)
        wake(queues.RUN_EXPORT, run.pk)
    return run


def stop_export(*, actor: Actor, run_id: UUID, now=None) -> ExportRun:
    """The worker stops at its next portion; nothing can be fetched."""
    with transaction.atomic():
        run = _change(actor, run_id, "stop", now)
        record(actor=actor, verb="export.stopped", row=run, detail={"exporter": run.exporter})
    return run


def fetch_export(*, actor: Actor, run_id: UUID) -> ExportRun:
    """The finished file, for the person who ordered it, as long as the right is still held."""
    with transaction.atomic():
        run = ExportRun.objects.visible_to(actor.scope).select_for_update().get(pk=run_id)
        kind = exporter(run.exporter)
        require(actor, kind.action)
        if run.plain:
            require(actor, kind.reveal_action)
        if run.state != ExportState.READY or run.expires_at <= clock.now():
            raise DomainError(_("The file is not there: it is not finished, or it was deleted after its time."))
        record(actor=actor, verb="export.fetched", row=run, detail={"exporter": run.exporter, "rows": run.rows})
    return run
