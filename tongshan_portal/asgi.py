"""One port: the stream on the event loop, everything else on WSGI threads."""

import os

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
from .wsgi import application as pages

_pages = WSGIMiddleware(pages, workers=8)  # type: ignore[arg-type]


async def application(scope, receive, send) -> None:
    """ASGI entry."""
    if scope["type"] == "http" and scope["path"] == "/live/stream":
        from tongshan_portal.live.stream import application as stream  # noqa: PLC0415 – apps are ready only now

        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
