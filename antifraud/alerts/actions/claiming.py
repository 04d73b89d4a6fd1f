"""“The next one”: the most urgent alert that nobody else has just taken, kept for a few minutes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from .. import deadlines
from ..models import FraudAlert
from ..queries.queue import needs_me


@transaction.atomic
def take_next(*, actor: Actor, now: datetime | None = None) -> FraudAlert | None:
    """Keep the most urgent alert that needs the actor, for so many minutes; None when there is none. Two who ask at once get two."""
    now = now or clock.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by_id=actor.user_id)
    rows = needs_me(actor).filter(free, due_at__isnull=False).order_by("rank", "due_at", "id")
    row = rows.select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return None
    limits = deadlines.rules().limits
    row.claimed_by_id, row.claimed_until = actor.user_id, now + timedelta(minutes=limits.claim_minutes)
    row.save(update_fields=["claimed_by", "claimed_until"])
    return row
