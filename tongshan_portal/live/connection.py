"""One open stream: a bounded queue between the fan-out and a client that may read slowly, or never."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from .gate import Pass
from .subscription import Subscription, subscription_of

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

QUEUE_BYTES = 256 * 1024
"""What may wait for one client behind a first piece of any size (a replay). An event is about 300 bytes."""
SEND_SECONDS = 20.0
"""How long one write may wait for the client to read."""


class Connection:
    """A listener. `offer` never blocks; the writer sends what waits, joined, in one piece.

    `as_of` is where the hub was before the rights in `pass_` were read: a later change of them makes the pass outdated.
    """

    __slots__ = (
        "pass_",
        "subscription",
        "opened_at",
        "checked_at",
        "written_at",
        "admitted",
        "as_of",
        "overflowed",
        "writer",
        "_chunks",
        "_size",
        "_wake",
        "_ended",
    )

    def __init__(self, admission: Pass, now: float, as_of: int) -> None:
        self.pass_ = admission
        self.subscription: Subscription = subscription_of(admission.scope)
        self.opened_at = self.checked_at = self.written_at = now
        self.admitted = False
        self.as_of = as_of
        self.overflowed = False
        self.writer: asyncio.Future[None] | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._wake = asyncio.Event()
        self._ended = False

    @property
    def idle(self) -> bool:
        return not self._chunks

    @property
    def ended(self) -> bool:
        return self._ended

    def offer(self, chunk: bytes) -> None:
        """Queue a chunk. A client that lets the queue fill is dropped, not waited for: it resumes where it was when it reads again."""
        if self._ended:
            return
        if self._chunks and self._size + len(chunk) > QUEUE_BYTES:
            self.overflowed = True
            self._chunks.clear()
            self.end()
            if self.writer is not None:
                self.writer.cancel()  # it may wait for this very client
            return
        self._chunks.append(chunk)
        self._size += len(chunk)
        self._wake.set()

    def end(self, farewell: bytes = b"") -> None:
        """Nothing more after what waits and the farewell."""
        if not self._ended:
            if farewell:
                self._chunks.append(farewell)
            self._ended = True
            self._wake.set()

    async def write(self, send: Send, clock: Callable[[], float]) -> None:
        """Send what is offered until the end. Raises TimeoutError when the client does not read."""
        while True:
            if not self._chunks:
                if self._ended:
                    break
                self._wake.clear()
                await self._wake.wait()
                continue
            body = b"".join(self._chunks)
            self._chunks.clear()
            self._size = 0
            self.written_at = clock()
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": body, "more_body": True})
        if not self.overflowed:
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": b"", "more_body": False})


async def serve(connection: Connection, receive: Receive, send: Send, clock: Callable[[], float]) -> bool:
    """Write until the client leaves or the stream ends. False when the client did not read and must be cut off."""
    writer = connection.writer = asyncio.ensure_future(connection.write(send, clock))
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait({writer, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        connection.end()
        for task in (writer, leaving):
            task.cancel()
        results = await asyncio.gather(writer, leaving, return_exceptions=True)
    return not connection.overflowed and not isinstance(results[0], TimeoutError)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def cut_off(send: Send) -> None:
    """Abort the socket of a client that does not read. An ordinary close would wait for ever for what it never reads to be flushed.

    ASGI has no message for this; uvicorn's `send` is a method of the request cycle, which knows its transport. Under another
    server the operating system's own time-out does it.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        plain = transport.get_extra_info("socket")
        if plain is not None:
            # Otherwise the kernel keeps what was not read, megabytes each, until it gives up hours later.
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
