"""Who manages outside systems."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

MANAGE = Action(
    "outside_systems.manage",
    _("Manage outside systems"),
    _("System administrators say which systems may send rows, and make their keys."),
    frozenset({Role.SYSTEM_ADMIN}),
)
