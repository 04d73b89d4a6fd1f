"""The one source of the present moment."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """The present moment, aware, UTC."""
    return timezone.now()


def today() -> date:
    """The present day in the district (settings.TIME_ZONE)."""
    return timezone.localdate()
