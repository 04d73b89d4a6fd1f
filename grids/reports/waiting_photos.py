"""Photos of a form that must be shown once more: a browser sends a file again only when it is chosen again, so they wait here.

In the cache for half an hour, under the sender and the form's key. Nothing was accepted yet: what is lost here is asked for again.
"""

from uuid import UUID

from django.core.cache import cache

from tongshan_portal.kernel.pictures import Picture

SECONDS = 30 * 60


def _name(user_id: int | None, key: UUID) -> str:
    return f"reports.photos.{user_id}.{key}"


def lay_by(user_id: int | None, key: UUID, pictures: list[Picture]) -> None:
    """Let pictures wait for the next sending of a form."""
    cache.set(_name(user_id, key), [(one.data, one.width, one.height) for one in pictures], SECONDS)


def laid_by(user_id: int | None, key: UUID) -> list[Picture]:
    """The pictures that wait; none when their time is over."""
    return [Picture(*one) for one in cache.get(_name(user_id, key)) or []]


def let_go(user_id: int | None, key: UUID) -> None:
    """Forget them: the report is there, or they are not wanted."""
    cache.delete(_name(user_id, key))
