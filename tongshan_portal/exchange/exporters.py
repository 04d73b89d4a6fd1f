"""Exporters: what an app declares so that a list can leave the portal as a file: the same rows as the list, and its own right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from tongshan_portal.accounts.actor import Actor


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: `value(row)` answers text, number, date or None. For a sealed one `value` is the mask and `plain(row)` the original."""

    name: str
    label: str | Promise
    value: Callable[[Any], Any]
    plain: Callable[[Any], Any] | None = None


class Exporter:
    """Declare one per list and `register()` it in `AppConfig.ready()`."""

    name: str
    label: str | Promise
    action: str
    """The policy action that one needs to take the list away; seeing it is not enough."""
    reveal_action: str | None = None
    """The further action that shows sealed columns unmasked; always with a reason."""
    columns: tuple[ExportColumn, ...]
    private_filters: frozenset[str] = frozenset({"q"})
    """Filters whose value may name a person: the ledger keeps only that they were used."""

    def rows(self, actor: Actor, filters: QueryDict) -> QuerySet:
        """Exactly the rows of the list: its queryset through `visible_to(actor.scope)`, its filter, its order.

        Raises DomainError for a filter that it refuses.
        """
        raise NotImplementedError

    def list_url(self) -> str:
        """The list, to go back to."""
        return ""

    @property
    def has_sealed(self) -> bool:
        return any(column.plain for column in self.columns)

    def for_ledger(self, filters: QueryDict) -> Mapping[str, list[str]]:
        """The filter as the ledger may keep it."""
        return {key: ["…"] if key in self.private_filters else values for key, values in filters.lists() if any(values)}


_exporters: dict[str, Exporter] = {}


def register(exporter: Exporter) -> None:
    """Make an exporter known. Raises ValueError when its name is taken."""
    if type(_exporters.setdefault(exporter.name, exporter)) is not type(exporter):
        raise ValueError(f"two exporters are called {exporter.name}")


def exporter(name: str) -> Exporter:
    """The exporter of this name; KeyError for an unknown one."""
    return _exporters[name]


def all_exporters() -> list[Exporter]:
    return [_exporters[name] for name in sorted(_exporters)]
