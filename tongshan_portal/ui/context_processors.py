"""What the layout of every page shows."""

from django.conf import settings


def shell(request):
    """The values of the page shell; no queries."""
    return {"demo_mode": settings.DEMO_MODE}
