"""Every "may I" is one `can()`. Apps register their actions, each with roles and a sentence, in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.kernel.errors import NotAllowed

from .enums import Role

Predicate = Callable[["Any", Any], "str | Promise | None"]


@dataclass(frozen=True, slots=True)
class Action:
    """Something one may do. `name` is `<plural noun>.<verb>`; `condition(actor, row)` answers None, or the sentence why not."""

    name: str
    label: str | Promise
    sentence: str | Promise
    roles: frozenset[Role]
    condition: Predicate | None = None


class Rule(StrEnum):
    """The questions that `can()` asks, in their order."""

    SYSTEM = "system"
    ACCOUNT = "account"
    ROLE = "role"
    AREA = "area"
    GRANT = "grant"
    CONDITION = "condition"


RULE_LABELS: dict[Rule, Promise] = {
    Rule.SYSTEM: gettext_lazy("The portal itself"),
    Rule.ACCOUNT: gettext_lazy("Account"),
    Rule.ROLE: gettext_lazy("Role"),
    Rule.AREA: gettext_lazy("Area"),
    Rule.GRANT: gettext_lazy("Exceptional grant"),
    Rule.CONDITION: gettext_lazy("Condition"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One question that was asked on the way to a decision, and its answer in words."""

    rule: Rule
    passed: bool
    sentence: str | Promise

    @property
    def label(self) -> Promise:
        return RULE_LABELS[self.rule]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of `can()`: truthy when allowed; `reason` says why, in either case; `steps` are the questions that led there."""

    allowed: bool
    action: Action
    reason: str | Promise
    steps: tuple[Step, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed


_actions: dict[str, Action] = {}


def register(actions: Iterable[Action]) -> None:
    """Make actions known. Raises ValueError when a name is taken by a different action."""
    for item in actions:
        if _actions.setdefault(item.name, item) != item:
            raise ValueError(f"two actions are called {item.name}")


def action(name: str) -> Action:
    """The action of this name. Raises KeyError when no app registered it: a misspelt name never means "no"."""
    return _actions[name]


def all_actions() -> list[Action]:
    """Every registered action, by name."""
    return [_actions[name] for name in sorted(_actions)]


def grant_target(model: Any) -> tuple[str, str]:
    """On what an exceptional grant for rows of `model` hangs: (label of that model, field of the row that holds its key).

    The row itself, unless the model says otherwise: `granted_through = ("accounts.user", "user_id")`.
    """
    return getattr(model, "granted_through", (model._meta.label_lower, "pk"))


def _role_step(actor: Any, name: str) -> Step:
    holders = [str(reach.role.label) for reach in actor.scope.reaches_for(name)]
    if holders:
        return Step(Rule.ROLE, True, _("Your posting as %(role)s may do this.") % {"role": _(" or ").join(dict.fromkeys(holders))})
    return Step(Rule.ROLE, False, _("None of your postings has a role that may do this."))


def _area_step(actor: Any, name: str, area_code: str) -> Step:
    if actor.scope.holds(name, area_code):
        return Step(Rule.AREA, True, _("It lies in an area of that posting."))
    return Step(Rule.AREA, False, _("This lies outside the areas of your postings."))


def _grant_step(actor: Any, name: str, row: Any) -> Step | None:
    """The step of a grant by name; None for rows that cannot have one and for people without any."""
    if not hasattr(row, "_meta"):
        return None
    label, field = grant_target(type(row))
    grant = actor.scope.grant_on(name, label, getattr(row, field))
    if grant is not None:
        return Step(Rule.GRANT, True, _("It was granted to you by name until %(day)s.") % {"day": grant.until})
    return Step(Rule.GRANT, False, _("It was not granted to you by name either.")) if actor.scope.grants else None


def _place_steps(actor: Any, name: str, row: Any) -> tuple[list[Step], bool]:
    """Role and area, or a grant by name instead of both; and whether that is enough."""
    steps = [_role_step(actor, name)]
    area_code = getattr(row, "area_code", None)
    if steps[0].passed and area_code is not None:
        steps.append(_area_step(actor, name, area_code))
    if all(step.passed for step in steps):
        return steps, True
    grant = _grant_step(actor, name, row) if row is not None else None
    if grant is None:
        return steps, False
    return [*steps, grant], grant.passed


@dataclass(frozen=True, slots=True)
class Place:
    """An area in place of a row: "may I do this there?". Conditions ask about rows, so none is asked."""

    area_code: str


def can(actor, name: str, row=None) -> Decision:
    """Whether `actor` (accounts.actor.Actor) may do the action to `row`.

    By role and the row's area, or by a grant by name instead of both; then by the action's own condition.
    """
    item = action(name)
    if actor.is_system:
        sentence = _("The portal does this itself.")
        return Decision(True, item, sentence, (Step(Rule.SYSTEM, True, sentence),))
    if actor.scope.user_id is None:
        sentence = _("You are not signed in, or your account is disabled.")
        return Decision(False, item, sentence, (Step(Rule.ACCOUNT, False, sentence),))
    steps, enough = _place_steps(actor, name, row)
    if not enough:
        refused = next(step for step in steps if not step.passed)
        return Decision(False, item, refused.sentence, tuple(steps))
    refusal = item.condition(actor, row) if item.condition and row is not None and not isinstance(row, Place) else None
    if refusal:
        return Decision(False, item, refusal, (*steps, Step(Rule.CONDITION, False, refusal)))
    return Decision(True, item, item.sentence, tuple(steps))


def require(actor, name: str, row=None) -> None:
    """As `can()`, but raises NotAllowed with the reason."""
    decision = can(actor, name, row)
    if not decision:
        raise NotAllowed(decision.reason)
