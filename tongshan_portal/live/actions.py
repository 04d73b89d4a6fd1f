"""Sending and reading notices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from os.path import commonprefix
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grids.areas.codes import Level, covers
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.accounts.policy import require
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .kinds import is_known
from .models import Delivery, Notice
from .publish import Event, carries_personal_data, publish, publish_many
from .topics import ANNOUNCEMENTS, NOTICES

DAYS = 30
PEOPLE_PER_EVENT = 1000
TEXT_LENGTH = 200


@transaction.atomic
def notify_person(
    *, user_id: int, kind: str, params: Mapping[str, Any] | None = None, link: str = "", days: int = DAYS, once: bool = False
) -> Notice | None:
    """Send a notice to one person. `once`: not while one of the same kind waits unread; then None.

    Raises KeyError for a kind nobody registered. `params` must not hold personal data: they lie readable in the database.
    """
    now = clock.now()
    if once and Delivery.objects.filter(user_id=user_id, notice__kind=kind).unread(now).exists():
        return None
    notice = _notice(kind, params, link, now, days)
    notice.save(force_insert=True)
    _deliver(notice, [user_id])
    return notice


@transaction.atomic
def notify_desk(
    *, role: str, area_code: str, kind: str, params: Mapping[str, Any] | None = None, link: str = "", days: int = DAYS, sender: str = ""
) -> int:
    """Send a notice to a desk: everybody who has the role in the area or below it. Answers to how many.

    Who comes to the desk before the notice expires gets it too; who leaves loses it unread (see `follow_desks`).
    """
    now = clock.now()
    notice = _notice(kind, params, link, now, days)
    notice.desk_role, notice.area_code, notice.sender_label = Role(role).value, area_code, sender
    notice.save(force_insert=True)
    postings = (
        Posting.objects.unscoped("who is told follows from the desk, not from who acts")
        .in_force(clock.today())
        .filter(role=role, area_code__startswith=area_code)
    )
    people = list(postings.order_by("user_id").values_list("user_id", flat=True).distinct())
    _deliver(notice, people)
    return len(people)


@dataclass(frozen=True, slots=True)
class Told:
    """One of many notices: who is told, of what, with which words and link. With a `role` it is a desk's, as `notify_desk` has it."""

    user_ids: tuple[int, ...]
    kind: str
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    role: str = ""
    area_code: str = ""


@transaction.atomic(savepoint=False)
def notify_many(lines: Iterable[Told], days: int = DAYS, *, also: Iterable[Event] = ()) -> int:
    """As `notify_person` and `notify_desk`, for actions that take in hundreds of rows: a constant number of statements.

    Answers how many notices. `also` are further events of the same change: they travel in the same stream.
    """
    now, listed = clock.now(), list(lines)
    serving = _people_of({(line.role, line.area_code) for line in listed if line.role})
    notices, deliveries = [], []
    for line in listed:
        people = {*line.user_ids, *serving.get((line.role, line.area_code), ())}
        if not people and not line.role:
            continue
        notice = _notice(line.kind, line.params, line.link, now, days)
        notice.desk_role, notice.area_code = line.role, line.area_code
        notices.append(notice)
        deliveries += [Delivery(notice=notice, user_id=user_id, expires_at=notice.expires_at) for user_id in sorted(people)]
    if notices:
        Notice.objects.bulk_create(notices, batch_size=5000)
        Delivery.objects.bulk_create(deliveries, batch_size=5000)
    publish_many([*also, *_telling(sorted({one.user_id for one in deliveries}), "notice.sent")])
    return len(notices)


def _people_of(desks: Collection[tuple[str, str]]) -> dict[tuple[str, str], set[int]]:
    """Who has the role of each desk in its area or below it, by one query for all."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    if not desks:
        return found
    postings = Posting.objects.unscoped("who is told follows from the desk, not from who acts").in_force(clock.today())
    shared = commonprefix([area for _role, area in desks])
    mine = postings.filter(role__in={role for role, _area in desks}, area_code__startswith=shared)
    for role, area, user_id in mine.values_list("role", "area_code", "user_id"):
        for level in Level:
            if (desk := (role, area[:level])) in desks and len(area) >= level:
                found[desk].add(user_id)
    return found


@transaction.atomic
def announce(*, actor: Actor, role: str, area_code: str, text: str, link: str = "", days: int = DAYS) -> int:
    """A person tells a desk something in her own words. Answers to how many people."""
    require(actor, "notices.announce", _Desk(area_code))
    text = " ".join(text.split())
    if not text or len(text) > TEXT_LENGTH:
        raise DomainError(_("Write between 1 and %(limit)d characters.") % {"limit": TEXT_LENGTH}, "text")
    if carries_personal_data(text):
        raise DomainError(_("Leave out telephone and identity numbers: everybody at the desk reads this."), "text")
    params = {"text": text}
    count = notify_desk(role=role, area_code=area_code, kind="notice.announced", params=params, link=link, days=days, sender=actor.name)
    if not count:
        raise DomainError(_("Nobody has this role in this area today."), "role")
    record(actor=actor, verb="notice.announced", area_code=area_code, detail={"role": role, "people": count, "text": text})
    publish(topic=ANNOUNCEMENTS.name, kind="notice.announced", area_code=area_code, line={"role": role, "people": count})
    return count


class _Desk:
    """What `require` looks at: where the desk is."""

    def __init__(self, area_code: str) -> None:
        self.area_code = area_code


@transaction.atomic
def mark_read(*, actor: Actor, delivery_id: int) -> str | None:
    """Mark a notice of the actor read; answers its link, or None when it is not the actor's. Repeating it changes nothing."""
    delivery = Delivery.objects.of_person(_person(actor)).select_related("notice").filter(pk=delivery_id).first()
    if delivery is None:
        return None
    if delivery.read_at is None:
        delivery.read_at = clock.now()
        delivery.save(update_fields=["read_at"])
        _tell([delivery.user_id], "notice.read")
    return delivery.notice.link


@transaction.atomic
def mark_all_read(*, actor: Actor, until: int) -> int:
    """Mark the actor's notices read, up to the newest one that was on the page; answers how many."""
    rows = Delivery.objects.of_person(_person(actor)).filter(pk__lte=until, read_at__isnull=True)
    count = rows.update(read_at=clock.now())
    if count:
        _tell([_person(actor)], "notice.read")
    return count


@transaction.atomic
def follow_desks(*, scope: Scope) -> None:
    """After a change of postings: unread notices of desks the person left go, those of desks the person came to arrive."""
    if scope.user_id is None:
        return
    now = clock.now()
    held = Delivery.objects.filter(user_id=scope.user_id).exclude(notice__desk_role="").unread(now)
    gone = [pk for pk, role, area in held.values_list("pk", "notice__desk_role", "notice__area_code") if not _sits_at(scope, role, area)]
    open_notices = Notice.objects.filter(desk_role__in=scope.roles, expires_at__gt=now).exclude(deliveries__user_id=scope.user_id)
    arriving = [notice for notice in open_notices.order_by("pk") if _sits_at(scope, notice.desk_role, notice.area_code)]
    Delivery.objects.filter(pk__in=gone).delete()
    new = [Delivery(notice=notice, user_id=scope.user_id, expires_at=notice.expires_at) for notice in arriving]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    if gone or new:
        _tell([scope.user_id], "notice.sent" if new else "notice.withdrawn")


@transaction.atomic
def forget_old() -> int:
    """Delete notices that expired; with them go their deliveries. Answers how many notices."""
    return Notice.objects.filter(expires_at__lt=clock.now()).delete()[1].get("live.Notice", 0)


def _sits_at(scope: Scope, role: str, area_code: str) -> bool:
    return any(reach.role == role and covers(area_code, reach.area_code) for reach in scope.reaches)


def _person(actor: Actor) -> int:
    if actor.user_id is None:
        raise DomainError(_("Sign in first."))
    return actor.user_id


def _notice(kind: str, params: Mapping[str, Any] | None, link: str, now: datetime, days: int) -> Notice:
    if not is_known(kind):
        raise KeyError(kind)
    if link and not (link.startswith("/") and not link.startswith("//")):
        raise ValueError("a notice links into the portal only")
    return Notice(kind=kind, params=dict(params or {}), link=link, sent_at=now, expires_at=now + timedelta(days=days))


def _deliver(notice: Notice, people: Sequence[int]) -> None:
    rows = [Delivery(notice=notice, user_id=user_id, expires_at=notice.expires_at) for user_id in people]
    Delivery.objects.bulk_create(rows, batch_size=5000)
    _tell(people, "notice.sent")


def _tell(people: Sequence[int], kind: str) -> None:
    """The event says that there is something; the words come with the page, to those whom they are for."""
    publish_many(_telling(people, kind))


def _telling(people: Sequence[int], kind: str) -> list[Event]:
    chunks = range(0, len(people), PEOPLE_PER_EVENT)
    return [Event(NOTICES.name, kind, user_ids=tuple(people[start : start + PEOPLE_PER_EVENT])) for start in chunks]
