"""What one may do with registrations, and who."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

_GUARD = {Role.ANTIFRAUD_OFFICER, Role.COMMUNITY_POLICE}
_PLACE = {Role.VILLAGE_OFFICER, Role.TOWN_OFFICER}
_CENTRE = {Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR, Role.LEADER}

ACTIONS = [
    Action(
        "registrations.view",
        _("See registrations for fraud protection"),
        _("Anti-fraud officers, community police and village officers see the registrations of their areas, numbers and names masked."),
        frozenset(_GUARD | {Role.VILLAGE_OFFICER}),
    ),
    Action(
        "registrations.count",
        _("See how many are protected"),
        _("Who serves an area, and the command centre, see how many are registered, following and protected in it, and nobody's data."),
        frozenset(_GUARD | _PLACE | _CENTRE | {Role.GRID_WORKER}),
    ),
    Action(
        "registrations.reveal",
        _("See the number or name of a registration"),
        _("Anti-fraud officers and community police see a number or name when they give a reason, which the ledger keeps."),
        frozenset(_GUARD),
    ),
    Action(
        "registrations.withdraw",
        _("Withdraw a registration on request"),
        _("Anti-fraud officers, community police and village officers withdraw a registration when the person asks them to."),
        frozenset(_GUARD | {Role.VILLAGE_OFFICER}),
    ),
    Action(
        "registrations.import",
        _("Bring registrations from a file"),
        _("Anti-fraud officers bring existing registrations of their areas from a file, with the basis of their consent."),
        frozenset({Role.ANTIFRAUD_OFFICER}),
    ),
    Action(
        "registrations.export",
        _("Take the list of registrations away"),
        _("Anti-fraud officers take the list of their areas away as a file, numbers and names masked."),
        frozenset({Role.ANTIFRAUD_OFFICER}),
    ),
    Action(
        "registration_points.view",
        _("See registration points"),
        _("Anti-fraud officers, community police, village and town officers see the registration points of their areas."),
        frozenset(_GUARD | _PLACE),
    ),
    Action(
        "registration_points.change",
        _("Set up registration points"),
        _("Anti-fraud officers, community police, village and town officers set up registration points in their areas and close them."),
        frozenset(_GUARD | _PLACE),
    ),
    Action(
        "relations.change",
        _("Edit the dictionary of family relations"),
        _("System administrators edit how family members of a registration may be related."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
    Action(
        "consent_texts.publish",
        _("Publish a consent text"),
        _("System administrators publish a new version of what is told before somebody registers; earlier versions stay as they were."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
