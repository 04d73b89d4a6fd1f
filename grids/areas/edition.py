"""What a process keeps of the net, and how it learns of a change: by the edition's number, asked at most every other second."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from .models import Edition

T = TypeVar("T")

CHECK_EVERY = 2.0
"""Seconds between two looks at the edition in one process."""


def number() -> int:
    """The number of the present edition; one query."""
    return Edition.objects.values_list("number", flat=True).first() or 0


class Kept(Generic[T]):
    """A value computed from the net, kept until the edition changes. Thread-safe; a reader never waits for a look at the database
    by another, and while a new value is computed the old one serves."""

    def __init__(self, load: Callable[[], T]):
        self._load = load
        self._lock = threading.Lock()
        self._value: T | None = None
        self._edition = -1
        self._looked = -CHECK_EVERY

    def get(self) -> T:
        """The value of an edition that is at most `CHECK_EVERY` seconds old."""
        fresh = time.monotonic() - self._looked < CHECK_EVERY
        if self._edition >= 0 and (fresh or not self._lock.acquire(blocking=False)):
            return self._value  # type: ignore[return-value]
        if self._edition < 0:
            self._lock.acquire()
        try:
            return self._refreshed()
        finally:
            self._lock.release()

    def _refreshed(self) -> T:
        present = number()
        if present != self._edition:
            self._value, self._edition = self._load(), present
        self._looked = time.monotonic()
        return self._value  # type: ignore[return-value]

    def forget(self) -> None:
        """Compute anew at the next `get`: for the process that made the change itself, and for tests, whose editions are rolled back."""
        with self._lock:
            self._edition = -1
