"""What one may do with publicity against fraud, and who."""

from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

DESK = frozenset({Role.ANTIFRAUD_OFFICER})
APPROVERS = DESK | {Role.DIRECTOR, Role.SUPERVISOR}
IN_THE_AREAS = frozenset({Role.TOWN_OFFICER, Role.VILLAGE_OFFICER, Role.GRID_WORKER, Role.COMMUNITY_POLICE})
"""The desks that hear of a notice about their area, and make it known there."""

ACTIONS = [
    Action(
        "publicity.view",
        _("See published notices against fraud"),
        _("Who serves an area, and the command centre, see the notices published for it, and how it was made known there."),
        APPROVERS | IN_THE_AREAS | {Role.DUTY_OFFICER, Role.DISPATCHER, Role.LEADER},
    ),
    Action(
        "publicity.write",
        _("Write notices against fraud"),
        _("The anti-fraud desk writes notices for its areas, submits them, and writes updates."),
        DESK,
    ),
    Action(
        "publicity.approve",
        _("Approve notices against fraud"),
        _("Another anti-fraud officer, the director or a supervisor publishes a submitted notice, or sends it back."),
        APPROVERS,
    ),
    Action(
        "publicity.cancel",
        _("Cancel notices against fraud"),
        _("The anti-fraud desk, the director or a supervisor cancels a published notice, with a reason that everybody reads."),
        APPROVERS,
    ),
    Action(
        "publicity.broadcast",
        _("Record that a notice was made known"),
        _("Towns, villages, grid workers and community police record how they made a notice known in their area."),
        IN_THE_AREAS,
    ),
    Action(
        "fraud_advice.change",
        _("Edit the advice on types of fraud"),
        _("The anti-fraud desk edits the pages and posters on types of fraud; every version stays."),
        DESK,
    ),
]
