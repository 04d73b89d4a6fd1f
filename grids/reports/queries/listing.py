"""The rows that an address of the worklist names: for the page, the map, the file, the saved views. One door for all of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from ..enums import DONE_STATES, LIVING
from ..filters import ReportFilter
from ..models import Report
from .groups import BY_NAME, Group, rows_of

VIEWS = {"now": _("Needs me now"), "living": _("Not closed"), "mine": _("Filed by me"), "closed": _("Closed"), "all": _("All")}
DEFINITIONS = {
    "now": _("What waits for a deed of yours: on your desk, or by your role; what is due first at the top."),
    "living": _("Reports of your areas with which somebody has something to do."),
    "mine": _("What you filed yourself, wherever it stands."),
    "closed": _("Reports of your areas that are closed or filed away."),
    "all": _("Every report that your postings let you see."),
}
BY_DUE, NEWEST = ("sort_due", "id"), ("-filed_at", "-id")
STEERING = ("after", "before", "saved", "csrfmiddlewaretoken")
"""What an address may carry beside the view and the filters."""


class UnknownView(KeyError):
    """The address names no tab or group of the worklist; pages answer 404."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A tab, one of its groups, the filter as it was read, the rows and their order."""

    view: str
    group: Group | None
    filter: ReportFilter
    rows: QuerySet[Report]
    order: tuple[str, str]
    now: datetime
    parts: tuple[QuerySet[Report], ...]
    """The rows once more, in parts that share no row (`ui.lists.Rows`): to page through them and to count them."""

    @property
    def definition(self) -> object:
        return self.group.definition if self.group else DEFINITIONS[self.view]


def listing(actor: Actor, query: QueryDict, now: datetime | None = None) -> Listing:
    """The rows of an address, as far as the actor may see them at this moment. A filter that cannot be read shows nothing.

    Raises UnknownView.
    """
    now = now or clock.now()
    view, group = query.get("view") or "now", query.get("group") or ""
    if view not in VIEWS or (group and (view != "now" or group not in BY_NAME)):
        raise UnknownView(view)
    found = ReportFilter(query, _rows(actor, view, group, now))
    rows = found.qs if found.is_valid() else found.queryset.none()
    if view in ("now", "mine") or not found.is_valid():
        return Listing(view, BY_NAME.get(group), found, rows, BY_DUE if view == "now" else NEWEST, now, (rows,))
    parts = (ReportFilter(query, _of_view(part, view)).qs for part in Report.objects.parts_for(actor.scope))
    return Listing(view, None, found, rows, NEWEST, now, tuple(parts))


def _rows(actor: Actor, view: str, group: str, now: datetime) -> QuerySet[Report]:
    if view == "now":
        return rows_of(actor, group, now)
    rows = Report.objects.visible_to(actor.scope)
    return rows.filter(filed_by_id=actor.user_id) if view == "mine" else _of_view(rows, view)


def _of_view(rows: QuerySet[Report], view: str) -> QuerySet[Report]:
    states = {"living": LIVING, "closed": DONE_STATES}.get(view)
    return rows.filter(state__in=states) if states else rows


def steady(query: QueryDict, *drop: str) -> str:
    """The address's query without paging and empty filters: what is saved, exported, or linked to."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in STEERING and name not in drop and any(values):
            kept.setlist(name, [value for value in values if value])
    return kept.urlencode()
