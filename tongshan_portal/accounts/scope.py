"""Scope: where a person may do what, today. Computed once per request from the postings in force."""

from dataclasses import dataclass
from datetime import date

from grids.areas.codes import covers, smallest_cover

from . import policy
from .enums import Role


@dataclass(frozen=True, slots=True)
class Reach:
    """One posting in force, without the person."""

    posting_id: int
    role: Role
    area_code: str
    department_id: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """All that the postings of one person reach on one day."""

    user_id: int | None
    reaches: tuple[Reach, ...]
    day: date

    def reaches_for(self, action: str) -> tuple[Reach, ...]:
        """The postings whose role may do `action`."""
        roles = policy.action(action).roles
        return tuple(reach for reach in self.reaches if reach.role in roles)

    def areas_for(self, action: str) -> list[str]:
        """The area codes under which `action` is allowed, none below another."""
        return smallest_cover([reach.area_code for reach in self.reaches_for(action)])

    def holds(self, action: str, area_code: str) -> bool:
        """Whether `action` is allowed in `area_code`."""
        return any(covers(code, area_code) for code in self.areas_for(action))

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(reach.role for reach in self.reaches)


def scope_of(user, day: date) -> Scope:
    """The scope of a user on a day; one query. An anonymous or disabled user has an empty one."""
    if not user.is_authenticated or not user.is_active:
        return Scope(None, (), day)
    from .models import Posting

    rows = Posting.objects.in_force(day).filter(user=user).order_by("pk")
    reaches = tuple(
        Reach(pk, Role(role), area, department) for pk, role, area, department in rows.values_list("pk", "role", "area_code", "department")
    )
    return Scope(user.pk, reaches, day)
