"""Keeping that a person has read a report: what she does to many at once reaches only what she has read."""

from datetime import datetime, timedelta

from django.db.models import Q

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import NotAllowed

from ..models import Opening, Report

AT_MOST_EVERY = timedelta(minutes=1)


def note_opening(*, actor: Actor, row: Report, now: datetime | None = None) -> None:
    """Keep that the actor has read `row` as it is in her hands; written at most once a minute while nothing changes.

    The row came through her scope, so nothing is asked here. Raises NotAllowed for the portal itself, which reads nothing.
    """
    if actor.user_id is None:
        raise NotAllowed("only a person opens a report")
    now = now or clock.now()
    mine = Opening.objects.filter(report=row, user_id=actor.user_id)
    known = mine.first()
    if known is None:
        Opening.objects.bulk_create([Opening(report=row, user_id=actor.user_id, at=now, read_change=row.changed_at)], ignore_conflicts=True)
    elif known.read_change < row.changed_at or known.at < now - AT_MOST_EVERY:
        mine.filter(Q(read_change__lt=row.changed_at) | Q(at__lt=now - AT_MOST_EVERY)).update(at=now, read_change=row.changed_at)


def has_read(*, user_id: int | None, row: Report) -> bool:
    """Whether a person has read the report as it is now."""
    return Opening.objects.filter(report=row, user_id=user_id, read_change=row.changed_at).exists()
