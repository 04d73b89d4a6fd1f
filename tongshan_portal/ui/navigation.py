"""Navigation by role: apps register items in `AppConfig.ready()`, the layout shows those whose action the reader may do."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry: `section` groups, `order` sorts, `icon` names a symbol of the sprite, `action` (or None) says who sees it."""

    label: str | Promise
    url_name: str
    icon: str
    section: str
    order: int
    action: str | None = None


_items: list[NavItem] = []


def register(item: NavItem) -> None:
    """Add an entry; the same entry twice is one."""
    if item not in _items:
        _items.append(item)
        _items.sort(key=lambda entry: entry.order)


def items_for(scope) -> list[NavItem]:
    """The entries that this scope may open, in order."""
    return [item for item in _items if item.action is None or scope.reaches_for(item.action)]
