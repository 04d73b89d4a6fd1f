"""Who hears of a notice, and what the live path says: its number, never anything of a person."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import ancestors_of
from tongshan_portal.accounts import policy
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock
from tongshan_portal.live.actions import Told, notify_many
from tongshan_portal.live.public import Event, Kind, publish_many

from .models import FraudNotice
from .policies import APPROVERS, IN_THE_AREAS

TOPIC, DESK_TOPIC, DRAFT_TOPIC = "publicity", "publicity_desk", "publicity_drafts"
"""`publicity` is heard by those who see published notices, `publicity_desk` by those who approve, `publicity_drafts` by those who write."""

OF_DRAFTS = ("fraud_notice.drafted", "fraud_notice.corrected", "fraud_notice.discarded")

KINDS = [
    Kind("publicity.to_approve", _("The notice %(number)s waits for approval.")),
    Kind("publicity.sent_back", _("The notice %(number)s was sent back: %(reason)s")),
    Kind("publicity.published", _("New notice against fraud for your area: %(title)s")),
    Kind("publicity.updated", _("Updated notice against fraud for your area: %(title)s")),
    Kind("publicity.cancelled", _("The notice “%(title)s” was cancelled: %(reason)s")),
]
SENTENCES = {
    "fraud_notice.published": _("The notice against fraud %(notice)s is in force."),
    "fraud_notice.replaced": _("The notice against fraud %(notice)s was replaced by an update."),
    "fraud_notice.cancelled": _("The notice against fraud %(notice)s was cancelled."),
}
"""How the ticker words what was published; drafts are nobody's news."""


def link_of(number: str) -> str:
    """The page of a notice for staff."""
    return reverse("publicity:show", args=[number])


def publish_inside(row: FraudNotice, kind: str) -> None:
    """Tell the desk that something not public has changed."""
    publish_many([Event(DRAFT_TOPIC if kind in OF_DRAFTS else DESK_TOPIC, kind, row.area_code, {"notice": row.number})])


def publish_outside(row: FraudNotice, kind: str, codes: Iterable[str]) -> None:
    """Tell once those who see the notice: who is posted at its smallest common area or above by that area, the others by name."""
    line = {"notice": row.number}
    events = [Event(TOPIC, kind, row.area_code, line)]
    by_name = _postings(codes, policy.action("publicity.view").roles).filter(area_code__startswith=row.area_code)
    people = _people(by_name.exclude(area_code=row.area_code))
    publish_many([*events, Event(TOPIC, kind, row.area_code, line, tuple(people))] if people else events)


def _postings(codes: Iterable[str], roles: Iterable[str]) -> QuerySet[Posting]:
    """Postings that serve the areas: in one, below it, or to the village or town that holds it."""
    where = Q(pk__in=[])
    for code in codes:
        where |= Q(area_code__startswith=code) | Q(area_code__in=ancestors_of(code)[1:])
    rows = Posting.objects.unscoped("who is told follows from the areas of the notice").in_force(clock.today())
    return rows.filter(where, role__in=list(roles))


def _people(rows: QuerySet[Posting]) -> list[int]:
    return sorted(set(rows.order_by().values_list("user_id", flat=True)))


def tell_the_desks(row: FraudNotice, kind: str, codes: Iterable[str]) -> None:
    """A notice in the bell of everybody who serves in the areas, where the staff are among the audience."""
    people = _people(_postings(codes, IN_THE_AREAS)) if row.to_staff else []
    params = {"number": row.number, "title": row.title_zh, "reason": row.end_reason}
    notify_many([Told(tuple(people), kind, params, link_of(row.number))] if people else [])


def tell_approvers(row: FraudNotice) -> None:
    """Tell those who may approve, but neither who wrote nor who submitted it."""
    where = Q(area_code__in=[*ancestors_of(row.area_code), row.area_code])
    rows = Posting.objects.unscoped("who is told follows from the notice").in_force(clock.today()).filter(where, role__in=APPROVERS)
    people = set(rows.order_by().values_list("user_id", flat=True)) - {row.written_by_id, row.submitted_by_id}
    notify_many([Told(tuple(sorted(people)), "publicity.to_approve", {"number": row.number}, link_of(row.number))] if people else [])


def tell_writer(row: FraudNotice) -> None:
    """Tell whoever wrote it why it came back."""
    params = {"number": row.number, "reason": row.sent_back_reason}
    notify_many([Told((row.written_by_id,), "publicity.sent_back", params, link_of(row.number))])
