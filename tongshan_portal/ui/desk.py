"""The home of a desk: every app says what waits for a person, the page shows it with what is due first at the top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter that waits: what it is, a line about it, where it is done, when it is due, and `late`, `soon` or nothing."""

    label: str
    about: str | Promise
    href: str
    due: datetime | None
    tone: str


Source = Callable[[Any, int], Sequence[Waiting]]
"""(actor, at most so many) → what waits, in order of time."""

_sources: list[Source] = []


def register_waiting(source: Source) -> None:
    """Add a source, in `AppConfig.ready()`; the same one twice is one."""
    if source not in _sources:
        _sources.append(source)


def waiting_for(actor: Any, limit: int = SHOWN) -> list[Waiting]:
    """What waits for a person, over all apps; what has no due time comes last."""
    found = [one for source in _sources for one in source(actor, limit)]
    dated = sorted((one for one in found if one.due is not None), key=lambda one: one.due or datetime.max)
    return [*dated, *(one for one in found if one.due is None)][:limit]
