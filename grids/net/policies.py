"""What one may do to the net, and who."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

STAFF = frozenset(Role) - {Role.CORE_HOUSEHOLD}

ACTIONS = [
    Action(
        "areas.view_people",
        _("See who serves where"),
        _("Staff see who serves the areas of their postings; below an area one also sees who serves the area itself."),
        STAFF,
    ),
    Action(
        "areas.change",
        _("Change the net"),
        _("System administrators name, merge, split, move and retire areas and bring their boundaries."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
