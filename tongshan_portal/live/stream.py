"""GET /live/stream: server-sent events, a thin ASGI application beside the pages.

No Django middleware per connection: it doubles the time to connect. The rules are the same (see gate).
"""

import random
import time
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host

from . import gate, metrics
from .connection import Connection, Receive, Send, cut_off, serve
from .events import parse_event_id
from .hub import Hub, hub_here

PATH = "/live/stream"
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


async def application(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """ASGI entry. 401 without a good session, 403 from elsewhere, 503 while the database is gone."""
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if scope["method"] != "GET":
        return await _refuse(send, 405, ((b"allow", b"GET"),))
    if not _comes_from_here(headers):
        return await _refuse(send, 403)
    try:
        hub = await hub_here()
        as_of = hub.position
        admission = await hub.in_thread(gate.admit, _session_key(headers))
    except DatabaseError:
        return await _refuse(send, 503, ((b"retry-after", b"5"),))
    if admission is None:
        return await _refuse(send, 401)
    if hub.closing:
        return await _refuse(send, 503, ((b"retry-after", b"2"),))
    await _stream(hub, Connection(admission, time.monotonic(), as_of), _asked_position(scope, headers), receive, send)
    return None


async def _stream(hub: Hub, connection: Connection, asked: str, receive: Receive, send: Send) -> None:
    after = parse_event_id(asked, hub.epoch) if asked else None
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    # Clients that lost the same server do not come back in the same moment.
    connection.offer(b"retry: %d\n\n" % random.randint(1000, 4000))  # noqa: S311
    try:
        await hub.join(connection, after, unknown=bool(asked) and after is None)
        read = await serve(connection, receive, send, time.monotonic)
    except DatabaseError:
        read = False
    finally:
        hub.leave(connection)
    if not read:
        metrics.dropped.inc()
        cut_off(send)


def _asked_position(scope: Mapping[str, Any], headers: Mapping[bytes, str]) -> str:
    """The header of a reconnecting EventSource wins over the address it was made with."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return (headers.get(b"last-event-id") or query.get("after", [""])[0])[:64]


def _session_key(headers: Mapping[bytes, str]) -> str:
    try:
        morsel = SimpleCookie(headers.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _comes_from_here(headers: Mapping[bytes, str]) -> bool:
    """The host is ours; what browsers say about the asking page, if they say it, is the same origin."""
    host = headers.get(b"host", "")
    domain, _port = split_domain_port(host)
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    if not domain or not validate_host(domain, allowed):
        return False
    origin = headers.get(b"origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return False
    return headers.get(b"sec-fetch-site", "same-origin") in {"same-origin", "none"}


async def _refuse(send: Send, status: int, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    head = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": b""})
