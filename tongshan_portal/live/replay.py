"""What a client missed, from the database: by position, by the same rule. Blocking functions, called in threads."""

from dataclasses import dataclass

from . import drain, store
from .events import Delivered, from_row
from .models import OutboxEvent
from .subscription import Subscription
from .topics import ACCESS

LIMIT = 1000
"""Past this many missed events a client is told to load its page anew; that is cheaper for both."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far delivery is, and whether somebody should have drained by now."""

    epoch: str
    assigned: int
    pushed: int
    leftover: bool


def standing() -> Standing:
    cursor = store.cursor()
    return Standing(cursor.epoch, cursor.assigned, cursor.pushed, drain.leftover())


def standing_without_redis() -> Standing:
    """As `standing`, after giving positions to what waits: with Redis gone no worker is woken, and web processes read the database."""
    while drain.assign() == drain.BATCH:
        pass
    return standing()


def between(after: int, until: int, limit: int = LIMIT) -> list[Delivered] | None:
    """All events with `after` < position ≤ `until`, in order; None when there are more than `limit`, or some are pruned."""
    if until - after > limit:
        return None
    rows = OutboxEvent.objects.filter(position__gt=after, position__lte=until).order_by("position")
    events = [from_row(row) for row in rows]
    return events if len(events) == until - after else None


def missed(subscription: Subscription, after: int, until: int) -> list[Delivered] | None:
    """The events of (`after`, `until`] that this listener may hear; None when they are too many, or older than the replay window."""
    cursor = store.cursor()
    if after < cursor.pruned or after > cursor.assigned:
        return None
    rows = OutboxEvent.objects.filter(subscription.condition(), position__gt=after, position__lte=until).exclude(topic=ACCESS.name)
    found = list(rows.order_by("position")[: LIMIT + 1])
    return None if len(found) > LIMIT else [from_row(row) for row in found]
