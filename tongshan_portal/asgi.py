"""One port: the live stream on the event loop, everything else on WSGI threads that keep their database connections.

docs/decisions says what was measured.
"""

from a2wsgi import WSGIMiddleware

from tongshan_portal.settings import environment
from tongshan_portal.wsgi import application as pages

THREADS = environment.number("PORTAL_WEB_THREADS")
STREAM = "/live/stream"

_pages = WSGIMiddleware(pages, workers=THREADS)  # type: ignore[arg-type]


async def _lifespan(receive, send) -> None:
    """Start and end of a web process, as ASGI tells it."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def application(scope, receive, send) -> None:
    """The ASGI entry."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"] == STREAM:
        from tongshan_portal.live.stream import application as stream  # noqa: PLC0415 - apps are ready only now

        await stream(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)
