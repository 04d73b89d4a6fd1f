"""Refusals as RFC 9457 has them: a status, a sentence, and the rows and fields it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import orjson
from django.http import HttpResponse


@dataclass
class Refused(Exception):
    """A call that is not taken. `errors` are {"row", "field", "sentence"}."""

    status: HTTPStatus
    sentence: str
    errors: Sequence[dict[str, Any]] = field(default_factory=list)
    retry_after: int | None = None


def as_response(refused: Refused) -> HttpResponse:
    """The refusal as problem+json."""
    body = {
        "type": "about:blank",
        "title": refused.status.phrase,
        "status": refused.status.value,
        "detail": refused.sentence,
        "errors": list(refused.errors),
    }
    response = HttpResponse(orjson.dumps(body), status=refused.status, content_type="application/problem+json")
    if refused.retry_after is not None:
        response["Retry-After"] = str(refused.retry_after)
    if refused.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Portal-Signature"
    return response
