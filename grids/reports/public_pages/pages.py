"""How the resident's pages come: kept nowhere, found by no search engine, and in kiosk mode larger, without a way out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tongshan_portal.kernel import clock
from tongshan_portal.ui import preferences

from ..models import Report
from . import finding, limiting

KIOSK, OPEN = "kiosk", "kiosk_open"
"""Cookies: the device is a kiosk; the report that the person standing there opened (signed)."""

View = Callable[..., HttpResponse]


def is_kiosk(request: HttpRequest) -> bool:
    """Whether the device is a kiosk: `?kiosk=1` makes it one, `?kiosk=0` ends it."""
    asked = request.GET.get("kiosk")
    return asked == "1" if asked in {"0", "1"} else request.COOKIES.get(KIOSK) == "1"


def seal(response: HttpResponse) -> HttpResponse:
    """Nobody keeps it, nobody lists it."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def keep_mode(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Remember the mode that the address asked for."""
    asked = request.GET.get("kiosk")
    if asked == "1":
        response.set_cookie(KIOSK, "1", max_age=preferences.YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    elif asked == "0":
        response.delete_cookie(KIOSK, samesite="Lax")
    return response


def make_kiosk(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The device is a kiosk from now on, and no report is open on it."""
    response.set_cookie(KIOSK, "1", max_age=preferences.YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    response.delete_cookie(OPEN, samesite="Lax")
    return response


def answer(request: HttpRequest, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """One of the resident's pages."""
    return keep_mode(request, seal(render(request, template, {"kiosk": is_kiosk(request), **context}, status=status)))


def refuse_for_now(request: HttpRequest, error: limiting.TooOften) -> HttpResponse:
    """429: too often."""
    response = answer(request, "reports/public/wait.html", 429, sentence=error.message)
    response["Retry-After"] = str(limiting.HOUR)
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """404: this code with this key opens nothing."""
    return answer(request, "reports/public/unknown.html", 404)


def remember_opened(request: HttpRequest, response: HttpResponse, row: Report) -> HttpResponse:
    """On a kiosk a report stays open until the start page comes back: nobody who steps up next reads it by going back."""
    if is_kiosk(request):
        response.set_signed_cookie(OPEN, row.code, salt=OPEN, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


def forget_everything(response: HttpResponse) -> HttpResponse:
    """What the last person at a kiosk left behind: the open report, language, size, theme, messages."""
    for name in (OPEN, "messages", settings.LANGUAGE_COOKIE_NAME, *preferences.CHOICES):
        response.delete_cookie(name, samesite="Lax")
    return response


def of_report(view: View) -> View:
    """Gives the view the report of the address's code and key; the same answer to whoever has them wrong."""

    @wraps(view)
    def found(request: HttpRequest, code: str, key: str, **given: Any) -> HttpResponse:
        try:
            row = finding.find(code, key, address=request.META.get("REMOTE_ADDR", ""), now=clock.now())
        except limiting.TooOften as error:
            return refuse_for_now(request, error)
        if row is None:
            return unknown(request)
        if is_kiosk(request) and request.get_signed_cookie(OPEN, default="", salt=OPEN) != row.code:
            return seal(redirect("reports_public:enter"))
        return seal(view(request, row, **given))

    return found
