"""Which reports: those of a scope, those that are late, those that stand on a desk."""

from datetime import datetime
from typing import Self

from django.db.models import F, Q

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import ScopedQuerySet, within
from tongshan_portal.accounts.scope import Scope

from .enums import LIVING, ReportState
from .policies import DESKS, desks_of


class ReportQuerySet(ScopedQuerySet):
    view_action = "reports.view"

    def visible_to(self, scope: Scope) -> Self:
        """Reports of one's areas; to a department what is or was dispatched to it; to anybody what she filed herself or was granted."""
        if scope.user_id is None:
            return self.none().opened()
        own = Q(filed_by_id=scope.user_id)
        if granted := scope.granted(self.view_action, self.model._meta.label_lower):
            own |= Q(pk__in=granted)
        for reach in scope.reaches_for("reports.view_dispatched"):
            own |= within(reach.area_code) & Q(departments__contains=[reach.department_id])
        areas = scope.areas_for(self.view_action)
        if any(len(code) == 6 for code in areas) and not scope.grants:
            # The whole district: everything else lies within.
            return self.filter(self._in(areas) | own if len(areas) > 1 else within(areas[0])).opened()
        return self.filter(self._in(areas) | own).opened()

    def _in(self, areas: list[str]) -> Q:
        condition = Q(pk__in=[])
        for code in areas:
            condition |= within(code)
        return condition

    def living(self) -> Self:
        """Those with which somebody has something to do."""
        return self.filter(state__in=LIVING)

    def overdue(self, now: datetime) -> Self:
        """Those whose present hop is late."""
        return self.filter(due_at__lt=now, state__in=LIVING)

    def due_within(self, now: datetime, until: datetime) -> Self:
        """Those whose present hop falls due between two moments."""
        return self.filter(due_at__gte=now, due_at__lte=until, state__in=LIVING)

    def on_desk_of(self, scope: Scope) -> Self:
        """Those that stand on a desk of the person's: her department's, or that of her town, village or grid."""
        condition = Q(pk__in=[])
        for reach in scope.reaches:
            if reach.role is Role.DEPARTMENT_HANDLER and reach.department_id is not None:
                condition |= Q(department_id=reach.department_id, state__in=(ReportState.DISPATCHED, ReportState.HANDLING))
            elif reach.role is DESKS.get(len(reach.area_code)):
                condition |= Q(desk_code=reach.area_code, state__in=(ReportState.DISPATCHED, ReportState.HANDLING))
        return self.filter(condition)

    def with_parts_for(self, scope: Scope) -> Self:
        """Those with an open co-handling of one of the person's desks, or an open sub-task of hers; few, and in an index of their own."""
        mine = Q(assignees__contains=[scope.user_id])
        if held := sorted(desks_of(scope)):
            mine |= Q(co_handlers__has_any_keys=held)
        return self.filter(mine, open_parts__gt=0)

    def closed_between(self, begin: datetime, end: datetime) -> Self:
        """Closed from one moment until before another."""
        return self.filter(closed_at__gte=begin, closed_at__lt=end)

    def on_time(self) -> Self:
        """Closed by their deadline."""
        return self.filter(closed_at__lte=F("deadline_at"))


class PartQuerySet(ScopedQuerySet):
    """Rows that belong to a report and are reached through it."""

    view_action = "reports.view"
