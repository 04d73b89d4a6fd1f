"""The portal's pages under Django's own ASGI handler, which hands each of them over to a thread."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
