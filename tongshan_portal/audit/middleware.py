"""Refused access reaches the ledger, once per request, and a flood of refusals does not flood it."""

import logging
import time

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import get_resolver
from redis.exceptions import RedisError

from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ledger.public import record

from .presenters import DENIED, MISSED, SUPPRESSED

PER_MINUTE = 30
"""Refusals of one person (or one address, when nobody is signed in) that are listed within a minute."""
logger = logging.getLogger(__name__)


class DeniedAccessMiddleware:
    """Stands innermost. `NotAllowed` becomes the 403 page; the ledger keeps who was refused what."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            self._keep(request, DENIED, str(exception))
            handler = get_resolver(getattr(request, "urlconf", None)).resolve_error_handler(403)
            return handler(request, exception=PermissionDenied(str(exception)))
        if isinstance(exception, PermissionDenied):
            self._keep(request, DENIED, str(exception))
        elif isinstance(exception, Http404) and request.actor.user_id is not None:
            self._keep(request, MISSED, "")
        return None

    def _keep(self, request: HttpRequest, verb: str, reason: str) -> None:
        actor = request.actor
        count = _count(f"denied:{actor.user_id or actor.ip}")
        if count > PER_MINUTE + 1:
            return
        match = request.resolver_match
        detail: dict[str, object] = {"method": request.method, "path": request.path[:300], "view": match.view_name if match else ""}
        if count == PER_MINUTE + 1:
            verb, reason, detail = SUPPRESSED, "", {"count": PER_MINUTE}
        try:
            record(actor=actor, verb=verb, reason=reason[:500], detail=detail)
        except DatabaseError:
            # The refusal stands whether or not it could be written down.
            logger.exception("a refusal could not be written to the ledger")


def _count(key: str) -> int:
    """How many times within this minute. Without the cache every time is the first: rather a flood in the ledger than a hole."""
    key = f"{key}:{int(time.time() // 60)}"
    try:
        cache.add(key, 0, timeout=120)
        return cache.incr(key)
    except (RedisError, OSError, ValueError):
        return 1
