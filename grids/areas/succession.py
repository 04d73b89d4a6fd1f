"""Predecessors: what was filed under a retired area is found under the areas that took it over."""

from collections import defaultdict
from collections.abc import Mapping

from .codes import covers, smallest_cover
from .edition import Kept
from .models import Succession


def _load() -> dict[str, tuple[str, ...]]:
    """Every successor's predecessors. Successions are few: merges and splits of a district over decades."""
    found: dict[str, list[str]] = defaultdict(list)
    for predecessor, successor in Succession.objects.values_list("predecessor_id", "successor_id"):
        found[successor].append(predecessor)
    return {successor: tuple(sorted(codes)) for successor, codes in found.items()}


kept = Kept(_load)


def reaching(code: str, predecessors: Mapping[str, tuple[str, ...]] | None = None) -> list[str]:
    """The codes under which rows of `code` may stand: itself, and the predecessors of itself and of all below it, transitively.

    None lies below another; the answer is `[code]` for nearly every area.
    """
    links = kept.get() if predecessors is None else predecessors
    if not links:
        return [code]
    reached, waiting = {code}, [code]
    while waiting:
        outer = waiting.pop()
        for successor, codes in links.items():
            if covers(outer, successor):
                new = [old for old in codes if old not in reached]
                reached.update(new)
                waiting.extend(new)
    return smallest_cover(list(reached))


def present_code(code: str) -> str:
    """The area that a code's rows are counted under today: its successor's, and so on. Of several (a split) the lowest code.

    Above the split all successors are one, so only the counts of the parts themselves follow this convention.
    """
    links = kept.get()
    seen = {code}
    while True:
        heirs = [successor for successor, codes in links.items() if code in codes]
        if not heirs or min(heirs) in seen:
            return code
        code = min(heirs)
        seen.add(code)
