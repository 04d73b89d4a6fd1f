"""A listener for tests: speaks ASGI to the real application, parses the event stream protocol."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import orjson
from django.conf import settings
from django.db import connections
from django.test import Client

from tongshan_portal.live.hub import hub_here
from tongshan_portal.live.stream import application


@dataclass
class Listening:
    """One stream. `events` are those with an id; `messages` the stream's own, as (name, data)."""

    cookie: str = ""
    after: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "GET"
    reads: bool = True
    status: int = 0
    last_id: str = ""
    done: bool = False
    events: list[dict] = field(default_factory=list)
    messages: list[tuple[str, dict]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._left = asyncio.Event()
        self._buffer = b""

    async def __aenter__(self) -> "Listening":
        headers = {"host": "testserver", "cookie": f"{settings.SESSION_COOKIE_NAME}={self.cookie}", **self.headers}
        scope = {
            "type": "http",
            "method": self.method,
            "path": "/live/stream",
            "query_string": f"after={self.after}".encode() if self.after else b"",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.ensure_future(application(scope, self._receive, self._send))
        await until(lambda: self.status == 200 and self.last_id or self.task.done())
        return self

    async def __aexit__(self, *_exception) -> None:
        self._left.set()
        await self.task

    async def _receive(self) -> dict:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if not self.reads:
            await self._left.wait()
        self._buffer += message["body"]
        while b"\n\n" in self._buffer:
            block, self._buffer = self._buffer.split(b"\n\n", 1)
            self._parse(block.decode())
        self.done = not message.get("more_body", False)

    def _parse(self, block: str) -> None:
        lines = [line.partition(": ")[::2] for line in block.split("\n") if not line.startswith(":")]
        fields = dict(lines)
        self.last_id = fields.get("id", self.last_id)
        if "data" in fields:
            data = orjson.loads(fields["data"])
            if fields.get("event") == "beat":
                return
            if "event" in fields:
                self.messages.append((fields["event"], data))
            else:
                self.events.append(data)

    def heard(self) -> list[int]:
        """The numbers that the tests said, without notices."""
        return [event["line"]["n"] for event in self.events if event["kind"] == "test.said"]

    def told(self, name: str) -> list[dict]:
        return [data for called, data in self.messages if called == name]


STORY_SECONDS = 90
"""A story that takes longer hangs: the test fails instead of waiting for ever."""


async def until(condition: Callable[[], object], seconds: float = 8) -> None:
    """Wait until something is true; fail after a while."""
    for _ in range(int(seconds / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come true")


async def aside(function: Callable, *arguments):
    """Call something that blocks on the database."""

    def call():
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    return await asyncio.to_thread(call)


def listen(story: Callable[[], Awaitable]) -> None:
    """Run a story on an event loop of its own, in a thread of its own (a browser test may have a loop in this one), and stop its hub."""

    async def told() -> None:
        async with asyncio.timeout(STORY_SECONDS):
            try:
                await story()
            finally:
                await (await hub_here()).stop()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, told()).result()


def session_of(user) -> str:
    """The key of a real session of a person."""
    client = Client()
    client.force_login(user)
    return client.session.session_key
