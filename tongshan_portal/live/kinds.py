"""Kinds of notices: each makes its words from parameters when it is read, in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """`name` is what happened (`access.changed`); `words` is a lazily translated sentence with named places, or makes one."""

    name: str
    words: "str | Promise | Words"

    def say(self, params: Mapping[str, Any]) -> str:
        """The sentence in the language of the reader."""
        return self.words(params) if callable(self.words) else str(self.words) % params


_kinds: dict[str, Kind] = {}


def register_kinds(*kinds: Kind) -> None:
    """Make kinds known, in `AppConfig.ready()`. Raises ValueError when a name is taken."""
    for kind in kinds:
        if _kinds.setdefault(kind.name, kind) != kind:
            raise ValueError(f"two kinds of notice are called {kind.name}")


def is_known(name: str) -> bool:
    return name in _kinds


def words_of(name: str, params: Mapping[str, Any]) -> str:
    """The sentence. A kind that is gone, or lacks a parameter, still leaves its link readable."""
    try:
        return _kinds[name].say(params)
    except KeyError:
        return _("Something happened that needs your attention.")
