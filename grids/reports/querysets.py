"""Which reports: those of a scope, those that are late, those that stand on a desk."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Self

from django.db.models import F, Q

from grids.areas.codes import Level
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import ScopedQuerySet, within
from tongshan_portal.accounts.scope import Scope

from .enums import LIVING, ReportState
from .policies import DESKS, desks_of


class ReportQuerySet(ScopedQuerySet):
    view_action = "reports.view"

    def visible_to(self, scope: Scope) -> Self:
        """Reports of one's areas; to a department what is or was dispatched to it; to anybody what she filed herself."""
        if scope.user_id is None:
            return self.none().opened()
        return self.filter(reduce(or_, self._branches(scope))).opened()

    def parts_for(self, scope: Scope) -> list[Self]:
        """The rows of `visible_to` in parts that share no row; each is served in the list's order by an index of its own."""
        if scope.user_id is None:
            return [self.none().opened()]
        parts, before = [], Q()
        for branch in self._branches(scope):
            parts.append((self.filter(branch).exclude(before) if before else self.filter(branch)).opened())
            before |= branch
        return parts

    def _branches(self, scope: Scope) -> list[Q]:
        areas = scope.areas_for(self.view_action)
        own = Q(filed_by_id=scope.user_id)
        whole = next((code for code in areas if len(code) == Level.DISTRICT), None)
        if whole is not None and not scope.grants and len(areas) == 1:
            return [within(whole)]  # everything else lies within
        dispatched = [
            within(reach.area_code) & Q(departments__contains=[reach.department_id])
            for reach in scope.reaches_for("reports.view_dispatched")
        ]
        return [*(within(code) for code in areas), *dispatched, own]

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
