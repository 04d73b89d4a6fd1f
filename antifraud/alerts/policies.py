"""What one may do with fraud alerts, and who. The content is need-to-know (反电信网络诈骗法 5): the line decides, not the area alone."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.policy import Action

from .enums import OPEN, ROLE_OF, Goes

LINE = frozenset({Role.ANTIFRAUD_OFFICER, Role.COMMUNITY_POLICE})
"""Who sees every alert of the area."""
WORKERS = LINE | {Role.GRID_WORKER, Role.DUTY_OFFICER}
"""Who may be asked to dissuade somebody."""
DESK = frozenset({Role.ANTIFRAUD_OFFICER, Role.DUTY_OFFICER})
"""Who assigns; the duty officer only what came while the desk was closed."""
COUNTERS = frozenset({
    Role.ANTIFRAUD_OFFICER, Role.COMMUNITY_POLICE, Role.DUTY_OFFICER, Role.DISPATCHER, Role.SUPERVISOR, Role.DIRECTOR, Role.LEADER,
    Role.TOWN_OFFICER, Role.VILLAGE_OFFICER, Role.GRID_WORKER,
})  # fmt: skip
"""Who sees how many there are, and nothing of the people."""


def is_assigned(actor: Any, row: Any) -> bool:
    """Whether the dissuasion is the actor's: hers by name, or offered to a desk at which she sits."""
    if row.assignee_id is not None:
        return row.assignee_id == actor.user_id
    role = ROLE_OF.get(row.goes) if row.goes else None
    return role is not None and any(reach.role is role and reach.area_code == row.desk_code for reach in actor.scope.reaches)


def _serves(actor: Any, row: Any, role: Role) -> bool:
    """Whether a posting of the actor's in this role holds the row's area."""
    places = (place for reach in actor.scope.reaches if reach.role is role for place in (reach.area_code, *reach.predecessors))
    return any(row.area_code.startswith(place) for place in places)


def _on_duty_for(actor: Any, row: Any) -> bool:
    return row.with_duty and _serves(actor, row, Role.DUTY_OFFICER)


def _at_the_desk(actor: Any, row: Any) -> bool:
    return _serves(actor, row, Role.ANTIFRAUD_OFFICER)


def _assigned(actor: Any, row: Any) -> Promise | None:
    return None if is_assigned(actor, row) else _("It is assigned to somebody else.")


def _works_on_it(actor: Any, row: Any) -> Promise | None:
    if is_assigned(actor, row) or _at_the_desk(actor, row) or _on_duty_for(actor, row):
        return None
    return _("It is assigned to somebody else.")


def _desk(actor: Any, row: Any) -> Promise | None:
    if _at_the_desk(actor, row) or _on_duty_for(actor, row):
        return None
    return _("The anti-fraud desk does this; the duty officer only while the desk is closed.")


def _needs_to_know(actor: Any, row: Any) -> Promise | None:
    police = _serves(actor, row, Role.COMMUNITY_POLICE)
    if police or _at_the_desk(actor, row) or _on_duty_for(actor, row) or (is_assigned(actor, row) and row.state in OPEN):
        return None
    return _("Only who dissuades this person sees how to reach her.")


ACTIONS = [
    Action(
        "alerts.view",
        _("See fraud alerts"),
        _("The anti-fraud desk and the community police see the alerts of their areas."),
        LINE,
    ),
    Action(
        "alerts.view_assigned",
        _("See the alert that one is asked to work on"),
        _("Whoever is asked to dissuade somebody sees that alert; the duty officer sees what came while the desk was closed."),
        frozenset(ROLE_OF[goes] for goes in Goes),
    ),
    Action(
        "alerts.count",
        _("See how many alerts there are"),
        _("The command centre and the desks of an area see numbers of alerts, and nothing of the people."),
        COUNTERS,
    ),
    Action(
        "alerts.receive",
        _("Take in warnings"),
        _("The anti-fraud desk takes warnings in from files and after a call; the duty officer after a call."),
        DESK,
    ),
    Action(
        "alerts.import",
        _("Take in warnings from a file"),
        _("The anti-fraud desk takes warnings in from files."),
        frozenset({Role.ANTIFRAUD_OFFICER}),
    ),
    Action(
        "alerts.assign",
        _("Assign an alert"),
        _("The anti-fraud desk says who goes; the duty officer while the desk is closed."),
        DESK,
        _desk,
    ),
    Action(
        "alerts.accept", _("Accept an alert"), _("Whoever was asked to dissuade somebody accepts it, or passes it on."), WORKERS, _assigned
    ),
    Action(
        "alerts.handle",
        _("Work on an alert"),
        _("Whoever is asked to dissuade somebody, and the desk, record attempts and the outcome."),
        WORKERS,
        _works_on_it,
    ),
    Action(
        "alerts.check",
        _("Check an outcome"),
        _("The anti-fraud desk or the community police check what somebody else recorded; only then an avoided loss counts."),
        LINE,
    ),
    Action(
        "alerts.close",
        _("Call again and close"),
        _("The anti-fraud desk and the community police call the person once more and close; they reopen what was not over."),
        LINE,
    ),
    Action("alerts.merge", _("Merge alerts"), _("The anti-fraud desk merges alerts of one person."), frozenset({Role.ANTIFRAUD_OFFICER})),
    Action(
        "alerts.regrade",
        _("Raise or lower the grade"),
        _("The anti-fraud desk raises or lowers the grade with a reason; the duty officer while the desk is closed."),
        DESK,
        _desk,
    ),
    Action(
        "alerts.call_off",
        _("Record that a source took its warning back"),
        _("The anti-fraud desk records a false alarm that the source itself reported; somebody else checks it."),
        frozenset({Role.ANTIFRAUD_OFFICER}),
    ),
    Action(
        "alerts.shift",
        _("Hand over and take over the desk"),
        _("The anti-fraud desk and the duty officer write down what they leave and sign for what they take over."),
        DESK,
    ),
    Action(
        "alerts.reveal",
        _("See who is warned"),
        _("The anti-fraud desk, the community police of the area and whoever dissuades see name, phone and address; the ledger keeps why."),
        WORKERS,
        _needs_to_know,
    ),
    Action(
        "alerts.export",
        _("Take away the list of alerts"),
        _("The anti-fraud desk takes the list away, with names and numbers masked."),
        frozenset({Role.ANTIFRAUD_OFFICER}),
    ),
    Action(
        "alerts.configure",
        _("Edit fraud types and grade policies"),
        _("System administrators edit fraud types, grade policies and the limits of attempts."),
        frozenset({Role.SYSTEM_ADMIN}),
    ),
]
