"""Preferences, the component gallery, and the pages for what went wrong."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tongshan_portal.accounts.policy import can

from . import gallery, preferences


@require_POST
def set_preference(request):
    """Keep one preference and go back to the page it was chosen on."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = redirect(target)
    try:
        preferences.keep(response, request.POST.get("name", ""), request.POST.get("value", ""), secure=request.is_secure())
    except (KeyError, ValueError):
        return HttpResponseBadRequest()
    return response


def component_gallery(request):
    """Every component in every state, for those who build pages."""
    if not (settings.DEMO_MODE or settings.DEBUG or can(request.actor, "gallery.view")):
        raise Http404
    return render(request, "ui/gallery.html", gallery.examples())


def _page(request, status: int):
    return render(request, f"errors/{status}.html", status=status)


def bad_request(request, exception=None):
    """400: the request cannot be understood."""
    return _page(request, 400)


def forbidden(request, exception=None):
    """403: the reader may not do this."""
    return _page(request, 403)


def not_found(request, exception=None):
    """404: there is nothing here, or nothing that the reader's postings hold."""
    return _page(request, 404)


def csrf_failure(request, reason=""):
    """403 of a form that lost its token: the page was open for long, or cookies are off."""
    return render(request, "errors/csrf.html", status=403)


def server_error(request):
    """500: no context processor, no database; the page must come whatever is broken."""
    content = loader.get_template("errors/500.html").render({"request_id": getattr(request, "request_id", "")})
    return HttpResponse(content, status=500)
