"""What others use of the registrations: whose number a warning is about, the way to its holder and family, and how a notice is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from grids.areas.codes import smallest_cover
from grids.areas.names import name_of
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.kernel import clock

from .actions.sending import wake
from .actions.telling import delivery_of, send_words, tell_family
from .enums import Sending
from .models import FamilyMember, Message, Registration
from .phones import indexes_of_many

__all__ = [
    "Match",
    "count_followers",
    "delivery_of",
    "fate_of",
    "match_phones",
    "queue_for_followers",
    "send_words",
    "take_back",
    "tell_family",
]


@dataclass(frozen=True, slots=True)
class Match:
    """A number that is protected: by its own registration, or (with `member_id`) as the family member of another one.

    `area_code` is the village or community that was chosen, `community` its name.
    """

    registration_id: int
    member_id: int | None
    area_code: str
    community: str


def match_phones(phones: Sequence[str]) -> list[Match | None]:
    """For each number, who is protected under it; None where nobody is. Two statements, however many numbers.

    Its own registration goes before a family's; of two families the one in which it counts. What was withdrawn is not found.
    """
    places, found = indexes_of_many(phones), [None] * len(phones)
    if not places:
        return list(found)
    why = "a warning finds whoever it is about, wherever they live"
    members = (
        FamilyMember.objects.unscoped(why)
        .confirmed()
        .filter(phone_index__among=list(places), registration__state="registered")
        .order_by("counted", "-id")
        .values_list("phone_index", "registration_id", "pk", "area_code")
    )
    own = (
        Registration.objects.unscoped(why)
        .registered()
        .filter(phone_index__among=list(places))
        .order_by()
        .values_list("phone_index", "pk", "area_code")
    )
    matches: list[Match | None] = list(found)
    for index, registration_id, member_id, area_code in members:
        for position in places[index]:
            matches[position] = Match(registration_id, member_id, area_code, name_of(area_code))
    for index, registration_id, area_code in own:
        for position in places[index]:
            matches[position] = Match(registration_id, None, area_code, name_of(area_code))
    return matches


@dataclass(frozen=True, slots=True)
class Portion:
    """Messages that were written into the outbox, and the last registration among those they go to."""

    message_ids: list[int]
    last_id: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of messages. Those that the outbox has forgotten are in none of the numbers."""

    waiting: int
    sent: int
    failed: int


def _followers(areas: Sequence[str]) -> QuerySet[Registration]:
    """Those registered who agreed to receive notices. A number has one live registration, so each is there once."""
    condition = Q(pk__in=[])
    for code in smallest_cover(list(areas)):
        condition |= found_under(code)
    return Registration.objects.unscoped("a notice goes to whoever agreed to it in its areas").registered().filter(condition, follows=True)


def count_followers(areas: Sequence[str]) -> tuple[int, int]:
    """(how many agreed to notices in these areas, the last registration among them)."""
    found = _followers(areas).order_by().aggregate(number=Count("pk"), last=Max("pk"))
    return found["number"], found["last"] or 0


def queue_for_followers(areas: Sequence[str], *, words: str, after: int, upto: int, limit: int, lasts: timedelta, now: datetime) -> Portion:
    """Write the message for the next `limit` followers behind the registration `after`, up to `upto`; in the caller's transaction.

    Two statements, however many they are. Who withdrew meanwhile gets none. Numbers are opened here and sealed again, and go nowhere else.
    """
    rows = list(_followers(areas).filter(pk__gt=after, pk__lte=upto).order_by("pk").only("pk", "phone")[:limit])
    made = Message.objects.bulk_create(
        Message(phone=row.phone, words=words, created_at=now, due_at=now, expires_at=now + lasts) for row in rows
    )
    if made:
        transaction.on_commit(wake)
    return Portion([one.pk for one in made], rows[-1].pk if rows else after)


def fate_of(message_ids: Sequence[int]) -> Fate:
    """What became of these messages; one statement."""
    found = dict(Message.objects.filter(pk__in=message_ids).order_by().values_list("state").annotate(number=Count("pk")))
    return Fate(*(found.get(state, 0) for state in (Sending.WAITING, Sending.SENT, Sending.FAILED)))


def take_back(message_ids: Sequence[int]) -> int:
    """Take what still waits out of the outbox; answers how many. What a worker holds at this moment may still be sent."""
    waiting = Message.objects.filter(pk__in=message_ids, state=Sending.WAITING)
    return waiting.update(state=Sending.FAILED, phone=None, words=None, done_at=clock.now(), fault="taken back")
