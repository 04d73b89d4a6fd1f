"""Reading on: while the database writes a portion, the next one is parsed aside, so that both processors of a small machine have work."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from threading import Lock

from tongshan_portal.kernel.ahead import Aside

from .judging import Maker, Parsed
from .staging import Staged

Stretch = tuple[int, int]
"""The first and the last row of a stretch."""


class Portions:
    """The portions of a run that are still to be dealt with, each parsed before it is asked for. Any number of threads may take them."""

    def __init__(
        self,
        aside: Aside,
        fetch: Callable[[int, int], Sequence[Staged]],
        parse: Callable[[Sequence[Staged], Maker], Parsed],
        maker: Callable[[], Maker],
        size: int,
        done: Sequence[Stretch],
    ) -> None:
        self._aside, self._fetch, self._parse, self._maker = aside, fetch, parse, maker
        self._places = places(size, done)
        self._coming: Future[Parsed] | None = None
        self._lock, self._closed = Lock(), False

    def take(self) -> Parsed | None:
        """The next portion; None past the last. The one behind it is fetched now, by this thread's connection, and parsed aside."""
        with self._lock:
            if self._closed:
                return None
            parsed = (self._coming or self._begin()).result()
            if not parsed.staged:
                self._closed = True
                return None
            self._coming = self._begin()
            return parsed

    def close(self) -> None:
        """Nobody gets any more."""
        self._closed = True

    def _begin(self) -> Future[Parsed]:
        return self._aside.begin(self._parse, self._fetch(*next(self._places)), self._maker())


def places(size: int, done: Sequence[Stretch]) -> Iterator[tuple[int, int]]:
    """(the row before, how many rows at most) of every portion around the stretches that are done, without end."""
    after = 0
    for first, last in done:
        while after < first - 1:
            yield after, min(size, first - 1 - after)
            after += min(size, first - 1 - after)
        after = last
    while True:
        yield after, size
        after += size


def first_missing(done: Sequence[Stretch]) -> int:
    """The first row that is not done."""
    return next(places(1, done))[0] + 1
