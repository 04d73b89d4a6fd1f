"""What one may do with case reports, and who."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.codes import covers
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

from .enums import OPEN_CO_HANDLING, CoHandlingState

CENTRE = frozenset({Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR})
DESKS = {9: Role.TOWN_OFFICER, 12: Role.VILLAGE_OFFICER, 15: Role.GRID_WORKER}
"""Whose desk an area's code names, by its length."""

HANDLERS = frozenset({Role.DEPARTMENT_HANDLER, *DESKS.values()})
SENDERS = frozenset({Role.DUTY_OFFICER, Role.DISPATCHER, Role.TOWN_OFFICER})
FILERS = frozenset({*DESKS.values(), Role.CORE_HOUSEHOLD, Role.COMMUNITY_POLICE, Role.DUTY_OFFICER, Role.DISPATCHER})
BOUNCES = 2
"""From so many bounces on the command centre alone decides where a report goes."""


def desks_of(scope: Any) -> set[str]:
    """The desks on which a person serves, as forms and `Report.co_handlers` name them: `department:3`, `desk:320312106`."""
    held = set()
    for reach in scope.reaches:
        if reach.role is Role.DEPARTMENT_HANDLER and reach.department_id is not None:
            held.add(f"department:{reach.department_id}")
        elif reach.role is DESKS.get(len(reach.area_code)):
            held.add(f"desk:{reach.area_code}")
    return held


def desk_key(row: Any) -> str:
    """The desk on which a report stands, in the same words; empty where it stands on none."""
    if row.department_id is not None:
        return f"department:{row.department_id}"
    return f"desk:{row.desk_code}" if row.desk_code else ""


def holds_desk(actor: Any, row: Any) -> bool:
    """Whether the report stands on a desk of the actor's."""
    return desk_key(row) in desks_of(actor.scope)


def co_handles(actor: Any, row: Any, *states: str) -> bool:
    """Whether a desk of the actor's has an open co-handling of the report, in one of these states."""
    return any(row.co_handlers.get(key) in states for key in desks_of(actor.scope))


BEFORE = {
    CoHandlingState.ACCEPTED: (CoHandlingState.ASKED,),
    CoHandlingState.REFUSED: (CoHandlingState.ASKED,),
    CoHandlingState.DONE: (CoHandlingState.ACCEPTED,),
    CoHandlingState.DROPPED: OPEN_CO_HANDLING,
}
"""Where a co-handling must stand to come to a state."""


def open_to(actor: Any, parts: Iterable[Any], target: CoHandlingState) -> list[Any]:
    """Of a report's co-handlings those that the actor can bring to a state: her own desks', or any where she does without."""
    mine = None if target is CoHandlingState.DROPPED else desks_of(actor.scope)
    return [one for one in parts if one.state in BEFORE[target] and (mine is None or one.key in mine)]


def finishable(actor: Any, row: Any, tasks: Iterable[Any]) -> list[Any]:
    """Of a report's sub-tasks the open ones that the actor can finish: her own, or all of her desk's."""
    every = holds_desk(actor, row)
    return [one for one in tasks if one.done_at is None and (every or one.assignee_id == actor.user_id)]


def _on_own_desk(actor: Any, row: Any) -> Promise | None:
    return None if holds_desk(actor, row) else _("It stands on another desk.")


def _centre_after_bounces(actor: Any, row: Any) -> Promise | None:
    if row.bounces < BOUNCES or {Role.DUTY_OFFICER, Role.DISPATCHER} & actor.scope.roles:
        return None
    return _("It was refused twice: the command centre decides where it goes.")


def _below_the_town(actor: Any, row: Any) -> Promise | None:
    if not 9 < len(row.desk_code) <= 15:
        return _("Only the desk of a grid or village sends up to the desk above it.")
    return _on_own_desk(actor, row)


def _the_town(actor: Any, row: Any) -> Promise | None:
    return _on_own_desk(actor, row) if len(row.desk_code) == 9 else _("Only the desk of a town sends up to the command centre.")


def _above_others(actor: Any, row: Any) -> Promise | None:
    if not row.desk_code or min(len(row.area_code), 15) <= len(row.desk_code):
        return _("No desk below this one has it in its area.")
    return _on_own_desk(actor, row)


def _before_bounces(actor: Any, row: Any) -> Promise | None:
    if row.bounces >= BOUNCES:
        return _("It was refused twice: the command centre decides where it goes.")
    return _on_own_desk(actor, row)


def _holds_or_sends(actor: Any, row: Any) -> Promise | None:
    sends = any(reach.role in SENDERS and covers(reach.area_code, row.area_code) for reach in actor.scope.reaches)
    return None if sends or holds_desk(actor, row) else _("It stands on another desk.")


def _is_asked(actor: Any, row: Any) -> Promise | None:
    return None if co_handles(actor, row, "asked") else _("No request to co-handle waits for your desk.")


def _co_handles(actor: Any, row: Any) -> Promise | None:
    return None if co_handles(actor, row, "accepted") else _("Your desk has not accepted to co-handle it.")


def _has_sub_task(actor: Any, row: Any) -> Promise | None:
    if actor.user_id in row.assignees or (row.assignees and holds_desk(actor, row)):
        return None
    return _("You have no open sub-task here.")


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
        _("Department handlers see the reports that are or were dispatched to their department, or that it was asked to co-handle."),
        frozenset({Role.DEPARTMENT_HANDLER}),
    ),
    Action(
        "reports.evaluate",
        _("See the evaluation of case reports"),
        _("The command centre, town and village desks and leaders see the figures of their areas, departments their own."),
        CENTRE | {Role.TOWN_OFFICER, Role.VILLAGE_OFFICER, Role.LEADER, Role.DEPARTMENT_HANDLER},
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
        "reports.send_up",
        _("Send up"),
        _("The desk of a grid or village sends what stands on it up to the desk above, with a reason."),
        frozenset({Role.VILLAGE_OFFICER, Role.GRID_WORKER}),
        _below_the_town,
    ),
    Action(
        "reports.send_up_to_centre",
        _("Send up to the command centre"),
        _("The desk of a town gives what stands on it to the command centre, which dispatches it anew."),
        frozenset({Role.TOWN_OFFICER}),
        _the_town,
    ),
    Action(
        "reports.send_down",
        _("Send down"),
        _("The desk of a town or village sends what stands on it to a desk below, in whose area the report lies."),
        frozenset({Role.TOWN_OFFICER, Role.VILLAGE_OFFICER}),
        _above_others,
    ),
    Action(
        "reports.transfer",
        _("Transfer a report"),
        _("The desk on which a report stands gives it directly to another, with a reason; after two refusals the command centre decides."),
        HANDLERS,
        _before_bounces,
    ),
    Action(
        "reports.ask_co_handling",
        _("Ask others to co-handle"),
        _("The desk on which a report stands, and whoever dispatches in its area, ask another desk to take part; the lead stays."),
        HANDLERS | SENDERS,
        _holds_or_sends,
    ),
    Action(
        "reports.answer_co_handling",
        _("Answer a request to co-handle"),
        _("The desk that was asked to co-handle accepts, or refuses with a reason."),
        HANDLERS,
        _is_asked,
    ),
    Action(
        "reports.finish_co_handling",
        _("Finish co-handling"),
        _("The desk that accepted to co-handle says what it did."),
        HANDLERS,
        _co_handles,
    ),
    Action(
        "reports.finish_sub_task",
        _("Finish a sub-task"),
        _("Who was given a sub-task, or the desk that has the report, says what was done."),
        HANDLERS,
        _has_sub_task,
    ),
    Action(
        "reports.split",
        _("Split off a part"),
        _("Dispatchers, duty and town officers make a part of a report one of its own, for another desk; the two stay linked."),
        SENDERS,
    ),
    Action(
        "reports.call_back",
        _("Make a return call"),
        _("Supervisors, dispatchers, duty and town officers, not whoever handled it, ask the resident what came of it."),
        frozenset({Role.SUPERVISOR, Role.DUTY_OFFICER, Role.DISPATCHER, Role.TOWN_OFFICER}),
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
        _("Directors, supervisors and town officers approve more time, or a deferral, that somebody else asked for."),
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
        "reports.export",
        _("Take the list of reports away"),
        _("The command centre, town officers and departments export the reports that they see; contacts are masked."),
        CENTRE | {Role.TOWN_OFFICER, Role.DEPARTMENT_HANDLER},
    ),
    Action(
        "reports.export_contacts",
        _("Export contacts unmasked"),
        _("Directors and supervisors export contacts unmasked, with a reason that the ledger keeps."),
        frozenset({Role.DIRECTOR, Role.SUPERVISOR}),
    ),
    Action(
        "reports.configure",
        _("Edit categories, rules and time limits"),
        _("System administrators edit categories, words, dispatch rules and time limits of reports."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
