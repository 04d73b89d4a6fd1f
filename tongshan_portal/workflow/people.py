"""Whether two attributes mean the same person. When in doubt, they do: a rule of two persons fails closed."""

from collections.abc import Iterable
from typing import Any


def _identifiers(who: Any) -> frozenset[str]:
    """The ids in an id, an object with `pk`, or a collection of either (as with several who handle together)."""
    if who is None or who == "":
        return frozenset()
    if hasattr(who, "pk"):
        return frozenset([str(who.pk)])
    if isinstance(who, Iterable) and not isinstance(who, str):
        return frozenset().union(*(_identifiers(one) for one in who))
    return frozenset([str(who)])


def is_same_person(actor_id: Any, who: Any) -> bool:
    """Whether the actor is (one of) `who`. Nobody there: no. An actor without an id cannot be told apart from anybody: yes."""
    others = _identifiers(who)
    if not others:
        return False
    mine = _identifiers(actor_id)
    return not mine or bool(mine & others)
