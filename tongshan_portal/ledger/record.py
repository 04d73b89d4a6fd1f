"""Writing to the ledger: one function, called by actions inside their transaction."""

from typing import Any

from tongshan_portal.kernel import clock

from .models import LedgerEntry


def record(*, actor: Any, verb: str, row: Any = None, area_code: str = "", reason: str = "", detail: dict | None = None) -> None:
    """Write one entry. `actor` is an accounts.Actor; `verb` a registered verb (`noun.past`); `row` the object, whose label is frozen.

    `detail` is JSON without personal data: `{"changed": {"field": [before, after]}}`, counts, keys.
    """
    LedgerEntry.objects.create(
        at=clock.now(),
        actor_id=actor.user_id,
        actor_label=actor.name,
        verb=verb,
        object_type=row._meta.label_lower if row is not None else "",
        object_id=str(row.pk) if row is not None else "",
        object_label=str(row)[:200] if row is not None else "",
        area_code=area_code or getattr(row, "area_code", ""),
        reason=reason,
        detail=detail or {},
        ip=actor.ip or None,
        request_id=actor.request_id,
    )
