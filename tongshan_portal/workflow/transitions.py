"""One row of a transition table: a verb, from where to where, who may, what it needs, which clocks it moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Need(TextChoices):
    """What must be given together with a verb."""

    REASON = "reason", _("a reason")
    EVIDENCE = "evidence", _("evidence")
    RESULT = "result", _("the result")
    APPROVAL = "approval", _("the approval of a second person")
    RECIPIENT = "recipient", _("who is to take it")
    UNTIL = "until", _("until when")
    AREA = "area", _("an area")
    CATEGORY = "category", _("a category")
    GRADE = "grade", _("a grade")


class ClockMove(TextChoices):
    """What a transition does to a clock of its row."""

    START = "start", _("starts")
    STOP = "stop", _("stops")
    PAUSE = "pause", _("pauses")
    RESUME = "resume", _("resumes")


@dataclass(frozen=True, slots=True)
class ClockStep:
    """A clock's name and what happens to it."""

    clock: str
    move: ClockMove


def start(clock: str) -> ClockStep:
    """The clock begins to run."""
    return ClockStep(clock, ClockMove.START)


def stop(clock: str) -> ClockStep:
    """The clock has done its work; its lateness stays."""
    return ClockStep(clock, ClockMove.STOP)


def pause(clock: str) -> ClockStep:
    """The clock stands still: the transition needs a reason, which both sides see."""
    return ClockStep(clock, ClockMove.PAUSE)


def resume(clock: str) -> ClockStep:
    """The clock goes on."""
    return ClockStep(clock, ClockMove.RESUME)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that stands in the way of a verb, as a sentence; `fix` names the verb or the part of the page that mends it."""

    sentence: Text
    fix: str = ""


Guard = Callable[[Any], Iterable[Missing]]
"""A pure question to the row: what is missing. It changes nothing; its docstring is its line in the documentation."""


@dataclass(frozen=True, slots=True)
class Transition:
    """`verb` leads from any of `from_` to `to` (None: the state stays, as with hasten or a note).

    `action` is the name of the policy action that allows it; empty for a step that the portal takes itself (`by_system`).
    `differs_from` names attributes of the row (declared in the table's `people`) whose person must be somebody else.
    """

    verb: str
    from_: tuple[str, ...]
    to: str | None
    label: Text
    action: str = ""
    needs: tuple[Need, ...] = ()
    guards: tuple[Guard, ...] = ()
    differs_from: tuple[str, ...] = ()
    clocks: tuple[ClockStep, ...] = ()
    primary: bool = False
    by_system: bool = False

    def target(self, state: str) -> str:
        """The state after it."""
        return state if self.to is None else self.to
