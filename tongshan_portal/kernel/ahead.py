"""Work that needs no database, done in another thread while this one waits for the database."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, Self, TypeVar

from django.utils import translation

T = TypeVar("T")
P = ParamSpec("P")


class Aside:
    """One thread beside this one, for as long as the block lasts. Its work speaks the language of whoever gave it."""

    def __enter__(self) -> Self:
        self._thread = ThreadPoolExecutor(1, "aside")
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
