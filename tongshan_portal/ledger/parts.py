"""The parts of the portal that act without a person: sweeps, the demo, commands. The ledger keeps their key and shows their words."""

from collections.abc import Mapping

from django.utils.functional import Promise

PREFIX = "portal/"
"""What a part's name begins with in the ledger. No user name holds a slash, so nobody can pass as a part of the portal."""

_parts: dict[str, str | Promise] = {}


def register_parts(parts: Mapping[str, str | Promise]) -> None:
    """Make parts known with the words that readers see, in `AppConfig.ready()`. Raises ValueError for a part that is taken."""
    for key, words in parts.items():
        if _parts.setdefault(key, words) is not words:
            raise ValueError(f"two parts of the portal are called {key}")


def name_of_part(key: str) -> str:
    """The name under which a part acts. Raises KeyError for one that no app registered."""
    if key not in _parts:
        raise KeyError(f"no part of the portal is called {key!r}: register_parts() in its app")
    return PREFIX + key


def shown(label: str) -> str:
    """The label of an actor as a reader sees it: a part's words, and everybody else's own name."""
    key = label.removeprefix(PREFIX)
    return str(_parts.get(key, key)) if label.startswith(PREFIX) else label
