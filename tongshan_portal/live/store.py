"""Redis: the clients and the names of what is kept there. Nothing in it is the truth; all of it can be made again from the outbox."""

import secrets
from functools import cache

import redis
import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from .models import Cursor

STREAM_LENGTH = 20_000
"""About how many events stay in the Redis stream. Older ones are read from the database."""


def cursor(*, lock: bool = False) -> Cursor:
    """The one row of the cursor, made on first use. `lock`: until the end of the transaction, nobody else gives positions or pushes."""
    rows = Cursor.objects.select_for_update() if lock else Cursor.objects
    found = rows.filter(pk=1).first()
    if found is None:
        Cursor.objects.bulk_create([Cursor(pk=1, epoch=secrets.token_hex(4))], ignore_conflicts=True)
        found = rows.get(pk=1)
    return found


def stream_key(epoch: str) -> str:
    """The stream of one line of events: two databases on one Redis never mix."""
    return f"portal:live:{epoch}:events"


def wake_key() -> str:
    """One flag per database, known without a query."""
    return f"portal:live:wake:{connection.settings_dict['NAME']}"


@cache
def client() -> redis.Redis:
    """The blocking client: fails within two seconds instead of hanging a request or a task. It tries again once, at once, for a
    connection that a restarted Redis closed; the library's own three tries with pauses took eight seconds of a request."""
    again = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(settings.REDIS_URL, protocol=2, socket_timeout=2, socket_connect_timeout=2, retry=again)


def reader() -> redis.asyncio.Redis:
    """A client for the reader of a web process. Its socket times out later than a blocking read ends."""
    never = AsyncRetry(NoBackoff(), 0)
    return redis.asyncio.Redis.from_url(settings.REDIS_URL, protocol=2, socket_timeout=6, socket_connect_timeout=2, retry=never)
