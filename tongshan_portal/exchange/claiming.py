"""A worker takes a run, and says that it lives: what every kind of long work shares.

`worker` is a fencing token: whoever claims a run writes a new one, and a worker that finds another's there stops.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from tongshan_portal.kernel import clock, heartbeat, ids, queues

from .conf import limit
from .models import Run

R = TypeVar("R", bound=Run)


class Superseded(Exception):
    """The run is no longer this worker's: paused, stopped, or taken over."""


def claim(model: type[R], run_id: UUID, states: Collection[str], **fresh: Any) -> R | None:
    """Take the run if it stands in one of `states` and no living worker has it, else answer None. `fresh` is what a new start resets.

    Answers the run as it is now this worker's, its owner loaded. `given_up` says whether it was claimed too often without progress.
    """
    now = clock.now()
    with transaction.atomic():
        rows: Any = model._default_manager.select_for_update(of=("self",), skip_locked=True).select_related("created_by")
        run: R | None = rows.filter(pk=run_id, state__in=states).first()
        if run is None:
            return None
        alive_until = (run.heartbeat_at or now) + timedelta(seconds=limit("HEARTBEAT_GRACE_SECONDS"))
        if run.worker is not None and alive_until > now:
            return None
        values = {"worker": ids.new_uuid(), "heartbeat_at": now, "attempts": run.attempts + 1, **fresh}
        for name, value in values.items():
            setattr(run, name, value)
        run.save(update_fields=list(values))
    return run


def given_up(run: Run) -> bool:
    """Whether the run ended its workers too often for another try."""
    return run.attempts > limit("MAX_ATTEMPTS")


def alive(run: Run, **fields: Any) -> None:
    """Write a sign of life, with whatever else is known by now. Raises Superseded when the run has another owner or state."""
    runs: Any = type(run)._default_manager
    mine = runs.filter(pk=run.pk, worker=run.worker, state=run.state)  # type: ignore[attr-defined]
    if not mine.update(heartbeat_at=clock.now(), **fields):
        raise Superseded
    heartbeat.touch(queues.BULK)
