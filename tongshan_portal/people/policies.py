"""What one may do with the directory, beyond what accounts itself knows."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import ADMINISTRATORS, Role
from tongshan_portal.accounts.policy import Action

EXPORT = Action(
    "people.export",
    _("Take the list of people away"),
    _("Administrators, directors and town officers take the people and postings of their area away as a file."),
    ADMINISTRATORS | {Role.DIRECTOR, Role.TOWN_OFFICER},
)

ACTIONS = [EXPORT]
