"""The verbs of the ledger: every app registers its own, each with a label and a presenter that says the entry as a sentence."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import LedgerEntry

NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
Presenter = Callable[["LedgerEntry"], str]


@dataclass(frozen=True, slots=True)
class Verb:
    """What can happen. `name` is `noun.past_participle`; `presenter(entry)` answers a sentence in the reader's language."""

    name: str
    label: str | Promise
    presenter: Presenter


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an entry before and after."""

    label: str
    before: str
    after: str


class _Words(Mapping[str, object]):
    """What a sentence may name: who, object, reason, ip, area, and whatever the detail holds. A missing word is a dash."""

    def __init__(self, entry: "LedgerEntry"):
        self._known = {
            **entry.detail,
            "who": entry.who or _("somebody"),
            "object": entry.object_label or "–",
            "reason": entry.reason or "–",
            "ip": entry.ip or "–",
            "area": entry.area_code or "–",
        }

    def __getitem__(self, key: str) -> object:
        return self._known.get(key, "–")

    def __iter__(self):
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def says(sentence: str | Promise) -> Presenter:
    """A presenter of one lazily translated sentence: `says(_("%(who)s ended the posting %(object)s."))`."""
    return lambda entry: str(sentence) % _Words(entry)


_verbs: dict[str, Verb] = {}


def register_verbs(verbs: Iterable[Verb]) -> None:
    """Make verbs known, in `AppConfig.ready()`. Raises ValueError for a misshapen name, or one that is taken by another verb."""
    for verb in verbs:
        if not NAME.fullmatch(verb.name):
            raise ValueError(f"a verb is called noun.past_participle, not {verb.name!r}")
        if _verbs.setdefault(verb.name, verb) is not verb:
            raise ValueError(f"two verbs are called {verb.name}")


def is_registered(name: str) -> bool:
    return name in _verbs


def all_verbs() -> list[Verb]:
    """Every registered verb, by name."""
    return [_verbs[name] for name in sorted(_verbs)]


def label_of(name: str) -> str:
    """The label of a verb; its bare name when no app registers it any more."""
    return str(_verbs[name].label) if name in _verbs else name


def present(entry: "LedgerEntry") -> str:
    """The entry as a sentence. An entry of a verb that no app registers any more is still readable."""
    verb = _verbs.get(entry.verb)
    return verb.presenter(entry) if verb else " · ".join(filter(None, [entry.who, entry.verb, entry.object_label]))


def _field_label(object_type: str, name: str) -> str:
    try:
        return str(capfirst(apps.get_model(object_type)._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except (LookupError, ValueError, FieldDoesNotExist, AttributeError):
        return name


def changes_of(entry: "LedgerEntry") -> list[Change]:
    """What `detail["changed"]` holds: `{"field": [before, after]}`, with the fields' own labels."""
    changed = entry.detail.get("changed")
    if not isinstance(changed, dict):
        return []
    pairs = {name: pair for name, pair in changed.items() if isinstance(pair, list) and len(pair) == 2}
    return [
        Change(_field_label(entry.object_type, name), *("–" if value in (None, "") else str(value) for value in pair))
        for name, pair in pairs.items()
    ]
