"""Reading on: while the database writes a portion, the next one is parsed aside, so that both processors of a small machine have work."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from tongshan_portal.kernel.ahead import Aside

from .judging import Maker, Parsed
from .staging import Staged


class Portions:
    """The portions of a run, each parsed before it is asked for where `read_on` was called. Nothing is lost where none is asked for."""

    def __init__(
        self,
        aside: Aside,
        fetch: Callable[[int], Sequence[Staged]],
        parse: Callable[[Sequence[Staged], Maker], Parsed],
        maker: Callable[[], Maker],
    ) -> None:
        self._aside, self._fetch, self._parse, self._maker = aside, fetch, parse, maker
        self._coming: tuple[int, Future[Parsed]] | None = None

    def after(self, position: int) -> Parsed:
        """The portion after a position; empty past the last."""
        coming, self._coming = self._coming, None
        if coming is not None and coming[0] == position:
            return coming[1].result()
        return self._parse(self._fetch(position), self._maker())

    def read_on(self, position: int) -> None:
        """Fetch the rows after a position now, by this thread's connection, and have them parsed aside."""
        self._coming = position, self._aside.begin(self._parse, self._fetch(position), self._maker())
