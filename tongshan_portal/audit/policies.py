"""Who may read the ledger, and who may read why sealed fields were opened."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

ACTIONS = [
    Action(
        "ledger.view",
        _("read the ledger"),
        _("An audit administrator reads who did and saw what."),
        frozenset({Role.AUDIT_ADMIN}),
    ),
    Action(
        "ledger.export",
        _("take the ledger away as a file"),
        _("An audit administrator takes entries away as a file; that is an entry itself."),
        frozenset({Role.AUDIT_ADMIN}),
    ),
    Action(
        "reveals.view",
        _("read who opened sealed fields, and why"),
        _("A supervisor or director sees who opened sealed fields in the area, and the reason given."),
        frozenset({Role.SUPERVISOR, Role.DIRECTOR, Role.AUDIT_ADMIN}),
    ),
]
