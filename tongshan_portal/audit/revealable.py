"""The sealed fields that people may open: each app registers its own, with the action that it takes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel.sealed import SealedTextField


@dataclass(frozen=True, slots=True)
class Revealable:
    """One sealed field. `action` is the policy action; `rows(scope)` the rows that one sees at all: outside it the answer is 404."""

    model: type[Model]
    field: str
    action: str
    rows: Callable[[Scope], "QuerySet[Any]"]

    @property
    def key(self) -> tuple[str, str]:
        return self.model._meta.label_lower, self.field

    @property
    def label(self) -> str | Promise:
        return self.model._meta.get_field(self.field).verbose_name  # type: ignore[union-attr,return-value]


_revealables: dict[tuple[str, str], Revealable] = {}


def register_revealable(item: Revealable) -> None:
    """Make a field known, in `AppConfig.ready()`. Raises TypeError when it is not sealed, ValueError when it is known with other rules."""
    if not isinstance(item.model._meta.get_field(item.field), SealedTextField):
        raise TypeError(f"{item.key} is not a sealed field")
    if _revealables.setdefault(item.key, item) is not item:
        raise ValueError(f"{item.key} is registered twice")


def revealable(model_label: str, field: str) -> Revealable:
    """The field of `app.model`. Raises LookupError when no app lets it be opened."""
    return _revealables[model_label, field]
