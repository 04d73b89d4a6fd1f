"""The door to rows: which of them a scope holds."""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models import Q

from grids.areas.codes import Level, level_of
from grids.areas.succession import reaching

from . import guard, policy
from .scope import Scope

_COLUMN = {Level.TOWN: "town_code", Level.VILLAGE: "village_code", Level.GRID: "grid_code"}


def within(area_code: str, prefix: str = "") -> Q:
    """The condition that a scoped row lies in an area: one equality on one column, or the district's prefix.

    `prefix` leads to the row from another one (`case__`).
    """
    level = level_of(area_code)
    if level is Level.DISTRICT:
        return Q(**{f"{prefix}area_code__startswith": area_code})
    if level is Level.MICRO_GRID:  # a few hundred rows of the grid's index: micro-grids need none of their own
        return Q(**{f"{prefix}grid_code": area_code[: Level.GRID], f"{prefix}area_code": area_code})
    return Q(**{f"{prefix}{_COLUMN[level]}": area_code})


def found_under(area_code: str, prefix: str = "") -> Q:
    """The condition that a row is found under an area: it lies in it, or in an area that it or one below it took over.

    What one asks for by an area (a filter, a count) is this; nearly every area has no predecessors, and then it is `within`.
    """
    condition = Q()
    for code in reaching(area_code):
        condition |= within(code, prefix)
    return condition


class GuardedQuerySet(models.QuerySet):
    """A queryset that request code may evaluate only after a door was passed: `visible_to()`, `locked()` or `unscoped("why")`."""

    _opened = False

    def _clone(self) -> Self:
        clone = super()._clone()  # type: ignore[misc]
        clone._opened = self._opened
        return clone

    def opened(self) -> Self:
        """For the doors of subclasses alone."""
        clone: Self = self._chain()  # type: ignore[attr-defined]
        clone._opened = True
        return clone

    def unscoped(self, why: str) -> Self:
        """All rows, whoever asks. `why` says, to the reader of the code, what makes that right here."""
        if not why.strip():
            raise ValueError("unscoped access says why")
        return self.opened()

    def locked(self, **lookup: Any) -> Any:
        """The one row of an action, locked for its transaction. The action's `require()` follows and decides. Raises DoesNotExist."""
        return self.opened().select_for_update(of=("self",)).get(**lookup)

    def _check(self) -> None:
        if guard.is_on() and not self._opened:
            raise guard.UnscopedAccess(f"{self.model.__name__} rows were read in a request without visible_to(scope) or unscoped(why)")

    # The places where Django goes to the database.
    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._check()
        super()._fetch_all()  # type: ignore[misc]

    def _iterator(self, *args: Any) -> Any:
        self._check()
        return super()._iterator(*args)  # type: ignore[misc]

    def count(self) -> int:
        self._check()
        return super().count()

    def exists(self) -> bool:
        self._check()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._check()
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._check()
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class ScopedQuerySet(GuardedQuerySet):
    """Rows with an `area_code`. `visible_to` is the only door to them in request code."""

    view_action: str
    """The action whose holders may see the rows, for example `"postings.view"`."""

    def visible_to(self, scope: Scope) -> Self:
        """The rows that `can(actor, view_action, row)` allows: in an area of the scope, or granted by name."""
        if policy.action(self.view_action).condition is not None:
            raise ImproperlyConfigured(f"{self.view_action} decides which rows a query shows, so it has no condition in Python")
        condition = Q(pk__in=[])
        for code in scope.areas_for(self.view_action):
            condition |= within(code)
        label, field = policy.grant_target(self.model)
        if keys := scope.granted(self.view_action, label):
            condition |= Q(**{f"{field}__in": keys})
        return self.filter(condition).opened()


class PostingQuerySet(ScopedQuerySet):
    view_action = "postings.view"

    def in_force(self, day: date) -> Self:
        """Postings that have begun and not ended on `day`, of people who may sign in."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True)

    def not_begun(self, day: date) -> Self:
        """Postings that begin after `day`."""
        return self.filter(starts_on__gt=day)

    def ended(self, day: date) -> Self:
        """Postings whose last day lies before `day`."""
        return self.filter(ends_on__lt=day)


class UserQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Everybody to those who may see all people; else oneself and those of whom a posting is visible."""
        if scope.user_id is None:
            return self.none()
        if scope.reaches_for("users.view"):
            return self.all()
        from .models import Posting  # noqa: PLC0415 - models need this module

        visible = Posting.objects.visible_to(scope).order_by().values("user_id")
        return self.filter(Q(pk=scope.user_id) | Q(pk__in=visible))
