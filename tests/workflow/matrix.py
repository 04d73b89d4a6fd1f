"""Drives every state × verb × person of a transition table through an app's real actions.

    from tests.workflow.matrix import cells, walk

    @pytest.mark.parametrize("state", ReportState.values)
    def test_loop(state, report_in, actor):
        walk(
            cells(REPORTS, people=["wang", "li"], states=[state]), row=report_in(state),
            act=lambda cell, row: ACT[cell.verb](actor=actor(cell.person), row=row), allowed=lambda cell: cell.person in MAY[cell.verb],
        )

`walk` knows what the table says: where the verb leads, or that it does not start there. What the person may do is the test's own literal
expectation, never the answer of the code under test. A refusal must leave the row in the database as it was. Every square finds the same
row: what it wrote is undone. `check` looks at one square and lets what it wrote stand.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from tongshan_portal.kernel.errors import DomainError, InvalidTransition, NotAllowed
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


REFUSED, NO_START, CHANGED = "refused", "does not start here", "refused, and the row changed"


def cells(table: Table, people: Iterable[str], *, states: Iterable[str] = (), by_system: bool = False) -> list[Cell]:
    """Every square, in the order of the table, of all its states or these; the portal's own steps only when asked for."""
    people, states = list(people), [str(state) for state in states] or table.states.values
    verbs = dict.fromkeys(item.verb for item in table.transitions if by_system or not item.by_system)
    targets = {(str(state), item.verb): str(item.target(state)) for item in table.transitions for state in item.from_}
    return [Cell(table, state, verb, person, targets.get((state, verb))) for state in states for verb in verbs for person in people]


def walk(
    squares: Iterable[Cell],
    *,
    row: Any,
    act: Callable[[Cell, Any], Any],
    allowed: Callable[[Cell], bool],
    before: Callable[[str, Any], None] = lambda verb, row: None,
    refusal: type[Exception] = NotAllowed,
) -> None:
    """Act on every square of the state in which `row` is saved, and compare all at once with the table. `before` makes ready for a verb."""
    departing = []
    for verb, group in groupby(squares, key=lambda cell: cell.verb):
        with undone():
            before(verb, row)
            stored = _stored(row)
            for cell in group:
                may = allowed(cell)
                with undone():
                    found = _found(cell, row, stored, lambda row, cell=cell: act(cell, row), may, refusal)
                if found != _expected(cell, may):
                    departing.append(f"{cell}: {found}, not {_expected(cell, may)}")
    assert not departing, "\n".join(departing)


def check(cell: Cell, *, row: Any, act: Callable[[Any], Any], allowed: bool, refusal: type[Exception] = NotAllowed) -> None:
    """Act, and compare the stored row with the table. `row` is a saved model in `cell.state`.

    `refusal` is what one meets who may not: NotAllowed, or the model's DoesNotExist where the row is outside the scope.
    """
    assert _found(cell, row, _stored(row), act, allowed, refusal) == _expected(cell, allowed)


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is rolled back, also after a failure."""
    mark = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(mark)


def _expected(cell: Cell, may: bool) -> str:
    """The state that the verb leads to, or how it is refused."""
    if not may:
        return REFUSED
    return cell.target or NO_START


def _found(cell: Cell, row: Any, stored: dict[str, Any], act: Callable[[Any], Any], may: bool, refusal: type[Exception]) -> str:
    """The state that was reached, or how the verb was refused. Who may not is told either that or that the verb does not start here."""
    try:
        act(row)
    except (refusal, DomainError) as refused:
        told = _told(refused, may, refusal)
        return told if _stored(row) == stored else CHANGED
    return str(_stored(row)[cell.table.state_field])


def _told(refused: Exception, may: bool, refusal: type[Exception]) -> str:
    if isinstance(refused, InvalidTransition) and may:
        return NO_START
    return REFUSED if isinstance(refused, (refusal, InvalidTransition)) else f"{type(refused).__name__}: {refused}"


def _stored(row: Any) -> dict[str, Any]:
    """The row as the database has it, column by column; of a sealed value what is written there."""
    table, key = (connection.ops.quote_name(name) for name in (row._meta.db_table, row._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [row.pk])
        return dict(zip([column.name for column in cursor.description], cursor.fetchone(), strict=True))
