"""Which rows of a rollup answer a question, down to which level, and the areas that the answer is of."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.models import Area
from grids.areas.names import name_of
from grids.areas.succession import kept, present_code, reaching
from tongshan_portal.accounts.querysets import found_under

from .periods import Days, months_later
from .tallies import Tally


def days_alone(days: Days) -> Q:
    """The rows of the single days of a period."""
    return Q(span=Tally.Span.DAY, begin__range=(days.begin, days.end))


def months_and_days(days: Days) -> Q:
    """The rows that make up a period: whole months, and days at its ends."""
    first = days.begin if days.begin.day == 1 else months_later(days.begin, 1)
    after = months_later(days.end + timedelta(days=1), 0)
    if first >= after:
        return days_alone(days)
    months = Q(span=Tally.Span.MONTH, begin__gte=first, begin__lt=after)
    before = Q(span=Tally.Span.DAY, begin__gte=days.begin, begin__lt=first)
    behind = Q(span=Tally.Span.DAY, begin__gte=after, begin__lte=days.end)
    return months | before | behind


def grain_of(depth: int) -> str:
    """The grain of the rows that know areas down to a level."""
    return Tally.Grain.VILLAGE if depth > Level.TOWN else Tally.Grain.TOWN


def child_level(code: str) -> int:
    """Digits of the areas below: towns, villages, grids; a grid has no figures below it."""
    return min(len(code) + 3, Level.GRID)


def depth_of(code: str, *, by_area: bool) -> int:
    """Down to which level the figures must be known: that of the parts, and that of retired areas whose rows count elsewhere today."""
    if not by_area:
        return max(len(one) for one in reaching(code))
    level = child_level(code)
    moved = (old for olds in kept.get().values() for old in olds if present_code(old)[:level] != old[:level])
    return max([level, *(len(old) for old in moved)])


@dataclass(frozen=True, slots=True)
class Below:
    """An area below another, or (`is_itself`) what is known no better than that one. `drill` leads one step down, where there is one."""

    code: str
    label: str
    is_itself: bool
    drill: str


def areas_below(code: str, found: Iterable[object]) -> Iterator[Below]:
    """Every area below, by code and never by score; what is known no better than the area itself stands first."""
    level = child_level(code)
    below = Area.objects.filter(level=level, code__startswith=code, valid_to=None).values_list("code", flat=True)
    for one in sorted({*(str(key) for key in found), *(below if level > len(code) else ())}):
        itself = len(one) < level or one == code
        label = str(_("%(area)s itself") % {"area": name_of(one)}) if itself else name_of(one)
        yield Below(one, label, itself, "" if itself or len(one) >= Level.GRID else one)


def numbers_by_area(rows: QuerySet, level: Level, under: str) -> Mapping[str, float]:
    """Code → the sum of `number` in rows with an area, of the areas of a level, below `under` where one is given; as areas are today."""
    if under:
        rows = rows.filter(found_under(under))
    counted = rows.order_by().annotate(place=Substr("area_code", 1, int(level))).values("place").annotate(total=Sum("number"))
    numbers: Counter[str] = Counter()
    for row in counted:
        if len(row["place"]) == level:
            numbers[present_code(row["place"])] += row["total"]
    return numbers
