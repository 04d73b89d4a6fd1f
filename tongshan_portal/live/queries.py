"""What the bell, the page of notices and the ticker show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongshan_portal.accounts.scope import Scope

from .kinds import words_of
from .models import Delivery, OutboxEvent
from .subscription import subscription_of

PAGE = 30
MOST = 99
"""The bell counts no further: "99+" says enough, and the count stays cheap."""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice as its reader sees it."""

    id: int
    words: str
    link: str
    sent_at: datetime
    sender: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A page of notices, newest first; `older` is the id to continue below, if there is more."""

    lines: list[NoticeLine]
    older: int | None


def unread_count(user_id: int, now: datetime) -> int:
    """How many notices wait for the person, at most MOST + 1; one look at one small index.

    On every page, so it is asked for the few ids themselves: Django takes longer to word a count than to read a hundred of them.
    """
    return len(Delivery.objects.filter(user_id=user_id).unread(now).order_by().values_list("pk", flat=True)[: MOST + 1])


def page_of(user_id: int, *, before: int | None) -> NoticePage:
    """The notices of a person below a delivery id; one query."""
    rows = Delivery.objects.of_person(user_id).select_related("notice")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    lines = [
        NoticeLine(
            row.pk,
            words_of(row.notice.kind, row.notice.params),
            row.notice.link,
            row.notice.sent_at,
            row.notice.sender_label,
            row.read_at is None,
        )
        for row in found[:PAGE]
    ]
    return NoticePage(lines, lines[-1].id if len(found) > PAGE else None)


LOOKED_AT = 5_000
"""How far back in the outbox a reader's newest events are looked for, so that the look never walks all of it."""


def recent(scope: Scope, kinds: Sequence[str], limit: int) -> list[OutboxEvent]:
    """The newest events of these kinds that the person hears, the latest first, by the same rule as the stream; two look-ups by key."""
    if scope.user_id is None or not kinds:
        return []
    last = OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        return []
    rows = OutboxEvent.objects.filter(subscription_of(scope).condition(), kind__in=kinds, pk__gt=last - LOOKED_AT)
    return list(rows.order_by("-pk")[:limit])
