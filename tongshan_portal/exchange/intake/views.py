"""The intake's addresses: parse, one call, answer."""

from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from ..conf import limit
from . import actions, openapi, signing
from .problems import Refused, as_response
from .registry import intake_at


@csrf_exempt  # no cookie counts here: every call is signed
def take(request: HttpRequest, path: str) -> HttpResponse:
    """A batch of rows of one kind."""
    try:
        intake = intake_at(path)
        if intake is None:
            raise Refused(HTTPStatus.NOT_FOUND, _("Nothing comes in at this address."))
        if request.method != "POST":
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, _("Rows come in by POST."))
        received = actions.receive(intake=intake, call=_call(request))
    except Refused as refused:
        response = as_response(refused)
        if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
            response["Allow"] = "POST"
        return response
    rows = [{"row": number, "outcome": one.outcome.value, "reference": one.reference} for number, one in sorted(received.taken.items())]
    body = {**received.counts(), "rows": rows, "errors": received.errors()}
    return HttpResponse(orjson.dumps(body), status=HTTPStatus.ACCEPTED, content_type="application/json")


def _call(request: HttpRequest) -> actions.Call:
    """The call, its body read only as far as it may be long."""
    if request.content_type != "application/json":
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("The body is application/json."))
    most = limit("INTAKE_MAX_BYTES")
    length = request.META.get("CONTENT_LENGTH") or "0"
    body = request.read(most + 1) if length.isdigit() and int(length) <= most else None
    if body is None or len(body) > most:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("A batch has at most %(size)d MB.") % {"size": most >> 20})
    query = request.META.get("QUERY_STRING", "")
    return actions.Call(
        method=request.method or "",
        path=f"{request.path}?{query}" if query else request.path,
        headers={name: request.headers.get(name, "") for name in signing.HEADERS},
        body=body,
        ip=request.META.get("REMOTE_ADDR", ""),
        request_id=getattr(request, "request_id", ""),
    )


@require_safe
def describe(_request: HttpRequest) -> HttpResponse:
    """What the intake takes, as an OpenAPI document. Names of fields are no secret."""
    return HttpResponse(orjson.dumps(openapi.document(), option=orjson.OPT_INDENT_2), content_type="application/json")
