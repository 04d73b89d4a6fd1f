"""Drives every state × verb × person of a transition table through an app's real actions.

    from tests.workflow.matrix import cells, check

    @pytest.mark.parametrize("cell", cells(REPORTS, people=["wang", "li"]), ids=str)
    def test_loop(cell, report_in, actor):
        act = lambda row: ACT[cell.verb](actor=actor(cell.person), row=row)
        check(cell, row=report_in(cell.state), act=act, allowed=cell.person in MAY[cell.verb])

`check` knows what the table says: where the verb leads, or that it does not start there. What the person may do is the test's own literal
expectation, never the answer of the code under test. A refusal must leave the row in the database as it was.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from tongshan_portal.kernel.errors import InvalidTransition, NotAllowed
from tongshan_portal.workflow.tables import Table


@dataclass(frozen=True)
class Cell:
    """One square. `target` is None when the verb does not start from the state."""

    table: Table
    state: str
    verb: str
    person: str
    target: str | None

    def __str__(self) -> str:
        return f"{self.state}-{self.verb}-{self.person}"


def cells(table: Table, people: Iterable[str], *, by_system: bool = False) -> list[Cell]:
    """Every square, in the order of the table; the portal's own steps only when asked for."""
    people = list(people)
    verbs = dict.fromkeys(item.verb for item in table.transitions if by_system or not item.by_system)
    targets = {(str(state), item.verb): str(item.target(state)) for item in table.transitions for state in item.from_}
    return [
        Cell(table, state, verb, person, targets.get((state, verb))) for state in table.states.values for verb in verbs for person in people
    ]


def check(cell: Cell, *, row: Any, act: Callable[[Any], Any], allowed: bool, refusal: type[Exception] = NotAllowed) -> None:
    """Act, and compare the stored row with the table. `row` is a saved model in `cell.state`.

    `refusal` is what one meets who may not: NotAllowed, or the model's DoesNotExist where the row is outside the scope.
    """
    before = _stored(row)
    if cell.target is not None and allowed:
        act(row)
        row.refresh_from_db()
        assert str(getattr(row, cell.table.state_field)) == cell.target
        return
    with pytest.raises(InvalidTransition if allowed else (refusal, InvalidTransition)):
        act(row)
    assert _stored(row) == before


def _stored(row: Any) -> dict[str, Any]:
    """The row as the database has it; of a sealed value what its column holds."""
    kept = vars(type(row)._default_manager.get(pk=row.pk))
    return {name: getattr(value, "stored", value) for name, value in kept.items() if name != "_state"}
