"""What the home shows of publicity: numbers, and what waits for approval."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.ui import board, lists
from tongshan_portal.ui.desk import Waiting

from ..enums import NoticeState, Urgency
from ..models import FraudNotice
from ..settings import APPROVED_WITHIN

SOON = timedelta(hours=2)


def to_approve(actor: Actor) -> Any:
    """Submitted notices that this person may approve: not her own."""
    rows = FraudNotice.objects.visible_to(actor.scope).filter(state=NoticeState.SUBMITTED)
    return rows.exclude(written_by_id=actor.user_id).exclude(submitted_by_id=actor.user_id)


def waiting_for(actor: Actor, limit: int) -> Sequence[Waiting]:
    """What waits for approval, and what came back to whoever wrote it."""
    if not actor.scope.reaches_for("publicity.approve"):
        return []
    now = clock.now()
    rows = to_approve(actor).select_related("advice__text").order_by("submitted_at", "pk")[:limit]
    found = [_waiting(row, _("Notice against fraud to approve: %(title)s"), _approve_by(row), now) for row in rows]
    mine = FraudNotice.objects.visible_to(actor.scope).filter(state=NoticeState.DRAFT, written_by_id=actor.user_id)
    back = mine.exclude(sent_back_reason="").select_related("advice__text").order_by("valid_until", "pk")[:limit]
    return [*found, *(_waiting(row, _("Notice sent back to you: %(title)s"), row.valid_until, now) for row in back)][:limit]


def _approve_by(row: FraudNotice) -> datetime:
    return (row.submitted_at or row.written_at) + APPROVED_WITHIN[row.urgency]


def _waiting(row: FraudNotice, label: str, due: datetime, now: datetime) -> Waiting:
    return Waiting(
        label % {"title": row.title},
        str(Urgency(row.urgency).label),
        reverse("publicity:show", args=[row.number]),
        due,
        "late" if due < now else "soon" if due < now + SOON else "",
        code=row.number,
        place=name_of(row.area_code),
    )


def _count_in_force(actor: Actor) -> lists.Count:
    return lists.count_of(FraudNotice.objects.visible_to(actor.scope).in_force(clock.now()))


COUNTERS = [
    board.Counter(
        "fraud_notices",
        gettext_lazy("Notices against fraud in force"),
        gettext_lazy("Notices that are published for your areas and whose period of validity is not over."),
        "publicity.view",
        "publicity",
        _count_in_force,
        lambda _actor: reverse("publicity:index") + "?view=force",
        72,
    ),
    board.Counter(
        "fraud_notices_to_approve",
        gettext_lazy("Notices to approve"),
        gettext_lazy("Notices against fraud that somebody else submitted and that you may approve."),
        "publicity.approve",
        "publicity_desk",
        lambda actor: lists.count_of(to_approve(actor)),
        lambda _actor: reverse("publicity:index") + "?view=approve",
        73,
        tone="soon",
    ),
]
