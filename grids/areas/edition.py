"""What a process keeps of the net, and how it learns of a change: by the edition's number, asked at most every other second."""

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from tongshan_portal.kernel import clock

from .models import Edition

T = TypeVar("T")

CHECK_EVERY = 2.0
"""Seconds between two looks at the edition in one process."""


class Present(NamedTuple):
    """What a kept value belongs to: an edition of the net, and a day, because areas begin and end at midnight."""

    number: int
    day: date


def number() -> int:
    """The number of the present edition; one query."""
    return Edition.objects.values_list("number", flat=True).first() or 0


class _Look:
    """The edition as this process last saw it: one look serves all that is kept. A reader never waits for another's look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Present | None = None
        self._at = -CHECK_EVERY

    def present(self) -> Present:
        seen = self._seen
        fresh = time.monotonic() - self._at < CHECK_EVERY
        if seen is None:
            seen = self._again()
        elif not fresh and self._lock.acquire(blocking=False):
            try:
                seen = self._again()
            finally:
                self._lock.release()
        return seen

    def _again(self) -> Present:
        self._seen = seen = Present(number(), clock.today())
        self._at = time.monotonic()
        return seen

    def forget(self) -> None:
        self._seen = None


_look = _Look()


def present() -> Present:
    """What this process took for the present at most `CHECK_EVERY` seconds ago; mostly without a query."""
    return _look.present()


class Kept(Generic[T]):
    """A value computed from the net, kept until the edition or the day changes.

    Thread-safe: while one thread computes a new value, the others go on with the old one.
    """

    def __init__(self, load: Callable[[], T]):
        self._load = load
        self._lock = threading.Lock()
        self._held: tuple[Present, T] | None = None

    def get(self) -> T:
        """The value of an edition that is at most `CHECK_EVERY` seconds old."""
        present, held = _look.present(), self._held
        if held is not None and (held[0] == present or not self._lock.acquire(blocking=False)):
            return held[1]
        if held is None:
            self._lock.acquire()
        try:
            held = self._held
            if held is None or held[0] != present:
                self._held = held = (present, self._load())
            return held[1]
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Compute anew at the next `get`: for the process that made the change itself, and for tests, whose editions are rolled back."""
        with self._lock:
            self._held = None
        _look.forget()
