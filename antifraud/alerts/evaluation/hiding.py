"""Small counts: who need not know the people sees none from which they could be told in a village or a grid."""

from collections.abc import Hashable, Mapping, Set

from grids.areas.codes import Level
from tongshan_portal.accounts.scope import Scope

FEW = 5
"""Of fewer people a village's or a grid's figures are withheld, and of fewer alerts nobody's percentage is shown."""


def needs_to_know(scope: Scope, code: str) -> bool:
    """Whether the reader sees the alerts of an area themselves, and so may go from a number to its rows."""
    return scope.holds("alerts.view", code)


def is_guarded(scope: Scope, code: str) -> bool:
    """Whether small counts of an area are withheld from the reader: neighbours know one another in a village or a grid."""
    return len(code) >= Level.VILLAGE and not needs_to_know(scope, code)


def is_few(number: int, people: Set[str]) -> bool:
    """Whether a number of alerts tells of too few different people. The rollup may be behind the people by some seconds: both count."""
    return number > 0 and min(number, len(people)) < FEW


def withheld(counts: Mapping[Hashable, int], people: Mapping[Hashable, Set[str]]) -> set[Hashable]:
    """Which counts of one column are not shown: of few people, and as many others as keep those from being worked out of the total."""
    hidden = {key for key, number in counts.items() if is_few(number, people[key])}
    if not hidden:
        return hidden
    for key in sorted((key for key, number in counts.items() if number and key not in hidden), key=lambda one: counts[one]):
        if len(_together(people, hidden)) >= FEW:
            return hidden
        hidden.add(key)
    return hidden if len(_together(people, hidden)) >= FEW else set(counts)


def _together(people: Mapping[Hashable, Set[str]], keys: Set[Hashable]) -> set[str]:
    return {one for key in keys for one in people[key]}
