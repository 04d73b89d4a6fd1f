"""Who serves where (人联): the people of an area in one place, vacancies included.

What postings say is filled in here; apps register more (legal helpers, central households, volunteers' teams).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise

from grids.areas.codes import Level, ancestors_of, covers, level_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.accounts.policy import Place, can
from tongshan_portal.kernel import clock

from .registry import Server, Serving, serving_sources, servings

_D, _T, _V, _G, _M = Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID, Level.MICRO_GRID


def _serving(order: int, role: Role, *levels: Level, wanted: bool = True) -> Serving:
    return Serving(role.value, role.label, frozenset(levels), order, wanted)


KINDS = [
    _serving(10, Role.GRID_WORKER, _V, _G, _M),
    _serving(20, Role.CORE_HOUSEHOLD, _G, _M),
    _serving(30, Role.VILLAGE_OFFICER, _V, _G, _M),
    _serving(40, Role.COMMUNITY_POLICE, _T, _V, _G),
    _serving(50, Role.BRANCH_SECRETARY, _V, _G),
    _serving(60, Role.LEGAL_ADVISER, _V, _G),
    _serving(70, Role.MEDIATOR, _T, _V, _G),
    _serving(80, Role.VOLUNTEER_ORGANISER, _T, _V, wanted=False),
    _serving(90, Role.TOWN_OFFICER, _T),
    _serving(100, Role.DUTY_OFFICER, _D, _T, wanted=False),
    _serving(110, Role.DISPATCHER, _D, _T, wanted=False),
    _serving(120, Role.SUPERVISOR, _D, _T, wanted=False),
    _serving(130, Role.DIRECTOR, _D),
    _serving(140, Role.LEADER, _D, _T, wanted=False),
]
"""The roles of postings that serve an area, and on the pages of which levels they are looked for."""

_FROM_BELOW = {Role.GRID_WORKER.value: _V, Role.CORE_HOUSEHOLD.value: _G}
"""Roles that are posted below an area and belong on its page all the same, with the level of that page."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One way to serve, and who does."""

    label: str | Promise
    people: Sequence[Server]
    is_vacant: bool


def may_see(actor: Actor, code: str) -> bool:
    """People of an area are shown to those whose postings hold it, and to those who are posted below it."""
    below = any(covers(code, reach.area_code) for reach in actor.scope.reaches)
    return below or bool(can(actor, "areas.view_people", Place(code)))


def from_postings(code: str) -> Mapping[str, Sequence[Server]]:
    """The people whose postings in force serve an area: at it, at a town or village above it, or right below it. One query."""
    level = level_of(code)
    where = Q(area_code__in=[code, *ancestors_of(code)[1:]])
    below = [role for role, page in _FROM_BELOW.items() if page is level]
    if below:
        where |= Q(area_code__startswith=code, role__in=below)
    rows = Posting.objects.unscoped("who serves an area is told by may_see(), not by the postings' own door")
    found: dict[str, list[Server]] = defaultdict(list)
    chosen = rows.in_force(clock.today()).filter(where, role__in=[kind.kind for kind in KINDS])
    for posting in chosen.select_related("user", "department").order_by("-area_code", "user__name", "pk"):
        found[posting.role].append(Server(posting.user.name, posting.area_code, posting.department.name if posting.department else ""))
    return found


def who_serves(code: str) -> list[Duty]:
    """The ways in which an area is served, in order, each with its people."""
    found: dict[str, list[Server]] = defaultdict(list)
    for source in serving_sources:
        for kind, people in source(code).items():
            found[kind].extend(people)
    level = level_of(code)
    kinds = sorted((kind for kind in servings.values() if level in kind.levels), key=lambda kind: kind.order)
    places = [Duty(kind.label, found[kind.kind], kind.wanted and not found[kind.kind]) for kind in kinds]
    return [place for place in places if place.people or place.is_vacant]
