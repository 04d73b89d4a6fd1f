"""What one may do with the running of the portal."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

ACTIONS = [
    Action(
        "metrics.view",
        _("See the metrics"),
        _("System administrators see how the portal's processes fare."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
