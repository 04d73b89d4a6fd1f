"""The door to rows: which of them a scope holds."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from grids.areas.codes import Level, level_of

from .scope import Scope

_COLUMN = {Level.TOWN: "town_code", Level.VILLAGE: "village_code", Level.GRID: "grid_code", Level.MICRO_GRID: "area_code"}


def within(area_code: str, prefix: str = "") -> Q:
    """The condition that a scoped row lies in an area: one equality on one column, or nothing at all for the district."""
    level = level_of(area_code)
    if level is Level.DISTRICT:
        return Q(**{f"{prefix}area_code__startswith": area_code})
    return Q(**{f"{prefix}{_COLUMN[level]}": area_code})


class ScopedQuerySet(models.QuerySet):
    """Rows with an `area_code`. `visible_to` is the only door to them in request code."""

    view_action: str
    """The action whose holders may see the rows, for example `"postings.view"`."""

    def visible_to(self, scope: Scope) -> Self:
        """The rows that lie in an area where the scope may do `view_action`. Empty for a scope without any."""
        condition = Q(pk__in=[])
        for code in scope.areas_for(self.view_action):
            condition |= within(code)
        return self.filter(condition)


class PostingQuerySet(ScopedQuerySet):
    view_action = "postings.view"

    def in_force(self, day: date) -> Self:
        """Postings that have begun and not ended on `day`, of people who may sign in."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True)
