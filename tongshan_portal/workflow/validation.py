"""What can be wrong with a transition table. Everything is found at once and said plainly."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .transitions import ClockMove, Need, Transition

if TYPE_CHECKING:
    from .tables import Table


def problems(table: "Table") -> list[str]:
    """Everything that is wrong, in the order of the table; empty when it is sound."""
    unknown = list(_unknown_states(table))
    found = [*unknown, *_tones(table), *_transitions(table), *_doubles(table), *_clock_steps(table), *_clocks(table)]
    return found if unknown else [*found, *_shape(table)]


def _unknown_states(table: "Table") -> Iterator[str]:
    known = set(table.states.values)
    for state in (table.initial, *table.final):
        if state not in known:
            yield f"unknown state {state!s}"
    for item in table.transitions:
        for state in (*item.from_, *(() if item.to is None else (item.to,))):
            if state not in known:
                yield f"{item.verb}: unknown state {state!s}"


def _tones(table: "Table") -> Iterator[str]:
    for state in table.states.values:
        if state not in table.tones:
            yield f"state {state} has no colour token"
    if not table.transitions:
        yield "it has no transitions"


def _transitions(table: "Table") -> Iterator[str]:
    for item in table.transitions:
        if not item.from_:
            yield f"{item.verb}: it starts nowhere"
        if isinstance(item.from_, str):
            yield f"{item.verb}: from_ must be a tuple"
        if not str(item.label):
            yield f"{item.verb}: it has no label"
        yield from _who(table, item)


def _who(table: "Table", item: Transition) -> Iterator[str]:
    if item.by_system and (item.action or item.primary):
        yield f"{item.verb}: the system asks nobody, so it has no action and no button"
    if not item.by_system and not item.action:
        yield f"{item.verb}: nobody may do it, as it names no action"
    if item.by_system and item.differs_from:
        yield f"{item.verb}: the system is nobody else than anybody"
    for name in item.differs_from:
        if name not in table.people:
            yield f"{item.verb}: differs from {name}, which is not among the people of the table"


def _doubles(table: "Table") -> Iterator[str]:
    pairs = Counter((item.verb, str(state)) for item in table.transitions for state in item.from_)
    for (verb, state), times in pairs.items():
        if times > 1:
            yield f"{verb}: {times} transitions start from {state}"


def _clock_steps(table: "Table") -> Iterator[str]:
    for item in table.transitions:
        for name, times in Counter(step.clock for step in item.clocks).items():
            if times > 1:
                yield f"{item.verb}: moves the clock {name} {times} times"
        for step in item.clocks:
            if step.move is ClockMove.PAUSE and Need.REASON not in item.needs:
                yield f"{item.verb}: pauses the clock {step.clock} without a reason"


def _clocks(table: "Table") -> Iterator[str]:
    """A clock is declared, started, stopped, and resumed if it is paused."""
    moves: dict[str, set[ClockMove]] = {name: set() for name in table.clocks}
    for step in (step for item in table.transitions for step in item.clocks):
        moves.setdefault(step.clock, set()).add(step.move)
    for name, seen in moves.items():
        if name not in table.clocks:
            yield f"clock {name} is not declared"
        if ClockMove.START not in seen:
            yield f"clock {name} is never started"
        if ClockMove.STOP not in seen:
            yield f"clock {name} is never stopped"
        if (ClockMove.PAUSE in seen) != (ClockMove.RESUME in seen):
            yield f"clock {name} is paused but never resumed, or resumed but never paused"


def _reached(table: "Table", start: frozenset[str], *, backwards: bool) -> set[str]:
    """The states one gets to from `start`, along the transitions or against them."""
    edges = [(str(state), str(item.target(state))) for item in table.transitions for state in item.from_]
    seen, frontier = set(start), set(start)
    while frontier:
        step = {a if backwards else b for a, b in edges if (b if backwards else a) in frontier}
        frontier = step - seen
        seen |= frontier
    return seen


def _shape(table: "Table") -> Iterator[str]:
    """From the beginning one gets everywhere, and from everywhere to an end."""
    onward = _reached(table, frozenset([str(table.initial)]), backwards=False)
    homeward = _reached(table, frozenset(str(state) for state in table.final), backwards=True)
    leaving = {str(state) for item in table.transitions for state in item.from_ if item.target(state) != state}
    if not table.final:
        yield "it has no final state"
    for state in table.states.values:
        if state not in onward:
            yield f"state {state} cannot be reached from {table.initial}"
        if state not in table.final and state not in leaving:
            yield f"state {state} is a dead end but not final"
        elif table.final and state not in homeward:
            yield f"no way leads from {state} to a final state"
