"""Keeping that a person has read a report: what she does to many at once reaches only what she has read."""

from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed

from ..models import Opening, Report, ReportStep

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


CAME_BACK = frozenset({"object_to", "return_report", "send_up_to_centre", "send_back", "reopen"})
"""Hops by which a report returns to whoever had sent or handled it."""


def came_back(row: Report) -> ReportStep | None:
    """The hop by which the report came back, where that was its last one."""
    hops = ReportStep.objects.unscoped("of a report that its reader or its action found").filter(report=row)
    last = hops.exclude(from_state=F("to_state")).order_by("-id").first()
    return last if last is not None and last.verb in CAME_BACK else None


def require_read_return(*, actor: Actor, row: Report) -> None:
    """Raises DomainError where a report came back and the person who sends it on has not opened it since: the reason is read first."""
    hop = came_back(row) if actor.user_id is not None else None
    if hop is None or hop.actor_id == actor.user_id:
        return
    if not Opening.objects.filter(report=row, user_id=actor.user_id, read_change__gte=hop.at).exists():
        raise DomainError(_("It came back, and you have not opened it since: read why first."))
