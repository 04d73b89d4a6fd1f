"""From the outbox to the Redis stream: positions first, committed; then the push, in order; then the mark.

Killed after a commit of positions: the next drain pushes them, nobody else can have pushed later ones, for the cursor's lock is
held while pushing. Killed after a push: pushed again, and Redis refuses an id it already has. See docs/decisions.
"""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import connection, transaction
from redis.exceptions import ResponseError

from tongshan_portal.kernel import clock

from . import store
from .events import from_row
from .models import Cursor, OutboxEvent

BATCH = 500
_ASSIGN = """
    select from live_cursor where id = 1 for update;
    with due as (
        select id from live_outboxevent where position is null order by id limit %s for update skip locked
    ), numbered as (
        select id, (select assigned from live_cursor where id = 1) + row_number() over (order by id) as position from due
    ), moved as (
        update live_outboxevent as event set position = numbered.position from numbered where event.id = numbered.id returning 1
    )
    update live_cursor set assigned = assigned + (select count(*) from moved)
    where id = 1 and exists (select from due) returning (select count(*) from moved)
"""
"""One transaction in one trip; the second statement looks only when it has the cursor."""


def drain() -> int:
    """Deliver whatever is due; answers how many events went to Redis. Raises RedisError when Redis is gone: then nothing is marked."""
    pushed = 0
    while True:
        assigned, sent = assign(), push()
        pushed += sent
        if assigned < BATCH and sent < BATCH:
            return pushed


def assign() -> int:
    """Give positions to the next batch of events; answers how many. Needs no Redis."""
    with connection.cursor() as sql:
        sql.execute(_ASSIGN, [BATCH])
        found = sql.fetchone()
    if found is None and not Cursor.objects.exists():
        store.cursor()
        return assign()
    return found[0] if found else 0


def push() -> int:
    """Append the next batch that has positions to the stream, then mark it; answers how many."""
    with transaction.atomic():
        cursor = store.cursor(lock=True)
        if cursor.pushed == cursor.assigned:
            return 0
        rows = list(OutboxEvent.objects.filter(position__gt=cursor.pushed).order_by("position")[:BATCH])
        if not rows:  # pruned by hand, or restored without them
            cursor.pushed = cursor.assigned
        else:
            _append(cursor, rows)
            cursor.pushed = cast(int, rows[-1].position)
        cursor.save(update_fields=["pushed"])
        return len(rows)


def _append(cursor: Cursor, rows: list[OutboxEvent]) -> None:
    """XADD with the position as id. A refused id is one that a killed drain pushed, unless the stream comes from a later life of
    this database (restored from a backup): then it is thrown away."""
    key = store.stream_key(cursor.epoch)
    if not _add(key, rows) and _last_position(key) > cursor.assigned:
        store.client().delete(key)
        _add(key, rows)


def _add(key: str, rows: list[OutboxEvent]) -> bool:
    """Whether Redis took all rows as new."""
    pipeline = store.client().pipeline(transaction=False)
    for row in rows:
        event = from_row(row)
        pipeline.xadd(key, event.fields(), id=f"{event.position}-0", maxlen=store.STREAM_LENGTH, approximate=True)
    fresh = True
    for answer in pipeline.execute(raise_on_error=False):
        if isinstance(answer, ResponseError) and "equal or smaller" in str(answer):
            fresh = False
        elif isinstance(answer, Exception):
            raise answer
    return fresh


def _last_position(key: str) -> int:
    information = cast(dict, store.client().xinfo_stream(key))
    return int(cast(bytes, information["last-generated-id"]).split(b"-")[0])


def leftover() -> bool:
    """Whether something waits longer than the grace: its wake-up was lost."""
    cursor = store.cursor()
    late = clock.now() - timedelta(seconds=settings.LIVE_GRACE_SECONDS)
    return cursor.pushed < cursor.assigned or OutboxEvent.objects.filter(position__isnull=True, at__lt=late).exists()


def prune(batch: int = 5000) -> int:
    """Delete delivered events older than the replay window, oldest positions first; answers how many."""
    oldest = clock.now() - timedelta(hours=settings.LIVE_REPLAY_HOURS)
    deleted = 0
    while True:
        with transaction.atomic():
            cursor = store.cursor(lock=True)
            first = OutboxEvent.objects.filter(position__lte=cursor.pushed).order_by("position").values_list("position", "at")[:batch]
            positions = [cast(int, position) for position, at in first if at < oldest]
            if not positions:
                return deleted
            cursor.pruned = max(cursor.pruned, *positions)
            cursor.save(update_fields=["pruned"])
            deleted += OutboxEvent.objects.filter(position__in=positions).delete()[0]
