"""What one may do to the net, and who."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

ACTIONS = [
    Action(
        "areas.change",
        _("Change the net"),
        _("System administrators name, merge, split, move and retire areas and bring their boundaries."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
