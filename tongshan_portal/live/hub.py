"""The hub of a web process: reads the Redis stream once, for all its connections, and knows what it does not know.

Positions have no gap, so the hub notices whatever Redis lost and reads it from the database; without Redis it lives on the
database alone, slower. Everything runs on the event loop; what blocks goes to a few threads of its own.
"""

import asyncio
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import orjson
import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections
from redis.exceptions import RedisError

from . import drain, gate, metrics, replay, store
from .connection import Connection
from .events import Delivered, from_entry
from .fanout import Fanout
from .subscription import Subscription, hears, subscription_of
from .topics import ACCESS

log = structlog.get_logger(__name__)
T = TypeVar("T")

RING = 5000
"""Events kept in memory, so that clients that all come back at once (a restart, a switch) cost the database nothing."""
READ_COUNT = 500
BLOCK_MS = 2000
HEARTBEAT_SECONDS = 15
RECHECK_SECONDS = 60
RECHECK_BATCH = 500
BACKOFF_SECONDS = 2.0
PAUSE_PER_LISTENER = 0.00025
"""After a delivery the reader rests this long per listener (at most PAUSE_LIMIT), so that a flood becomes few large writes."""
PAUSE_LIMIT = 0.05

_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, "Hub"] = WeakKeyDictionary()
_current: "Hub | None" = None


def frame(event: str, data: dict[str, Any]) -> bytes:
    """A message of the stream itself, without an id: it is not resumed from."""
    return b"event: %s\ndata: %s\n\n" % (event.encode(), orjson.dumps(data))


async def hub_here() -> "Hub":
    """The hub of the running loop, started on first use. Raises django.db.Error when the database is gone."""
    global _current
    loop = asyncio.get_running_loop()
    hub = _hubs.get(loop)
    if hub is None:
        hub = _hubs[loop] = _current = Hub()
    await hub.started()
    return hub


def event_id_now() -> str | None:
    """Where this process's stream is: what a page that is being made has certainly seen. None before the first listener came."""
    hub = _current
    return hub.event_id() if hub is not None and hub.epoch else None


class Hub:
    """See the module. `position` is the last event that was fanned out; `ring` holds the latest events up to it, without a gap."""

    def __init__(self) -> None:
        self.epoch = ""
        self.position = 0
        self.state = "live"
        self.since = datetime.now(UTC)
        self.fanout = Fanout()
        self.connections: dict[Connection, None] = {}
        self.ring: deque[Delivered] = deque(maxlen=RING)
        self.access_at: dict[int, int] = {}  # the position of the last change of a person's rights
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="live")
        self._starting = asyncio.Lock()
        self._tasks: set[asyncio.Task] = set()
        self._sure_at = datetime.now(UTC)
        self._closing = False

    # -- life ------------------------------------------------------------------------------------------------------------------

    async def started(self) -> None:
        """Start once; later calls return at once."""
        if self.epoch:
            return
        async with self._starting:
            if self.epoch:
                return
            standing = await self.in_thread(replay.standing)
            self.position = standing.pushed
            await self._fill_ring(standing.epoch)
            self.epoch = standing.epoch
            self._spawn(self._read())
            self._spawn(self._tick())
            self._end_with_the_process()

    async def stop(self) -> None:
        """End all streams and tasks."""
        self.close_all()
        # Asked again until they are gone: a client that times out at the very moment it is cancelled takes the one for the other.
        while self._tasks:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(self._tasks, timeout=0.5)
        self._threads.shutdown(wait=True, cancel_futures=True)
        _hubs.pop(asyncio.get_running_loop(), None)

    def close_all(self) -> None:
        """Say good-bye to everybody; they come back by themselves, to this process's successor."""
        self._closing = True
        for connection in list(self.connections):
            connection.end(frame("closed", {"reason": "restart"}))

    @property
    def closing(self) -> bool:
        return self._closing

    def _end_with_the_process(self) -> None:
        """A server waits for open streams before it tells the application to stop. So the signal is heard here first, then there."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()

        def chained(before: Any) -> Callable:
            def handler(number, stack):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(self.close_all)
                if callable(before):
                    before(number, stack)

            return handler

        for number in (signal.SIGTERM, signal.SIGINT):
            before = signal.getsignal(number)
            if callable(before):
                signal.signal(number, chained(before))

    async def in_thread(self, function: Callable[..., T], *arguments: Any) -> T:
        """Call something that blocks on the database."""

        def call() -> T:
            close_old_connections()
            try:
                return function(*arguments)
            finally:
                close_old_connections()

        return await asyncio.get_running_loop().run_in_executor(self._threads, call)

    def _spawn(self, coroutine) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("live.task_failed", exc_info=task.exception())

    # -- connections -------------------------------------------------------------------------------------------------------------

    def event_id(self) -> str:
        return f"{self.epoch}-{self.position}"

    def position_frame(self) -> bytes:
        """The heartbeat: proves the connection to the page, and moves its resume position on without an event."""
        return b"event: beat\nid: %s\ndata: 1\n\n" % self.event_id().encode()

    def state_frame(self) -> bytes:
        return frame("state", {"state": self.state, "since": self.since})

    async def join(self, connection: Connection, after: int | None, *, unknown: bool = False) -> None:
        """Let a connection in: greet it, send what it missed after position `after`, then what comes."""
        self._make_room(connection.pass_.user_id)
        self.connections[connection] = None
        metrics.connections.set(len(self.connections))
        connection.offer(self.state_frame())
        if unknown:
            connection.offer(frame("resync", {"reason": "unknown"}))
        await self._admit(connection, self.position if after is None else after)

    def leave(self, connection: Connection) -> None:
        self.connections.pop(connection, None)
        self.fanout.remove(connection)
        metrics.connections.set(len(self.connections))

    def _make_room(self, user_id: int) -> None:
        """The oldest streams of a person make room: most often they are those of a phone that lost its signal."""
        own = [one for one in self.connections if one.pass_.user_id == user_id and not one.ended]
        for one in own[: len(own) + 1 - settings.LIVE_STREAMS_PER_PERSON]:
            one.end(frame("closed", {"reason": "replaced"}))

    async def _admit(self, connection: Connection, after: int) -> None:
        """Send (`after`, now], then add to the fan-out, with nothing between the last look and the adding."""
        while after != self.position and not connection.ended:
            target = self.position
            events = self._from_ring(connection.pass_.scope, after) if after < target else None
            if events is None:
                events = await self.in_thread(replay.missed, connection.subscription, after, target)
            if events is None:
                connection.offer(frame("resync", {"reason": "too_old"}))
            elif events:
                connection.offer(b"".join(event.frame(self.epoch) for event in events))
            after = target
        if connection.ended or connection not in self.connections:
            return
        if self._is_outdated(connection):
            self._spawn(self._admit_again(connection, after))
            return
        connection.offer(self.position_frame())
        connection.admitted = True
        self.fanout.add(connection)

    def _is_outdated(self, connection: Connection) -> bool:
        """Whether the person's rights changed since the pass was made."""
        return self.access_at.get(connection.pass_.user_id, 0) > connection.as_of

    def _from_ring(self, scope, after: int) -> list[Delivered] | None:
        """What a scope may hear after a position, from memory; None when memory does not go back that far."""
        first = self.position - len(self.ring) + 1
        if after + 1 < first:
            return None
        newer = islice(self.ring, after + 1 - first, None)
        found = [event for event in newer if event.topic != ACCESS.name and hears(scope, event)]
        return found if len(found) <= replay.LIMIT else None

    # -- reading -----------------------------------------------------------------------------------------------------------------

    async def _fill_ring(self, epoch: str) -> None:
        """After a restart: the latest events that Redis still has."""
        client = store.reader()
        try:
            entries = cast(
                list[tuple[bytes, dict[bytes, bytes]]],
                await client.xrevrange(store.stream_key(epoch), max=f"{self.position}-0", count=RING),
            )
        except (RedisError, OSError):
            entries = []
        finally:
            await client.aclose()
        for expected, (entry_id, fields) in zip(range(self.position, 0, -1), entries, strict=False):
            event = from_entry(entry_id, fields)
            if event.position != expected:
                break
            self.ring.appendleft(event)

    async def _read(self) -> None:
        """Read for ever. Redis gone: say so after one vain attempt, look into the database instead, keep trying."""
        client, failures, checked = store.reader(), 0, time.monotonic()
        while True:
            try:
                entries = await self._entries(client)
                failures = 0
            except (RedisError, OSError) as error:
                failures += 1
                if failures == 1:
                    log.warning("live.redis_gone", error=type(error).__name__)
                await self._live_without_redis(failures)
                continue
            if entries:
                await self._guarded(self._take(entries))
            if not entries or time.monotonic() - checked > 2 * BLOCK_MS / 1000:
                checked = time.monotonic()
                await self._guarded(self._check())

    async def _entries(self, client) -> list[Delivered]:
        """The next entries of the stream; [] when none came within BLOCK_MS."""
        key = store.stream_key(self.epoch)
        reply = await client.xread({key: f"{self.position}-0"}, count=READ_COUNT, block=BLOCK_MS)
        return [from_entry(entry_id, fields) for _key, entries in reply for entry_id, fields in entries]

    async def _live_without_redis(self, failures: int) -> None:
        if failures > 1:
            try:
                standing = await self.in_thread(replay.standing_without_redis)
                await self._catch_up(standing, standing.assigned)
                self._say("slow")
            except DatabaseError:
                self._say("stale")
        await asyncio.sleep(min(BACKOFF_SECONDS, 0.1 * 2**failures))

    async def _guarded(self, step) -> None:
        """With the database gone nothing is certain: the hub says so and goes on."""
        try:
            await step
            self._say("live")
        except DatabaseError as error:
            log.warning("live.database_gone", error=type(error).__name__)
            self._say("stale")
            await asyncio.sleep(1)

    async def _check(self) -> None:
        """Is there something that Redis never showed, or that nobody drained?"""
        standing = await self.in_thread(replay.standing)
        await self._catch_up(standing, standing.pushed)
        if standing.leftover:
            try:
                await self.in_thread(drain.drain)
            except RedisError:
                return  # the next read says so

    async def _catch_up(self, standing: replay.Standing, target: int) -> None:
        if standing.epoch != self.epoch or self.position > standing.assigned:
            self.epoch, self.position = standing.epoch, standing.pushed
            self._start_over()
        elif target > self.position:
            await self._fetch(target)

    async def _take(self, events: Sequence[Delivered]) -> None:
        """Fan out what came; what is missing before or between comes from the database first."""
        run: list[Delivered] = []
        for event in events:
            known = run[-1].position if run else self.position
            if event.position <= known:
                continue
            if event.position != known + 1:
                self._advance(run)
                run = []
                await self._fetch(event.position - 1)
            run.append(event)
        self._advance(run)
        if run:
            await asyncio.sleep(min(PAUSE_LIMIT, PAUSE_PER_LISTENER * len(self.connections)))

    async def _fetch(self, target: int) -> None:
        """Bring the position to `target` from the database."""
        while self.position < target:
            until = min(target, self.position + replay.LIMIT)
            events = await self.in_thread(replay.between, self.position, until)
            if events is None:
                self.position = target
                self._start_over()
                return
            self._advance(events)

    def _start_over(self) -> None:
        """Something is gone for good: everybody loads anew."""
        log.warning("live.resync", position=self.position)
        self.ring.clear()
        for connection in self.connections:
            connection.offer(frame("resync", {"reason": "lost"}) + self.position_frame())

    def _advance(self, events: Sequence[Delivered]) -> None:
        """Fan out a run without a gap. A change of rights takes effect between what came before it and what comes after it."""
        start = 0
        for index, event in enumerate(events):
            if event.topic == ACCESS.name:
                self._fan_out(events[start:index])
                self._keep(event)
                self._access(event)
                start = index + 1
        self._fan_out(events[start:])

    def _fan_out(self, events: Sequence[Delivered]) -> None:
        for event in events:
            self._keep(event)
        self.fanout.deliver(events, self.epoch)
        metrics.events.inc(len(events))

    def _keep(self, event: Delivered) -> None:
        self.ring.append(event)
        self.position = event.position

    # -- states and rights -------------------------------------------------------------------------------------------------------

    def _say(self, state: str) -> None:
        """Tell everybody how current the stream is. `since` of "stale" is the last moment that was certain."""
        now = datetime.now(UTC)
        if state != "stale":
            self._sure_at = now
        if state == self.state:
            return
        self.state, self.since = state, self._sure_at
        for connection in self.connections:
            connection.offer(self.state_frame())

    def _access(self, event: Delivered) -> None:
        line = orjson.loads(event.data)["line"]
        for user_id in event.user_ids:
            self.access_at[user_id] = event.position
        for connection in list(self.connections):
            if connection.pass_.user_id not in event.user_ids:
                continue
            if line.get("session") is not None:
                if gate.digest_of(connection.pass_.session_key) == line["session"]:
                    connection.end(frame("closed", {"reason": "signed_out"}))
            elif connection.admitted:
                self.fanout.remove(connection)
                connection.admitted = False
                self._spawn(self._admit_again(connection, event.position))

    async def _admit_again(self, connection: Connection, after: int) -> None:
        """The stream goes on under the rights of now, from where it was held. Closed when that cannot be decided."""
        while True:
            connection.as_of = self.position
            try:
                renewed = (await self.in_thread(gate.admit_again, [connection.pass_])).get(connection.pass_.session_key)
            except DatabaseError:
                connection.end(frame("closed", {"reason": "unavailable"}))
                return
            if not self._renew(connection, renewed):
                return
            if not self._is_outdated(connection):
                break
        connection.offer(frame("access", {}))
        await self._admit(connection, after)

    def _renew(self, connection: Connection, renewed: gate.Pass | None) -> bool:
        if renewed is None:
            connection.end(frame("closed", {"reason": "signed_out"}))
            return False
        connection.pass_ = renewed
        connection.subscription = subscription_of(renewed.scope)
        connection.checked_at = time.monotonic()
        return True

    async def _tick(self) -> None:
        """Once a second: heartbeats, and a look at sessions and postings whose time may be over."""
        while True:
            await asyncio.sleep(1)
            now = time.monotonic()
            for connection in self.connections:
                if connection.admitted and connection.idle and now - connection.written_at >= HEARTBEAT_SECONDS:
                    connection.offer(self.position_frame())
            due = [one for one in self.connections if one.admitted and self._is_due(one, now)]
            try:
                await self._recheck(due[:RECHECK_BATCH])
            except DatabaseError:
                await asyncio.sleep(1)

    def _is_due(self, connection: Connection, now: float) -> bool:
        """Every minute, more often while word of changes may not come through, and at once when a day begins: postings end at midnight."""
        every = RECHECK_SECONDS if self.state == "live" else 5
        return now - connection.checked_at >= every or connection.pass_.day != gate.clock.today()

    async def _recheck(self, due: Iterable[Connection]) -> None:
        due = list(due)
        if not due:
            return
        renewed = await self.in_thread(gate.admit_again, [one.pass_ for one in due])
        for one in due:
            if one.ended or not one.admitted:
                continue
            before: Subscription = one.subscription
            self.fanout.remove(one)
            one.admitted = False
            if self._renew(one, renewed.get(one.pass_.session_key)):
                if one.subscription != before:
                    one.offer(frame("access", {}))
                one.admitted = True
                self.fanout.add(one)
