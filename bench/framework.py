"""What a bench says: figures, ratios, and the targets it is held to. A bench never fakes a peer: one that cannot be had is absent."""

import operator
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

RELATIONS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: `what` is measured, its `value`, and how it must stand to `target`. A value of None means it could not be measured."""

    what: str
    value: float | None
    relation: str
    target: float

    @property
    def holds(self) -> bool:
        return self.value is not None and RELATIONS[self.relation](self.value, self.target)


@dataclass(slots=True)
class Result:
    """All that one bench found. Figures carry their unit in the name (`rows_per_second`, `p99_ms`, `memory_mb`)."""

    name: str
    figures: dict[str, float | str | None] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)

    def as_json(self) -> dict:
        targets = [asdict(target) | {"holds": target.holds} for target in self.targets]
        return {"name": self.name, "figures": self.figures, "ratios": self.ratios, "targets": targets}


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _shown(value: float | str | None) -> str:
    if value is None:
        return "absent"
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else value


def table(result: Result) -> str:
    """The result as lines of text for a terminal."""
    width = max((len(name) for name in [*result.figures, *result.ratios]), default=0)
    lines = [f"== {result.name}"]
    lines += [f"  {name:<{width}}  {_shown(value)}" for name, value in result.figures.items()]
    lines += [f"  {name:<{width}}  {value:.2f} ×" for name, value in result.ratios.items()]
    for target in result.targets:
        value = "not measured" if target.value is None else f"{target.value:,.2f}"
        lines.append(f"  {'holds' if target.holds else 'FAILS':<7} {target.what}: {value} {target.relation} {target.target:,g}")
    return "\n".join(lines)
