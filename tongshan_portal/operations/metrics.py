"""Metrics in Prometheus' text format. With several web processes they meet in files (PROMETHEUS_MULTIPROC_DIR)."""

import os
import time

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client import multiprocess as processes

REQUESTS = Counter("portal_requests", "Requests answered.", ["method", "view", "status"])
SECONDS = Histogram(
    "portal_request_seconds", "Seconds to answer.", ["view"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
)


class MetricsMiddleware:
    """Counts each request by method, view and status. The view's name, never the path: a path may hold a case code."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        REQUESTS.labels(request.method, view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response


def exposition() -> bytes:
    """All metrics as text."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    processes.MultiProcessCollector(registry)
    return generate_latest(registry)
