"""The guard: while a request is answered, rows with an area are only read through a door that names the scope, or says why it does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_guarded: ContextVar[bool] = ContextVar("scope_guard", default=False)


class UnscopedAccess(RuntimeError):
    """Request code evaluated a scoped queryset without `visible_to()` or `unscoped("why")`: a mistake of the programmer."""


def is_on() -> bool:
    return _guarded.get()


@contextmanager
def guarded(on: bool = True) -> Iterator[None]:
    """Within, unscoped access raises (`on=True`), or is allowed again."""
    token = _guarded.set(on)
    try:
        yield
    finally:
        _guarded.reset(token)
