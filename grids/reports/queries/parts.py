"""What belongs to one report beside its own course: co-handlings, sub-tasks, orders, return calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel import clock
from tongshan_portal.workflow.tables import Choice

from ..enums import CO_HANDLING_TONES, CoHandlingState
from ..models import CoHandling, Report, ReturnCall, SubTask, SupervisionOrder
from ..policies import finishable, open_to
from ..workflow import STEPS

WHY = "the report itself was found by its reader's scope"
TARGETS = {
    "accept_co_handling": CoHandlingState.ACCEPTED,
    "refuse_co_handling": CoHandlingState.REFUSED,
    "finish_co_handling": CoHandlingState.DONE,
    "drop_co_handling": CoHandlingState.DROPPED,
}


IN_THE_PANEL = frozenset({*TARGETS, "ask_co_handling", "give_sub_task", "finish_sub_task"})
"""Verbs whose buttons stand in the panel of who takes part."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A button: what it is called and where it leads."""

    label: str | Promise
    href: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class CoHandlingLine:
    """A desk that was asked to take part."""

    part: CoHandling
    desk: str
    state: str | Promise
    tone: str
    deeds: list[Deed]


@dataclass(frozen=True, slots=True)
class SubTaskLine:
    """A piece of the work, and whether it is late."""

    task: SubTask
    late: bool
    deeds: list[Deed]


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order of supervision, and whether its answer is late."""

    order: SupervisionOrder
    late: bool


@dataclass(frozen=True, slots=True)
class Deferral:
    """A request that the report rest: until which day, why, who asked."""

    until: date
    reason: str
    who: str


@dataclass(frozen=True, slots=True)
class Parts:
    """All of it, in the order of the page."""

    deferral: Deferral | None
    co_handlings: list[CoHandlingLine]
    sub_tasks: list[SubTaskLine]
    orders: list[OrderLine]
    calls: list[ReturnCall]
    deeds: list[Deed]


def parts_of(actor: Actor, row: Report) -> Parts:
    """Everything that belongs to a report, with the buttons of its reader; a constant number of questions."""
    now = clock.now()
    choices = {one.transition.verb: one for one in STEPS.available(row, partial(can, actor), actor.user_id) if not one.forbidden}
    helpers = _co_handlings(row)
    tasks = _sub_tasks(row)
    return Parts(
        deferral=_deferral(row),
        co_handlings=[_co_handling_line(actor, row, one, choices) for one in helpers],
        sub_tasks=[_sub_task_line(actor, row, one, choices, now) for one in tasks],
        orders=[OrderLine(one, one.answered_at is None and one.due_at is not None and one.due_at < now) for one in _orders(row)],
        calls=list(ReturnCall.objects.unscoped(WHY).filter(report=row).select_related("by").order_by("pk")),
        deeds=[_deed(row, choices[verb]) for verb in ("ask_co_handling", "give_sub_task") if verb in choices],
    )


def parts_open_to(actor: Actor, row: Report, verb: str) -> list[tuple[str, str]]:
    """The parts of a report to which the actor can do a verb, as choices."""
    if verb == "finish_sub_task":
        return [(str(one.pk), f"{one.text[:60]} · {one.assignee}") for one in finishable(actor, row, _sub_tasks(row))]
    return [(str(one.pk), f"{_desk(one)} · {one.text[:60]}") for one in open_to(actor, _co_handlings(row), TARGETS[verb])]


def _co_handlings(row: Report) -> list[CoHandling]:
    return list(CoHandling.objects.unscoped(WHY).filter(report=row).select_related("department", "asked_by", "answered_by").order_by("pk"))


def _sub_tasks(row: Report) -> list[SubTask]:
    return list(SubTask.objects.unscoped(WHY).filter(report=row).select_related("assignee", "made_by", "done_by").order_by("pk"))


def _orders(row: Report) -> Sequence[SupervisionOrder]:
    return SupervisionOrder.objects.unscoped(WHY).filter(report=row).select_related("ordered_by", "answered_by").order_by("pk")


def _desk(part: CoHandling) -> str:
    return str(part.department) if part.department_id is not None else name_of(part.desk_code)


def _step(row: Report, verb: str, part: int | None = None) -> str:
    address = reverse("reports:step", args=[row.code, verb])
    return address if part is None else f"{address}?part={part}"


def _deed(row: Report, choice: Choice, part: int | None = None) -> Deed:
    return Deed(choice.transition.label, _step(row, choice.transition.verb, part), choice.transition.primary)


def _co_handling_line(actor: Actor, row: Report, part: CoHandling, choices: dict[str, Choice]) -> CoHandlingLine:
    deeds = [_deed(row, choices[verb], part.pk) for verb, target in TARGETS.items() if verb in choices and open_to(actor, [part], target)]
    return CoHandlingLine(part, _desk(part), CoHandlingState(part.state).label, CO_HANDLING_TONES[part.state], deeds)


def _sub_task_line(actor: Actor, row: Report, task: SubTask, choices: dict[str, Choice], now: datetime) -> SubTaskLine:
    may = "finish_sub_task" in choices and finishable(actor, row, [task])
    late = task.done_at is None and task.due_at is not None and task.due_at < now
    return SubTaskLine(task, late, [_deed(row, choices["finish_sub_task"], task.pk)] if may else [])


def _deferral(row: Report) -> Deferral | None:
    if row.deferral is None:
        return None
    return Deferral(date.fromisoformat(row.deferral["until"]), row.deferral["reason"], str(row.deferral_asked_by or _("somebody")))
