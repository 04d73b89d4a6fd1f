"""Publishing: an outbox row in the caller's transaction, and one wake-up after its commit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import connection, transaction

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.copying import copy_lines
from tongshan_portal.kernel.copying import field as copied

from .models import OutboxEvent
from .topics import topic_called
from .wake import wake

# A mobile number, or a resident identity number with a plausible date of birth (GB 11643-1999).
# Between letters, digits are part of a token, such as a session's digest, and no number of a person.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9}|[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![0-9A-Za-z])")
_CODE_KEYS = frozenset({"area", "area_code", "grid", "grid_code"})


@dataclass(frozen=True, slots=True)
class Event:
    """What `publish_many` takes; the fields are those of `publish`."""

    topic: str
    kind: str
    area_code: str = ""
    line: dict[str, Any] = field(default_factory=dict)
    user_ids: tuple[int, ...] = ()


def publish(*, topic: str, kind: str, area_code: str = "", line: dict[str, Any] | None = None, user_ids: Iterable[int] = ()) -> None:
    """Tell the listeners of `topic` whose scope holds `area_code`, or only the people in `user_ids` when any are given.

    `kind` says what happened (`report.filed`); `line` is what a ticker may show: an id, a code, words without personal data.
    Raises KeyError for a topic nobody registered, ValueError for an event that nobody could hear or that carries personal data.
    """
    event = Event(topic, kind, area_code, line or {}, tuple(user_ids))
    _row(event).save(force_insert=True)
    transaction.on_commit(wake, robust=True)


def publish_many(events: Iterable[Event]) -> int:
    """As `publish`, for imports: one stream, one wake-up. Answers how many."""
    now, rows = clock.now(), list(events)
    for event in rows:
        _check(event)
    if rows:
        at = copied(now)
        lines = (
            f"{at}\t{copied(one.topic)}\t{copied(one.kind)}\t{copied(one.area_code)}\t{copied(orjson.dumps(one.line).decode())}\t"
            f"{copied(sorted(set(one.user_ids))) if one.user_ids else '{}'}\n"
            for one in rows
        )
        with connection.cursor() as cursor:
            copy_lines(cursor, "live_outboxevent (at, topic, kind, area_code, line, user_ids)", lines)
        transaction.on_commit(wake, robust=True)
    return len(rows)


def carries_personal_data(text: str) -> bool:
    """Whether a text holds what looks like a mobile or an identity number."""
    return _PERSONAL.search(text) is not None


def _check(event: Event) -> None:
    """Raises KeyError, ValueError as `publish` says."""
    topic = topic_called(event.topic)
    if not event.user_ids and (topic.action is None or not event.area_code):
        raise ValueError(f"nobody could hear {event.kind}: it names no people, and no area with an action")
    for key, value in event.line.items():
        if key not in _CODE_KEYS and isinstance(value, str) and carries_personal_data(value):
            raise ValueError(f"{event.kind}: `{key}` carries personal data; send an id, the page shows the rest to those who may see it")


def _row(event: Event) -> OutboxEvent:
    _check(event)
    return OutboxEvent(
        at=clock.now(),
        topic=event.topic,
        kind=event.kind,
        area_code=event.area_code,
        line=event.line,
        user_ids=sorted(set(event.user_ids)),
    )
