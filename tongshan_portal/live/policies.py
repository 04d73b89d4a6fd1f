"""What one may do with notices."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

ANNOUNCE = Action(
    "notices.announce",
    _("announce to a desk"),
    _("Leads of the command centre, town officers and system administrators tell everybody of a role within their area something."),
    frozenset({Role.DUTY_OFFICER, Role.SUPERVISOR, Role.DIRECTOR, Role.TOWN_OFFICER, Role.SYSTEM_ADMIN}),
)
