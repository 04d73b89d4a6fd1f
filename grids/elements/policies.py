"""What one may do with elements, and who."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

_FIELD = {Role.GRID_WORKER, Role.VILLAGE_OFFICER, Role.TOWN_OFFICER}
_CENTRE = {Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR}
_SERVE = {Role.COMMUNITY_POLICE, Role.MEDIATOR, Role.ANTIFRAUD_OFFICER, Role.BRANCH_SECRETARY, Role.VOLUNTEER_ORGANISER, Role.LEADER}

ACTIONS = [
    Action(
        "households.view",
        _("See households"),
        _("Grid workers, village and town officers and the command centre see the households of their areas, contacts masked."),
        frozenset(_FIELD | _CENTRE),
    ),
    Action(
        "households.record",
        _("Record a household"),
        _("Grid workers, village and town officers record households of their areas, with the least that a service needs."),
        frozenset(_FIELD),
    ),
    Action(
        "households.reveal",
        _("See a household's contact"),
        _("Grid workers, village and town officers and duty officers see a contact when they give a reason, which the ledger keeps."),
        frozenset(_FIELD | {Role.DUTY_OFFICER}),
    ),
    Action(
        "households.import",
        _("Bring households from a file"),
        _("Directors and town officers bring the households of their areas from a file."),
        frozenset({Role.DIRECTOR, Role.TOWN_OFFICER}),
    ),
    Action(
        "households.export",
        _("Take the list of households away"),
        _("Directors and town officers take the list of their areas away as a file, contacts masked."),
        frozenset({Role.DIRECTOR, Role.TOWN_OFFICER}),
    ),
    Action(
        "elements.view",
        _("See addresses, places, facilities and organisations"),
        _("Staff of the net, the command centre and those who serve in an area see what stands in it."),
        frozenset(_FIELD | _CENTRE | _SERVE),
    ),
    Action(
        "elements.record",
        _("Record places, facilities and organisations"),
        _("Grid workers, village and town officers record what stands in their areas."),
        frozenset(_FIELD),
    ),
    Action(
        "elements.import",
        _("Bring addresses, places, facilities and organisations from a file"),
        _("Directors and town officers bring what stands in their areas from a file."),
        frozenset({Role.DIRECTOR, Role.TOWN_OFFICER}),
    ),
    Action(
        "corrections.view",
        _("See corrections"),
        _("Grid workers, village and town officers see the corrections that were proposed in their areas."),
        frozenset(_FIELD),
    ),
    Action(
        "corrections.decide",
        _("Decide on a correction"),
        _("Village and town officers confirm or reject what somebody else proposed."),
        frozenset({Role.VILLAGE_OFFICER, Role.TOWN_OFFICER}),
    ),
    Action(
        "terms.change",
        _("Edit the dictionaries of elements"),
        _("System administrators edit service needs and the kinds of places, facilities and organisations."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
