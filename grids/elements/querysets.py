"""Which elements a scope holds."""

from tongshan_portal.accounts.querysets import ScopedQuerySet


class HouseholdQuerySet(ScopedQuerySet):
    view_action = "households.view"


class ElementQuerySet(ScopedQuerySet):
    view_action = "elements.view"


class CorrectionQuerySet(ScopedQuerySet):
    view_action = "corrections.view"
