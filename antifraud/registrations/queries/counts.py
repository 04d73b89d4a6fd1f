"""The three counts. They cost the same for ten registrations and for a million: tallies answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level
from grids.areas.names import name_of
from grids.areas.succession import present_code
from grids.net.public import Fact
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.evaluation.rollup import numbers_by_area
from tongshan_portal.ui.lists import Count

from ..enums import Counted
from ..models import RegistrationTally

REGISTERED = _("Numbers whose holder registered and proved the number here, or consented elsewhere; without those who withdrew.")
FOLLOWING = _("Those registered who also agreed to receive notices about fraud.")
PROTECTED = _("Registered numbers, and numbers of family members who confirmed themselves (or whose guardian did); each number once.")
SMALL = 5
"""Counts under this are not shown to the public."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The three counts of an area."""

    registered: int = 0
    following: int = 0
    family: int = 0

    @property
    def protected(self) -> int:
        return self.registered + self.family


@dataclass(frozen=True, slots=True)
class Figure:
    """A count with its words and its definition."""

    label: str | Promise
    number: int
    definition: str | Promise


@dataclass(frozen=True, slots=True)
class AreaLine:
    """The counts of one area of a table."""

    area_code: str
    name: str
    counts: Counts


def figures(counts: Counts) -> list[Figure]:
    """The three counts in their order, each with its definition."""
    return [
        Figure(_("Registered"), counts.registered, REGISTERED),
        Figure(_("Following"), counts.following, FOLLOWING),
        Figure(_("Protected"), counts.protected, PROTECTED),
    ]


def _rows(why: str, codes: list[str]) -> QuerySet:
    condition = Q(pk__in=[])
    for code in codes:
        condition |= found_under(code)
    return RegistrationTally.objects.unscoped(why).filter(condition)


def counts_under(codes: list[str]) -> Counts:
    """The counts of whole areas, for whoever may count them; one query."""
    found = _rows("the caller says which areas may be counted", codes).order_by().values_list("kind").annotate(total=Sum("number"))
    numbers = dict(found)
    return Counts(*(numbers.get(kind, 0) for kind in (Counted.REGISTERED, Counted.FOLLOWING, Counted.FAMILY)))


def areas_of(actor: Actor) -> list[str]:
    """The areas whose counts the actor sees: a grid worker those of the village, because a registration lies in one."""
    return sorted({code[: Level.VILLAGE] for code in actor.scope.areas_for("registrations.count")})


def lines_below(under: str) -> list[AreaLine]:
    """The counts of the areas right below one; one query."""
    level = {Level.DISTRICT: Level.TOWN, Level.TOWN: Level.VILLAGE}.get(Level(len(under)))
    if level is None:
        return []
    rows = _rows("the caller says which area may be counted", [under])
    counted = rows.order_by().annotate(place=Substr("area_code", 1, int(level))).values_list("place", "kind").annotate(total=Sum("number"))
    numbers: dict[str, dict[str, int]] = {}
    for place, kind, total in counted:
        here = numbers.setdefault(present_code(place), {})
        here[kind] = here.get(kind, 0) + total
    return [
        AreaLine(code, name_of(code), Counts(*(held.get(kind, 0) for kind in (Counted.REGISTERED, Counted.FOLLOWING, Counted.FAMILY))))
        for code, held in sorted(numbers.items())
        if any(held.values())
    ]


def protected_by_area(actor: Actor, level: Level, under: str) -> Mapping[str, float]:
    """Code → protected numbers, of the areas that the actor's postings hold."""
    rows = RegistrationTally.objects.visible_to(actor.scope).filter(kind__in=[Counted.REGISTERED, Counted.FAMILY])
    return numbers_by_area(rows, level, under)


def facts_of(actor: Actor, code: str) -> list[Fact]:
    """How many numbers are protected in an area."""
    if len(code) > Level.VILLAGE or not actor.scope.holds("registrations.count", code):
        return []
    return [Fact(_("Protected from fraud"), counts_under([code]).protected, f"{reverse('registrations:counts')}?area={code}", PROTECTED)]


def count_protected(actor: Actor) -> Count:
    """For the dashboard."""
    return Count(counts_under(areas_of(actor)).protected, False)


def count_registered(actor: Actor) -> Count:
    """For the dashboard."""
    return Count(counts_under(areas_of(actor)).registered, False)


def for_everybody() -> list[Figure]:
    """The counts of the district for its public page; nothing while a count is small enough to point at people."""
    found = counts_under([settings.DISTRICT_CODE])
    return figures(found) if min(found.registered, found.protected) >= SMALL and (found.following >= SMALL or not found.following) else []


def lines_of_areas(codes: list[str]) -> list[AreaLine]:
    """The counts of some areas, one by one: whoever has several postings sees them side by side."""
    return [AreaLine(code, name_of(code), counts_under([code])) for code in codes]
