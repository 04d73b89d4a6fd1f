"""Every "may I" is one `can()`. Apps register their actions, each with roles and a sentence, in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

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


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of `can()`: truthy when allowed; `reason` says why, in either case."""

    allowed: bool
    action: Action
    reason: str | Promise

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


def can(actor, name: str, row=None) -> Decision:
    """Whether `actor` (accounts.actor.Actor) may do the action to `row`: by role, by the row's area, by the action's own condition."""
    item = action(name)
    if actor.is_system:
        return Decision(True, item, _("The portal does this itself."))
    if not actor.scope.reaches_for(name):
        return Decision(False, item, _("None of your postings has a role that may do this."))
    area_code = getattr(row, "area_code", None)
    if area_code is not None and not actor.scope.holds(name, area_code):
        return Decision(False, item, _("This lies outside the areas of your postings."))
    refusal = item.condition(actor, row) if item.condition and row is not None else None
    if refusal:
        return Decision(False, item, refusal)
    return Decision(True, item, item.sentence)


def require(actor, name: str, row=None) -> None:
    """As `can()`, but raises NotAllowed with the reason."""
    decision = can(actor, name, row)
    if not decision:
        raise NotAllowed(decision.reason)
