"""Navigation by role: apps register items in `AppConfig.ready()`, the layout shows those whose action the reader may do."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The groups of the navigation, in their order on the page."""

    WORK = "work", _("Work")
    NET = "net", _("Net")
    PEOPLE = "people", _("People")
    DATA = "data", _("Data")
    OVERSIGHT = "oversight", _("Oversight")


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: `icon` names a symbol of the sprite, `action` (or None: everybody signed in) says who sees it."""

    label: str | Promise
    url_name: str
    icon: str
    section: Section
    order: int
    action: str | None = None

    @property
    def address(self) -> str:
        """Where it leads."""
        return _address(self.url_name, get_script_prefix())


@lru_cache(maxsize=256)
def _address(url_name: str, _prefix: str) -> str:
    """An address without arguments stays what it is while the process lives."""
    return reverse(url_name)


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add an entry; the same entry twice is one."""
    if item not in _items:
        _items.append(item)
        places = list(Section)
        _items.sort(key=lambda entry: (places.index(Section(entry.section)), entry.order))


def items_for(scope) -> list[NavItem]:
    """The entries that this scope may open, in order."""
    return [item for item in _items if item.action is None or scope.reaches_for(item.action)]


def sections_for(scope) -> list[tuple[str | Promise, list[NavItem]]]:
    """The entries that this scope may open, grouped under the words of their sections."""
    return [(Section(section).label, list(items)) for section, items in groupby(items_for(scope), key=lambda entry: entry.section)]
