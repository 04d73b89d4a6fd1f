"""Notices for other systems: the index, and each message as it was published. Nothing in it depends on who asks."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from tongshan_portal.kernel import clock

from ..cap import feed
from ..cap.messages import public_address
from ..models import CapMessage

INDEX_LASTS, MESSAGE_LASTS = 60, 86_400
"""Seconds for which a copy may be used: a cancellation reaches everybody within a minute; a message never changes."""


def _address(request: HttpRequest, path: str) -> str:
    return public_address(path) or request.build_absolute_uri(path)


def _answer(request: HttpRequest, tag: str, seconds: int, content_type: str, make) -> HttpResponse:
    quoted = f'"{tag}"'
    wanted = parse_etags(request.headers.get("If-None-Match", ""))
    fresh = "*" in wanted or quoted in [one.removeprefix("W/") for one in wanted]
    answer = HttpResponseNotModified() if fresh else HttpResponse(make(), content_type=f"{content_type}; charset=utf-8")
    answer["ETag"] = quoted
    answer["Cache-Control"] = f"public, max-age={seconds}"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The Atom index of CAP messages."""
    rows, address = feed.entries(clock.now()), _address(request, reverse("fraud_public:feed"))

    def link(row: CapMessage) -> str:
        return _address(request, reverse("fraud_public:message", args=[row.identifier]))

    def page(row: CapMessage) -> str:
        return _address(request, reverse("fraud_public:notice", args=[row.notice.number]))

    return _answer(
        request, feed.tag_of(rows, address), INDEX_LASTS, "application/atom+xml",
        lambda: _with_declaration(feed.write(rows, address, link, page)),
    )  # fmt: skip


@require_safe
def message(request: HttpRequest, identifier: str) -> HttpResponse:
    """One CAP message, the same for ever."""
    row = CapMessage.objects.filter(identifier=identifier).first()
    if row is None:
        raise Http404
    return _answer(request, row.digest[:32], MESSAGE_LASTS, feed.CAP_TYPE, lambda: _with_declaration(row.document))


def _with_declaration(document: str) -> bytes:
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + document.encode()
