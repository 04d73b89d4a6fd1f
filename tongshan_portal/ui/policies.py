"""What one may do with the shell."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

ACTIONS = [
    Action(
        "gallery.view",
        _("See the component gallery"),
        _("System administrators see every component of the pages in every state."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    Action(
        "banners.change",
        _("Post and take down banners"),
        _("System administrators tell everybody something at the head of every page."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
