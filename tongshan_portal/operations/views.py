"""Health and metrics for machines."""

import secrets

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from prometheus_client import CONTENT_TYPE_LATEST

from tongshan_portal.accounts.policy import can

from . import health, metrics


@never_cache
def healthz(request):
    """This process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request):
    """The portal can work: 200, or 503 with what is missing."""
    found = health.look()
    parts = {"database": found.database, "redis": found.redis, "migrated": found.migrated}
    return JsonResponse({"status": "ok" if found.ready else "unavailable", **parts}, status=200 if found.ready else 503)


@never_cache
def metrics_text(request):
    """The metrics, for a bearer of settings.METRICS_TOKEN or a system administrator."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    by_token = bool(settings.METRICS_TOKEN) and secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    if not by_token and not can(request.actor, "metrics.view"):
        return HttpResponse(status=404)
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
