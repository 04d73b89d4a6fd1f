"""What saved views tell their owners: every working morning, and when they come to hold many. With the owner's rights of that moment."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.kernel import clock
from tongshan_portal.live.public import notify_person
from tongshan_portal.ui.lists import COUNT_CAP, count_of
from tongshan_portal.workflow.calendar import local, working_calendar

from ..enums import LIVING, Digest
from ..models import Report, SavedView
from ..queries.listing import UnknownView, listing

FIRST_HOUR = timedelta(hours=1)
BATCH = 200


def is_first_hour(now: datetime) -> bool:
    """Whether it is the first hour of service of a working day."""
    calendar = working_calendar()
    here = local(now)
    if not calendar.is_working(here.date()):
        return False
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    opens = midnight + timedelta(microseconds=calendar.hours.spans[0][0])
    return opens <= here < opens + FIRST_HOUR


def sweep_views(*, now: datetime | None = None) -> int:
    """Tell what is to be told; answers how many notices were sent. A kill repeats nothing: told and marked are one transaction."""
    now, told = now or clock.now(), 0
    if is_first_hour(now):
        today = local(now).date()
        told += _each(SavedView.objects.filter(digest=Digest.DAILY).exclude(told_on=today), _digest, now)
    return told + _each(SavedView.objects.filter(threshold__isnull=False), _watch, now)


def _each(rows: QuerySet[SavedView], tell, now: datetime) -> int:  # type: ignore[no-untyped-def]
    told = 0
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = rows.select_for_update(skip_locked=True, of=("self",)).select_related("user").filter(pk=pk).first()
            told += bool(row is not None and tell(row, now))
    return told


def _rows_of(view: SavedView, now: datetime) -> QuerySet[Report] | None:
    """What the view holds for its owner now; None where she has no posting in force, or the filters are no more."""
    actor = actor_for(view.user)
    if not actor.scope.reaches:
        return None
    try:
        return listing(actor, QueryDict(view.query), now).rows
    except UnknownView:
        return None


def _digest(view: SavedView, now: datetime) -> bool:
    """The numbers of a morning."""
    rows = _rows_of(view, now)
    view.told_on = local(now).date()
    view.save(update_fields=["told_on"])
    if rows is None:
        return False
    number, late = count_of(rows).number, count_of(rows.filter(due_at__lt=now, state__in=LIVING)).number
    _notify(view, "report.view_daily", {"name": view.name, "number": number, "late": late})
    return True


def _watch(view: SavedView, now: datetime) -> bool:
    """Once when it comes to hold so many, and again only after it held fewer."""
    rows, threshold = _rows_of(view, now), view.threshold or 0
    is_above = rows is not None and rows.order_by().values("pk")[: min(threshold, COUNT_CAP)].count() >= threshold
    if is_above == view.is_above:
        return False
    view.is_above = is_above
    view.save(update_fields=["is_above"])
    if is_above:
        _notify(view, "report.view_filled", {"name": view.name, "threshold": threshold})
    return is_above


def _notify(view: SavedView, kind: str, params: dict[str, object]) -> None:
    notify_person(user_id=view.user_id, kind=kind, params=params, link=f"{reverse('reports:index')}?saved={view.pk}", days=7)
