"""Importers: what an app declares so that its rows can come from a file. The framework does the rest."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor

from .parsers import Parser, text

Problems = Mapping[int, Sequence[str]]
"""Row number → the sentences why the row cannot be taken."""


class Outcome(models.TextChoices):
    """What an import makes (or would make) of a good row."""

    CREATED = "created", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that an importer knows. `aliases` are other headings under which people have it, in any language.

    `parse` asks the database nothing: what needs it is the importer's question for a whole batch.
    """

    name: str
    label: str | Promise
    parse: Parser = field(default_factory=text)
    required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""
    help: str | Promise = ""


@dataclass(slots=True)
class Row:
    """A row that could be read: its number in the file (the first under the header is 1) and the parsed values by column name."""

    number: int
    values: dict[str, Any]
    made: Any = None
    """What the importer's `maker` made of it."""

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


@dataclass(slots=True)
class ImportContext:
    """What the batches of one run share: the run, the time, and whatever an importer wants to look up only once (`cache`).

    `hand_back(row, values)` puts a line into the result file that the person who runs the import may fetch once (initial passwords).
    """

    run_id: UUID
    now: datetime
    cache: dict[str, Any] = field(default_factory=dict)
    results: list[tuple[int, dict[str, str]]] = field(default_factory=list)

    def hand_back(self, row: Row, values: dict[str, str]) -> None:
        self.results.append((row.number, values))


class Importer:
    """Declare one per kind of row and `register()` it in `AppConfig.ready()`.

    `validate_batch` judges what a single cell cannot show (does the area exist?), for a whole batch with a few queries.
    `plan_batch` says what would happen, without writing: the check shows it. `write_batch` calls the app's bulk action.
    Both answer how many rows were new, changed, unchanged. They must be idempotent on `external_id`.
    """

    name: str
    label: str | Promise
    description: str | Promise = ""
    action: str
    """The policy action that one needs, checked on every page and again by the worker before every chunk."""
    columns: tuple[Column, ...]
    external_id: tuple[str, ...] = ()
    """The columns that together identify a row. A second row with the same ones in a file is handed back."""
    chunk_rows: int = 2_000
    lanes: int = 1
    """How many chunks may be written at once, by connections of their own: more than one where none needs to see another's rows."""
    results_label: str | Promise = ""
    """What the result file holds, if there is one."""

    def maker(self) -> Callable[[Row], Any] | None:
        """What to make of a parsed row (`row.made`) before its turn comes; asked for once a portion, where the database may be asked.

        The work itself is done aside and must not ask the database.
        """
        return None

    def validate_batch(self, actor: Actor, rows: Sequence[Row], context: ImportContext) -> Problems:
        return {}

    def plan_batch(self, actor: Actor, rows: Sequence[Row], context: ImportContext) -> Counter[Outcome]:
        return Counter()

    def write_batch(self, actor: Actor, rows: Sequence[Row], context: ImportContext) -> Counter[Outcome]:
        raise NotImplementedError

    def list_url(self) -> str:
        """Where the imported rows can be seen; empty for nowhere."""
        return ""

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    """Make an importer known. Raises ValueError when its name is taken or its external id is not among its columns."""
    names = {column.name for column in importer.columns}
    if len(names) != len(importer.columns) or not names.issuperset(importer.external_id):
        raise ValueError(f"the columns of importer {importer.name} do not fit together")
    if type(_importers.setdefault(importer.name, importer)) is not type(importer):
        raise ValueError(f"two importers are called {importer.name}")


def importer(name: str) -> Importer:
    """The importer of this name; KeyError for an unknown one."""
    return _importers[name]


def all_importers() -> list[Importer]:
    return [_importers[name] for name in sorted(_importers)]


def importers_for(actor: Actor) -> list[Importer]:
    """The importers that the actor has the right to run."""
    return [item for item in all_importers() if actor.scope.reaches_for(item.action)]


def by_key(rows: Iterable[Row], key: Callable[[Row], Any]) -> dict[Any, Row]:
    """Rows by a key of theirs; of two with the same key the later one."""
    return {key(row): row for row in rows}
