"""Which alerts: the line decides (need-to-know), not the area alone."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import GuardedQuerySet, ScopedQuerySet, within
from tongshan_portal.accounts.scope import Scope

from .enums import LIVING, OPEN, ROLE_OF, AlertState


def offered_to(scope: Scope) -> Q:
    """Alerts offered to a desk at which the person sits, and not yet anybody's by name."""
    condition = Q(pk__in=[])
    for reach in scope.reaches:
        for goes in (goes for goes, role in ROLE_OF.items() if role is reach.role):
            condition |= Q(assignee__isnull=True, goes=goes, desk_code=reach.area_code, state__in=OPEN)
    return condition


class AlertQuerySet(ScopedQuerySet):
    view_action = "alerts.view"

    def visible_to(self, scope: Scope) -> Self:
        """To the anti-fraud desk and the police those of their areas; to others what they are asked to work on.

        To the duty officer, besides, what came while the desk was closed, until somebody has checked its outcome.
        """
        if scope.user_id is None:
            return self.none().opened()
        condition = Q(assignee_id=scope.user_id, state__in=LIVING) if scope.reaches_for("alerts.view_assigned") else Q(pk__in=[])
        condition |= offered_to(scope)
        for code in scope.areas_for(self.view_action):
            condition |= within(code)
        for reach in scope.reaches:
            if reach.role is Role.DUTY_OFFICER:
                for code in (reach.area_code, *reach.predecessors):
                    condition |= Q(with_duty=True, state__in=[*OPEN, AlertState.RECORDED]) & within(code)
        return self.filter(condition).opened()

    def counted_for(self, scope: Scope) -> Self:
        """Those of the areas in which the person may count: for numbers alone, never for rows."""
        condition = Q(pk__in=[])
        for code in scope.areas_for("alerts.count"):
            condition |= within(code)
        return self.filter(condition).opened()

    def open(self) -> Self:
        """Those whose person has not been dealt with."""
        return self.filter(state__in=OPEN)

    def living(self) -> Self:
        """Those with which somebody has something to do."""
        return self.filter(state__in=LIVING)

    def overdue(self, now: datetime) -> Self:
        """Those whose present stage is late."""
        return self.filter(due_at__lt=now, state__in=LIVING)

    def of_person(self, row: Any) -> Self:
        """The other alerts of the same person, whatever the type."""
        return self.filter(phone_index=row.phone_index).exclude(pk=row.pk)


class HandoverQuerySet(ScopedQuerySet):
    view_action = "alerts.shift"


class PartQuerySet(GuardedQuerySet):
    """Rows that belong to an alert: who sees the alert sees them."""

    def visible_to(self, scope: Scope) -> Self:
        from .models import FraudAlert  # noqa: PLC0415 - models need this module

        return self.filter(alert__in=FraudAlert.objects.visible_to(scope).values("pk")).opened()
