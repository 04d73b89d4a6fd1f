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
