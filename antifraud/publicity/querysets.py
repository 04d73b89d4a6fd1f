"""Which notices: before it is published a notice is the desk's own; afterwards it belongs to the areas that it is for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db.models import Q

from grids.areas.codes import ancestors_of
from tongshan_portal.accounts.querysets import GuardedQuerySet, ScopedQuerySet, found_under
from tongshan_portal.accounts.scope import Scope

from .enums import PUBLIC, NoticeState


def touching(area_code: str) -> Q:
    """The condition on areas of notices that they lie in an area, or hold it."""
    return Q(area_code__in=[*ancestors_of(area_code), area_code]) | found_under(area_code)


class NoticeAreaQuerySet(GuardedQuerySet):
    """Areas of notices, always asked for together with the notice."""

    def touching(self, codes: Iterable[str]) -> Self:
        """Those that lie in one of the areas, or hold it."""
        condition = Q(pk__in=[])
        for code in codes:
            condition |= touching(code)
        return self.filter(condition)


class NoticeQuerySet(ScopedQuerySet):
    view_action = "publicity.view"

    def visible_to(self, scope: Scope) -> Self:
        """To the desk all of its areas; to approvers what was submitted; to the others what was published and touches their area."""
        if scope.user_id is None:
            return self.none().opened()
        condition = Q(pk__in=[])
        for code in scope.areas_for("publicity.write"):
            condition |= found_under(code)
        for code in scope.areas_for("publicity.approve"):
            condition |= found_under(code) & Q(state=NoticeState.SUBMITTED)
        if codes := scope.areas_for("publicity.view"):
            condition |= Q(state__in=PUBLIC) & self._for_areas(codes)
        return self.filter(condition).opened()

    def _for_areas(self, codes: Iterable[str]) -> Q:
        from .models import NoticeArea  # noqa: PLC0415 - models need this module

        areas = NoticeArea.objects.unscoped("asked for together with its notice").touching(codes)
        return Q(pk__in=areas.order_by().values("notice_id"))

    def for_area(self, area_code: str) -> Self:
        """Those for an area: for it, for one that holds it, or for one within it."""
        return self.filter(self._for_areas([area_code]))

    def in_force(self, now: datetime) -> Self:
        """Those published whose period of validity is not over."""
        return self.filter(state=NoticeState.PUBLISHED, valid_until__gt=now)

    def for_everybody(self) -> Self:
        """What anybody may read: published, and for residents."""
        return self.filter(state__in=PUBLIC, to_residents=True)


class BroadcastQuerySet(ScopedQuerySet):
    view_action = "publicity.view"
