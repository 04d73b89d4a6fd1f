"""What can come in over HTTP: every app registers its kinds of rows in `AppConfig.ready()`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from django.utils.functional import Promise

from tongshan_portal.accounts.actor import Actor

from ..importers import Outcome
from .models import OutsideSystem


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row is not taken: the field it is about ("" for the row as a whole) and a sentence that says what to do."""

    field: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is in the database now: what became of it, and the portal's own number of it."""

    outcome: Outcome
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a batch: the system, and as whom it acts. `origin` is the system's code; rows never name one themselves.

    `area_code` is where its rows may lie ("" for everywhere): `write_rows` refuses the others.
    """

    system: OutsideSystem
    actor: Actor

    @property
    def origin(self) -> str:
        return self.system.code

    @property
    def area_code(self) -> str:
        return self.system.area_code


Answer: TypeAlias = Taken | RowProblem
ParseRow: TypeAlias = Callable[[Mapping[str, Any]], Any]
WriteRows: TypeAlias = Callable[[Sender, Sequence[Any], datetime], Sequence[Answer]]


class RowRefused(Exception):
    """Raised by `parse_row` with all that is wrong with one row."""

    def __init__(self, *problems: RowProblem):
        super().__init__(*problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Intake:
    """A kind of row. `POST /api/<path>` takes a batch of them.

    `parse_row(raw)` answers whatever `write_rows` takes, or raises RowRefused; no queries. `write_rows(sender, rows, now)` writes them
    within the caller's transaction, idempotent on the sender's own numbers, and answers one Taken or RowProblem per row, in their order.
    `schema` is the JSON Schema of one row (OpenAPI 3.1); `fields.by_columns` makes both from the columns of an importer.
    """

    name: str
    path: str
    label: str | Promise
    parse_row: ParseRow
    write_rows: WriteRows
    schema: Callable[[], Mapping[str, Any]]


_intakes: dict[str, Intake] = {}


def register_intake(intake: Intake) -> None:
    """Make a kind known. Raises ValueError when its path is taken by another."""
    if _intakes.setdefault(intake.path, intake).name != intake.name:
        raise ValueError(f"two kinds come in at {intake.path}")


def intake_at(path: str) -> Intake | None:
    """The kind that comes in at a path."""
    return _intakes.get(path)


def all_intakes() -> list[Intake]:
    return [_intakes[path] for path in sorted(_intakes)]
