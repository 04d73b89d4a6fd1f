"""What one may do with case reports, and who."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

CENTRE = frozenset({Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR})
DESKS = {9: Role.TOWN_OFFICER, 12: Role.VILLAGE_OFFICER, 15: Role.GRID_WORKER}
"""Whose desk an area's code names, by its length."""

HANDLERS = frozenset({Role.DEPARTMENT_HANDLER, *DESKS.values()})
SENDERS = frozenset({Role.DUTY_OFFICER, Role.DISPATCHER, Role.TOWN_OFFICER})
FILERS = frozenset({*DESKS.values(), Role.CORE_HOUSEHOLD, Role.COMMUNITY_POLICE, Role.DUTY_OFFICER, Role.DISPATCHER})
BOUNCES = 2
"""From so many bounces on the command centre alone decides where a report goes."""


def holds_desk(actor: Any, row: Any) -> bool:
    """Whether the report stands on a desk of the actor's."""
    for reach in actor.scope.reaches:
        if reach.role is Role.DEPARTMENT_HANDLER and row.department_id is not None and reach.department_id == row.department_id:
            return True
        if row.desk_code and reach.role is DESKS.get(len(row.desk_code)) and reach.area_code == row.desk_code:
            return True
    return False


def _on_own_desk(actor: Any, row: Any) -> Promise | None:
    return None if holds_desk(actor, row) else _("It stands on another desk.")


def _centre_after_bounces(actor: Any, row: Any) -> Promise | None:
    if row.bounces < BOUNCES or {Role.DUTY_OFFICER, Role.DISPATCHER} & actor.scope.roles:
        return None
    return _("It was refused twice: the command centre decides where it goes.")


def _filed_it(actor: Any, row: Any) -> Promise | None:
    return None if row.filed_by_id is not None and row.filed_by_id == actor.user_id else _("Only who filed it may withdraw it.")


def _sees_contact(actor: Any, row: Any) -> Promise | None:
    if (CENTRE | set(DESKS.values())) & {reach.role for reach in actor.scope.reaches_for("reports.reveal")} or holds_desk(actor, row):
        return None
    return _("It stands on another desk.")


ACTIONS = [
    Action(
        "reports.view",
        _("See case reports"),
        _("The command centre, town, village and grid desks, police and leaders see the reports of their areas."),
        CENTRE | set(DESKS.values()) | {Role.COMMUNITY_POLICE, Role.LEADER},
    ),
    Action(
        "reports.view_dispatched",
        _("See what is dispatched to the department"),
        _("Department handlers see the reports that are or were dispatched to their department."),
        frozenset({Role.DEPARTMENT_HANDLER}),
    ),
    Action("reports.file", _("File a report"), _("Whoever serves in an area files what is seen there."), FILERS),
    Action(
        "reports.import",
        _("Bring reports from a file"),
        _("Dispatchers, directors and town officers bring reports of other systems into their areas from a file."),
        frozenset({Role.DISPATCHER, Role.DIRECTOR, Role.TOWN_OFFICER}),
    ),
    Action(
        "reports.open",
        _("Open a report"),
        _("Duty officers, dispatchers, town and village officers open what was filed."),
        SENDERS | {Role.VILLAGE_OFFICER},
    ),
    Action(
        "reports.dispatch",
        _("Dispatch a report"),
        _("Dispatchers, duty and town officers send a report to the desk that handles it; after two refusals the command centre alone."),
        SENDERS,
        _centre_after_bounces,
    ),
    Action(
        "reports.handle",
        _("Handle a report"),
        _("The department or desk on which a report stands signs for it, handles it and feeds back."),
        HANDLERS,
        _on_own_desk,
    ),
    Action(
        "reports.object",
        _("Say that it is not ours"),
        _("The desk on which a report stands objects within five working days, with a reason."),
        HANDLERS,
        _on_own_desk,
    ),
    Action(
        "reports.verify",
        _("Verify a result"),
        _("Supervisors, duty and town officers verify what somebody else handled."),
        frozenset({Role.SUPERVISOR, Role.DUTY_OFFICER, Role.TOWN_OFFICER}),
    ),
    Action(
        "reports.close",
        _("Close a report"),
        _("Supervisors, duty and town officers answer whoever raised it and close."),
        frozenset({Role.SUPERVISOR, Role.DUTY_OFFICER, Role.TOWN_OFFICER}),
    ),
    Action(
        "reports.reopen",
        _("Reopen a report"),
        _("The command centre and town officers reopen what turned out not to be solved."),
        CENTRE | {Role.TOWN_OFFICER},
    ),
    Action(
        "reports.approve",
        _("Approve more time"),
        _("Directors, supervisors and town officers approve more time that somebody else asked for."),
        frozenset({Role.DIRECTOR, Role.SUPERVISOR, Role.TOWN_OFFICER}),
    ),
    Action("reports.hasten", _("Hasten"), _("The command centre and town officers hasten what is slow."), CENTRE | {Role.TOWN_OFFICER}),
    Action(
        "reports.supervise",
        _("Order supervision"),
        _("Supervisors and directors give an order that must be answered in writing."),
        frozenset({Role.SUPERVISOR, Role.DIRECTOR}),
    ),
    Action(
        "reports.note",
        _("Add a note"),
        _("The command centre and the desks of an area add notes; a department to what stands on its desk."),
        CENTRE | HANDLERS,
    ),
    Action("reports.withdraw", _("Withdraw"), _("Who filed a report withdraws it before it is dispatched."), FILERS, _filed_it),
    Action(
        "reports.void",
        _("Void a report"),
        _("One of the command centre or the town proposes, another confirms."),
        CENTRE | {Role.TOWN_OFFICER},
    ),
    Action("reports.merge", _("Merge reports"), _("Dispatchers, duty and town officers merge what was filed twice."), SENDERS),
    Action(
        "reports.reveal",
        _("See who raised it"),
        _("The command centre, the desks of the area and the department that handles it see a contact; the ledger keeps why."),
        CENTRE | HANDLERS,
        _sees_contact,
    ),
    Action(
        "reports.configure",
        _("Edit categories, rules and time limits"),
        _("System administrators edit categories, words, dispatch rules and time limits of reports."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
