"""Who has a report's page open just now: in Redis alone, gone by itself. Without Redis nobody is shown."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from redis import RedisError

from tongshan_portal.kernel import clock
from tongshan_portal.live.store import client

log = logging.getLogger(__name__)

SECONDS = 45
"""How long one sign holds; an open, visible page sends one every 20 seconds."""


def _key(report_id: int) -> str:
    """Two databases on one Redis never mix."""
    return f"portal:reports:{connection.settings_dict['NAME']}:watching:{report_id}"


def watch(report_id: int, user_id: int, name: str, now: datetime | None = None) -> None:
    """Say that a person whose scope holds the report is looking at it."""
    key = _key(report_id)
    try:
        with client().pipeline(transaction=False) as pipe:
            pipe.zadd(key, {f"{user_id} {name}": (now or clock.now()).timestamp() + SECONDS})
            pipe.expire(key, SECONDS)
            pipe.execute()
    except RedisError:
        log.warning("who looks at a report is not known: Redis is away")


def leave(report_id: int, user_id: int, name: str) -> None:
    """Say that the page was left."""
    try:
        client().zrem(_key(report_id), f"{user_id} {name}")
    except RedisError:
        log.warning("who looks at a report is not known: Redis is away")


def watchers(report_ids: Iterable[int], *, but: int | None) -> dict[int, list[str]]:
    """The names of those who look at each report just now, without the reader herself; one round trip for all."""
    ids = list(report_ids)
    if not ids:
        return {}
    now = clock.now().timestamp()
    try:
        with client().pipeline(transaction=False) as pipe:
            for report_id in ids:
                pipe.zrangebyscore(_key(report_id), now, "+inf")
            found = pipe.execute()
    except RedisError:
        return {}
    people = {pk: [member.decode().partition(" ") for member in members] for pk, members in zip(ids, found, strict=True)}
    return {pk: sorted({name for user_id, _space, name in listed if user_id != str(but)}) for pk, listed in people.items()}
