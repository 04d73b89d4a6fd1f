"""Small counts: who need not know the people sees none from which they could be told in a village or a grid."""

from collections.abc import Hashable, Mapping

from grids.areas.codes import Level
from tongshan_portal.accounts.scope import Scope

FEW = 5
"""Of fewer alerts a village's or a grid's figures are withheld, and nobody's percentage is shown."""


def needs_to_know(scope: Scope, code: str) -> bool:
    """Whether the reader sees the alerts of an area themselves, and so may go from a number to its rows."""
    return scope.holds("alerts.view", code)


def is_guarded(scope: Scope, code: str) -> bool:
    """Whether small counts of an area are withheld from the reader: neighbours know one another in a village or a grid."""
    return len(code) >= Level.VILLAGE and not needs_to_know(scope, code)


def withheld(counts: Mapping[Hashable, int]) -> set[Hashable]:
    """Which counts of one column are not shown: those under `FEW`, and as many others as keep them from being worked out of the total."""
    hidden = {key for key, number in counts.items() if 0 < number < FEW}
    if not hidden:
        return hidden
    for key in sorted((key for key, number in counts.items() if number >= FEW), key=lambda one: counts[one]):
        if sum(counts[one] for one in hidden) >= FEW:
            return hidden
        hidden.add(key)
    return hidden if sum(counts[one] for one in hidden) >= FEW else set(counts)
