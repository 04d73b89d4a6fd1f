"""Roles: what a posting makes of a person, each with a sentence that a non-programmer can review."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import Level


class Role(models.TextChoices):
    """The role of a posting. The word is the identifier of docs/glossary.md."""

    DUTY_OFFICER = "duty_officer", _("duty officer")
    DISPATCHER = "dispatcher", _("dispatcher")
    SUPERVISOR = "supervisor", _("supervisor")
    DIRECTOR = "director", _("director")
    TOWN_OFFICER = "town_officer", _("town officer")
    VILLAGE_OFFICER = "village_officer", _("village officer")
    GRID_WORKER = "grid_worker", _("grid worker")
    CORE_HOUSEHOLD = "core_household", _("core household")
    DEPARTMENT_HANDLER = "department_handler", _("department handler")
    MEDIATOR = "mediator", _("mediator")
    LEGAL_AID_OFFICER = "legal_aid_officer", _("legal-aid officer")
    LEGAL_ADVISER = "legal_adviser", _("legal adviser")
    DOCKING_JUDGE = "docking_judge", _("judge of the docking centre")
    ROOM_HOST = "room_host", _("room host")
    DEPUTY = "deputy", _("deputy")
    PARTY_AFFAIRS_OFFICER = "party_affairs_officer", _("party-affairs officer")
    BRANCH_SECRETARY = "branch_secretary", _("branch secretary")
    VOLUNTEER_ORGANISER = "volunteer_organiser", _("volunteer organiser")
    ANTIFRAUD_OFFICER = "antifraud_officer", _("anti-fraud officer")
    COMMUNITY_POLICE = "community_police", _("community police officer")
    LEADER = "leader", _("leader")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    SECURITY_ADMIN = "security_admin", _("security administrator")
    AUDIT_ADMIN = "audit_admin", _("audit administrator")


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What is said of a role: the sentence and the levels of area it may be given at."""

    sentence: str | Promise
    levels: frozenset[Level]


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""Three persons (等保, three separate administrators): nobody holds two of these at a time."""

NEEDS_DEPARTMENT = frozenset({Role.DEPARTMENT_HANDLER})

_D, _T, _V, _G, _M = Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID, Level.MICRO_GRID


def _facts(sentence: str | Promise, *levels: Level) -> RoleFacts:
    return RoleFacts(sentence, frozenset(levels))


ROLES: dict[Role, RoleFacts] = {
    Role.DUTY_OFFICER: _facts(_("Receives what comes in, decides what is urgent and opens matters."), _D, _T),
    Role.DISPATCHER: _facts(_("Sends each matter to the desk that has to handle it."), _D, _T),
    Role.SUPERVISOR: _facts(_("Verifies what was handled, hastens what is late, sees why sealed data was looked at."), _D, _T),
    Role.DIRECTOR: _facts(_("Answers for the centre and its figures, approves extensions and exceptions."), _D),
    Role.TOWN_OFFICER: _facts(_("Does the work of the centre for one town or street."), _T),
    Role.VILLAGE_OFFICER: _facts(_("Does the work of the centre for one village or community."), _V),
    Role.GRID_WORKER: _facts(_("Visits, reports and handles matters in one grid."), _G),
    Role.CORE_HOUSEHOLD: _facts(_("Looks after about ten households and reports what they need."), _G, _M),
    Role.DEPARTMENT_HANDLER: _facts(_("Takes, handles or returns what is dispatched to a department."), _D, _T),
    Role.MEDIATOR: _facts(_("Mediates disputes and keeps their file."), _D, _T, _V),
    Role.LEGAL_AID_OFFICER: _facts(_("Decides on legal aid and assigns who gives it."), _D, _T),
    Role.LEGAL_ADVISER: _facts(_("Advises villages and their people on the law."), _T, _V),
    Role.DOCKING_JUDGE: _facts(_("Refers disputes to mediation before a lawsuit and confirms agreements."), _D, _T),
    Role.ROOM_HOST: _facts(_("Runs a negotiation room: its calendar, sessions and resolutions."), _D, _T, _V, _G),
    Role.DEPUTY: _facts(_("People's-congress deputy or CPPCC member: raises topics, votes, supervises projects."), _D, _T, _V),
    Role.PARTY_AFFAIRS_OFFICER: _facts(_("Keeps the organisation tree and the programmes of party building."), _D, _T),
    Role.BRANCH_SECRETARY: _facts(_("Leads a branch, its central households and their lists."), _T, _V, _G),
    Role.VOLUNTEER_ORGANISER: _facts(_("Organises teams, activities and hours, and matches orders with volunteers."), _D, _T, _V),
    Role.ANTIFRAUD_OFFICER: _facts(_("Receives fraud warnings and sees that each person warned is reached."), _D, _T),
    Role.COMMUNITY_POLICE: _facts(_("Meets people who are being defrauded and those in dispute, on the spot."), _T, _V, _G),
    Role.LEADER: _facts(_("Leads cases and projects that were assigned by name; sees the whole area."), _D, _T),
    Role.SYSTEM_ADMIN: _facts(_("Keeps user accounts, dictionaries and the net; gives no rights."), _D),
    Role.SECURITY_ADMIN: _facts(_("Gives and ends postings and exceptional grants, never to herself."), _D),
    Role.AUDIT_ADMIN: _facts(_("Reads the ledger and every posting; changes nothing."), _D, _T),
}
