"""The blind indexes of numbers, for look-ups of many at once."""

from collections.abc import Iterable

from tongshan_portal.kernel.sealed.keys import index_keys
from tongshan_portal.kernel.sealed.masks import normal_phone

from .models import INDEX_SPACE


def indexes_of(phone: str) -> list[str]:
    """The blind indexes of a number, the one in use first: two while an index key is being replaced. None for a text without digits."""
    number = normal_phone(phone)
    return [key.index(INDEX_SPACE, number) for key in index_keys()] if number else []


def indexes_of_many(phones: Iterable[str]) -> dict[str, list[int]]:
    """Blind index → the positions of the numbers that have it."""
    found: dict[str, list[int]] = {}
    for position, phone in enumerate(phones):
        for index in indexes_of(phone):
            found.setdefault(index, []).append(position)
    return found
