"""The id of a request: from the proxy where it is sane, else new; in the answer, in the logs, in the ledger."""

import re

import structlog

from tongshan_portal.kernel.ids import new_uuid

_SANE = re.compile(r"[A-Za-z0-9._-]{8,40}")


class RequestIdMiddleware:
    """Sets `request.request_id`, binds it to the logs of this thread, and answers it as X-Request-ID."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _SANE.fullmatch(given) else new_uuid().hex
        with structlog.contextvars.bound_contextvars(request_id=request.request_id):
            response = self.get_response(request)
        response["X-Request-ID"] = request.request_id
        return response
