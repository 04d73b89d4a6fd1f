"""The peers, as their documentation shows them: django-eventstream under uvicorn, channels under daphne. GET /listen, GET /emit?t=…"""

import os
import sys
from urllib.parse import parse_qs

import django
from django.conf import settings

PEER = os.environ.get("BENCH_PEER", "eventstream")

if not settings.configured:
    settings.configure(
        SECRET_KEY="a-bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django_eventstream" if PEER == "eventstream" else "channels",
        ],
        CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}},
    )
    django.setup()

urlpatterns: list = []

if PEER == "eventstream":
    import django_eventstream
    from django.core.asgi import get_asgi_application
    from django.http import HttpResponse
    from django.urls import include, path

    def emit(request):
        django_eventstream.send_event("town", "message", {"t": float(request.GET["t"])})
        return HttpResponse("said")

    urlpatterns = [path("listen", include(django_eventstream.urls), {"channels": ["town"]}), path("emit", emit)]
    application = get_asgi_application()
else:
    from channels.generic.http import AsyncHttpConsumer
    from channels.layers import get_channel_layer

    class Stream(AsyncHttpConsumer):
        async def http_request(self, message):
            """As the documentation of channels does for long streams: the request's end is not the consumer's."""
            if not message.get("more_body"):
                await self.channel_layer.group_add("town", self.channel_name)
                await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
                await self.send_body(b": open\n\n", more_body=True)

        async def said(self, message):
            await self.send_body(b'data: {"t": %s}\n\n' % message["t"].encode(), more_body=True)

    _stream = Stream.as_asgi()

    async def application(scope, receive, send):
        if scope["type"] != "http":
            return
        if scope["path"] == "/listen":
            await _stream(scope, receive, send)
            return
        moment = parse_qs(scope["query_string"].decode())["t"][0]
        await get_channel_layer().group_send("town", {"type": "said", "t": moment})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"said"})


sys.modules.setdefault("bench_peer", sys.modules[__name__])
