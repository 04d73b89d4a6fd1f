"""Work done in other threads while this one waits for the database."""

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, Self, TypeVar

from django.db import connections
from django.utils import translation

T = TypeVar("T")
P = ParamSpec("P")


class Aside:
    """Threads beside this one, for as long as the block lasts. Their work speaks the language of whoever gave it."""

    def __init__(self, threads: int = 1) -> None:
        self._threads = threads

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(self._threads, "aside")
        return self

    def __exit__(self, *_error: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def begin(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Begin something. Its result raises what the work raised."""
        language = translation.get_language()

        def spoken() -> T:
            with translation.override(language):
                return work(*args, **kwargs)

        return self._thread.submit(spoken)


def one_ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items; while one is worked on, the next is made aside. Making them must not use the database."""
    source, end = iter(items), object()
    with Aside() as aside:
        coming = aside.begin(next, source, end)
        while (item := coming.result()) is not end:
            coming = aside.begin(next, source, end)
            yield item  # type: ignore[misc]


def side_by_side(count: int, work: Callable[[], T]) -> list[T]:
    """Do the same work `count` times at once, once of it in this thread; every other thread has database connections of its own.

    Answers what each came to, when all have ended. Raises what the first that failed raised.
    """
    if count == 1:
        with _uncollected():
            return [work()]

    def with_own_connections() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with _uncollected(), Aside(count - 1) as aside:
        others = [aside.begin(with_own_connections) for _number in range(count - 1)]
        mine = work()
        return [mine, *(other.result() for other in others)]


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's cycle collector: ten thousand new rows make it walk
    the whole heap again and again, a quarter of the time of writing them.

    What a chunk of work leaves is freed by counting; cycles wait for the collector until the work is done.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
