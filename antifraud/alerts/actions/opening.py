"""Keeping that a person has read an alert: what is done to many at once reaches only what somebody has read as it is now."""

from datetime import datetime, timedelta

from django.db.models import Q

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import NotAllowed

from ..models import AlertOpening, FraudAlert

AT_MOST_EVERY = timedelta(minutes=1)


def note_opening(*, actor: Actor, row: FraudAlert, now: datetime | None = None) -> None:
    """Keep that the actor has read `row` as it is in her hands; written at most once a minute while nothing changes.

    The row came through her scope, so nothing is asked here. Raises NotAllowed for the portal itself, which reads nothing.
    """
    if actor.user_id is None:
        raise NotAllowed("only a person opens an alert")
    now = now or clock.now()
    mine = AlertOpening.objects.filter(alert=row, user_id=actor.user_id)
    known = mine.first()
    if known is None:
        kept = AlertOpening(alert=row, user_id=actor.user_id, at=now, read_change=row.changed_at)
        AlertOpening.objects.bulk_create([kept], ignore_conflicts=True)
    elif known.read_change < row.changed_at or known.at < now - AT_MOST_EVERY:
        mine.filter(Q(read_change__lt=row.changed_at) | Q(at__lt=now - AT_MOST_EVERY)).update(at=now, read_change=row.changed_at)


def was_read(row: FraudAlert) -> bool:
    """Whether anybody has read the alert as it is now. The alerts of a wave are alike: one pair of eyes for each is what it takes."""
    return AlertOpening.objects.filter(alert=row, read_change=row.changed_at).exists()
