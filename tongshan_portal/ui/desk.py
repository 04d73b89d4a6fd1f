"""The home of a desk: every app says what waits for a person, the page shows it with what is due first at the top."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHOWN = 20


class Group(TextChoices):
    """Why a matter waits: the headings of the desk, in their order."""

    OVERDUE = "overdue", _("Overdue")
    SOON = "soon", _("Due within two hours")
    UNASSIGNED = "unassigned", _("Nobody leads it")
    ANSWERED = "answered", _("Fed back, to be checked")
    OTHER = "other", _("In hand")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter that waits: what it is, a line about it, where it is done, when it is due, and `late`, `soon` or nothing.

    `code` is its number, `place` where it lies in words, `who` who waits for it. `group` is a `Group`; without one it follows from `tone`.
    `preview` is an address of which the home shows the content beside the list, without leaving it; `point` is (lon, lat) for the map.
    """

    label: str
    about: str | Promise
    href: str
    due: datetime | None
    tone: str
    code: str = ""
    place: str = ""
    who: str | Promise = ""
    group: str = ""
    preview: str = ""
    point: tuple[float, float] | None = None

    @property
    def heading(self) -> Group:
        """Under which heading it stands."""
        by_tone = {"late": Group.OVERDUE, "soon": Group.SOON}
        return Group(self.group) if self.group else by_tone.get(self.tone, Group.OTHER)


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


def grouped(found: Iterable[Waiting]) -> list[tuple[Group, list[Waiting]]]:
    """The same under its headings; a heading without a matter is left out."""
    rows = list(found)
    return [(group, some) for group in Group if (some := [one for one in rows if one.heading is group])]
