"""What the map and the pages of areas show of reports."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.succession import present_code
from grids.net.public import Fact, MapPoint
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import found_under

from ..models import Report


def living_by_area(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → reports with which somebody has something to do; the living are few, whatever lies in the archive."""
    rows = Report.objects.visible_to(actor.scope).living()
    if under:
        rows = rows.filter(found_under(under))
    counted = rows.order_by().annotate(place=Substr("area_code", 1, int(level))).values("place").annotate(total=Count("pk"))
    numbers: Counter[str] = Counter()
    for row in counted:
        if len(row["place"]) == level:
            numbers[present_code(row["place"])] += row["total"]
    return numbers


def points(actor: Actor, under: str, limit: int) -> Sequence[MapPoint]:
    """Living reports on the map."""
    rows = (
        Report.objects.visible_to(actor.scope).living().filter(found_under(under), lon__isnull=False).order_by("-filed_at", "-id")[:limit]
    )
    return [MapPoint(row.lon, row.lat, row.title, reverse("reports:show", args=[row.code]), row.area_code) for row in rows]


def facts_of(actor: Actor, code: str) -> list[Fact]:
    """How many reports an area has that are not closed."""
    if not actor.scope.holds("reports.view", code):
        return []
    number = Report.objects.visible_to(actor.scope).living().filter(found_under(code)).count()
    return [Fact(_("Open reports"), number, f"{reverse('reports:index')}?view=living&area={code}")]
