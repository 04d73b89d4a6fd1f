"""Scope: where a person may do what, today. Computed once per request from the postings and exceptional grants in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models
from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, TruncDate

from grids.areas.codes import covers, smallest_cover
from grids.areas.models import Area
from grids.areas.succession import reaching
from tongshan_portal.kernel import clock

from . import policy
from .enums import Role


@dataclass(frozen=True, slots=True)
class Reach:
    """One posting in force, without the person. The names are for the page that says which posting is in force."""

    posting_id: int
    role: Role
    area_code: str
    department_id: int | None
    area_name: str = field(default="", compare=False)
    department_name: str = field(default="", compare=False)
    ends_on: date | None = field(default=None, compare=False)
    predecessors: tuple[str, ...] = ()
    """Retired areas whose rows this posting reaches, because they were taken over by its area or by one below it."""


@dataclass(frozen=True, slots=True)
class Granted:
    """One exceptional grant in force: this action on this one object, until its last day."""

    action: str
    label: str
    object_pk: str
    until: date | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """All that the postings of one person reach on one day, or one of them where she switched to it, and grants."""

    user_id: int | None
    reaches: tuple[Reach, ...]
    day: date
    grants: tuple[Granted, ...] = ()
    available: tuple[Reach, ...] = field(default=(), compare=False)
    """Every posting in force, also those that a switch left aside."""

    @property
    def is_switched(self) -> bool:
        """Whether only one of several postings is in force, by choice."""
        return len(self.reaches) < len(self.available)

    def reaches_for(self, action: str) -> tuple[Reach, ...]:
        """The postings whose role may do `action`."""
        roles = policy.action(action).roles
        return tuple(reach for reach in self.reaches if reach.role in roles)

    def areas_for(self, action: str) -> list[str]:
        """The area codes under which `action` is allowed, none below another; retired ones that were taken over included."""
        return smallest_cover([code for reach in self.reaches_for(action) for code in (reach.area_code, *reach.predecessors)])

    def holds(self, action: str, area_code: str) -> bool:
        """Whether `action` is allowed in `area_code`."""
        return any(covers(code, area_code) for code in self.areas_for(action))

    def granted(self, action: str, label: str) -> list[str]:
        """The keys of the objects of a model (`app.model`) on which `action` was granted by name."""
        return [grant.object_pk for grant in self.grants if grant.action == action and grant.label == label]

    def grant_on(self, action: str, label: str, object_pk: object) -> Granted | None:
        """The grant of `action` on one object, if there is one."""
        found = (grant for grant in self.grants if (grant.action, grant.label, grant.object_pk) == (action, label, str(object_pk)))
        return next(found, None)

    def switched_to(self, posting_id: int | None) -> "Scope":
        """The same scope with one posting alone; all of them when there is no such posting (any more)."""
        chosen = tuple(reach for reach in self.available if reach.posting_id == posting_id)
        return replace(self, reaches=chosen or self.available)

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(reach.role for reach in self.reaches)


_POSTING = "posting"


def _posting_rows(user_ids: Iterable[int], day: date) -> QuerySet:
    from .models import Posting  # noqa: PLC0415 - models need querysets, which need this module

    name = Area.objects.filter(code=OuterRef("area_code")).values("name")[:1]
    rows = Posting.objects.unscoped("the scope itself is made of them").in_force(day).filter(user_id__in=user_ids).order_by()
    return rows.values_list(
        Value(_POSTING, models.TextField()),
        "user_id",
        "pk",
        Cast("role", models.TextField()),
        Cast("area_code", models.TextField()),
        "department_id",
        Cast(Subquery(name), models.TextField()),
        Cast("department__name", models.TextField()),
        "ends_on",
    )


def _grant_rows(user_ids: Iterable[int], now: datetime) -> list[QuerySet]:
    nothing = Value(None, models.TextField())
    return [
        model.objects.in_force(now)
        .filter(user_id__in=user_ids)
        .order_by()
        .values_list(
            Value(model.target_label(), models.TextField()),
            "user_id",
            "pk",
            Cast(F("permission__codename"), models.TextField()),
            Cast("content_object_id", models.TextField()),
            Value(None, models.BigIntegerField()),
            nothing,
            nothing,
            TruncDate("expires_at"),
        )
        for model in _grant_models()
    ]


def _rows(user_ids: list[int], day: date, now: datetime) -> Iterable[tuple]:
    """Postings and grants in force, one query for all people. Every request asks for one person: that question is worded once."""
    if len(user_ids) != 1:
        return _posting_rows(user_ids, day).union(*_grant_rows(user_ids, now), all=True) if user_ids else []
    sql, places = _wording(tuple(_grant_models()))
    given: dict[Any, Any] = {_SOMEBODY: user_ids[0], _SOME_DAY: day, _SOME_TIME: now}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(place, place) if isinstance(place, int | date) else place for place in places])
        return cursor.fetchall()


_SOMEBODY, _SOME_DAY, _SOME_TIME = -(2**62), date(1, 1, 1), datetime(1, 1, 1, tzinfo=UTC)
"""Stand-ins for what changes from question to question; no row has them."""


def _grant_models() -> list[Any]:
    from . import grants  # noqa: PLC0415 - as above

    return list(grants.all_models())


@lru_cache(maxsize=8)
def _wording(_models: tuple[Any, ...]) -> tuple[str, tuple]:
    """The SQL of the question and its parameters with stand-ins: Django takes longer to word it than PostgreSQL to answer it."""
    question = _posting_rows([_SOMEBODY], _SOME_DAY).union(*_grant_rows([_SOMEBODY], _SOME_TIME), all=True)
    return question.query.sql_with_params()


def scopes_of(user_ids: Iterable[int], day: date) -> dict[int, Scope]:
    """The scopes of several people on a day, who are active and signed in; one query for all."""
    ids = sorted(set(user_ids))
    reaches: dict[int, list[Reach]] = defaultdict(list)
    granted: dict[int, list[Granted]] = defaultdict(list)
    rows = sorted(_rows(ids, day, clock.now()), key=lambda row: (row[0], row[2]))
    for kind, user_id, pk, what, where, department_id, area, department, until in rows:
        if kind == _POSTING:
            old = tuple(code for code in reaching(where) if code != where)
            reaches[user_id].append(Reach(pk, Role(what), where, department_id, area or where, department or "", until, old))
        else:
            granted[user_id].append(Granted(what, kind, where, until))
    return {
        user_id: Scope(user_id, tuple(reaches[user_id]), day, tuple(granted[user_id]), available=tuple(reaches[user_id])) for user_id in ids
    }


def scope_of(user, day: date, *, posting_id: int | None = None) -> Scope:
    """The scope of a user on a day; one query. An anonymous or disabled user has an empty one. `posting_id`: that posting alone."""
    if not user.is_authenticated or not user.is_active:
        return Scope(None, (), day)
    return scopes_of([user.pk], day)[user.pk].switched_to(posting_id)
