"""Which registrations a scope holds."""

from typing import Self

from tongshan_portal.accounts.querysets import ScopedQuerySet

from .enums import OwnConsent, State


class RegistrationQuerySet(ScopedQuerySet):
    view_action = "registrations.view"

    def registered(self) -> Self:
        """Those that are matched with warnings."""
        return self.filter(state=State.REGISTERED)


class MemberQuerySet(ScopedQuerySet):
    view_action = "registrations.view"

    def confirmed(self) -> Self:
        """Those who said yes, or whose guardian did."""
        return self.filter(state=OwnConsent.CONFIRMED)


class PointQuerySet(ScopedQuerySet):
    view_action = "registration_points.view"


class TallyQuerySet(ScopedQuerySet):
    view_action = "registrations.count"
