"""Preferences, banners, the component gallery, and the pages for what went wrong."""

import sys
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.template import loader
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel import clock

from . import actions, gallery, lists, outage, preferences
from .form_pages import form_page
from .forms import BannerForm
from .models import Banner


@require_safe
def favicon(request):
    """Browsers ask for it on pages that name no icon, such as the admin's."""
    return redirect(static("icons/mark.svg"), permanent=True)


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


@require_safe
@login_required
def banners(request):
    """The banners of the site, newest first."""
    require(request.actor, "banners.change")
    page = lists.page_of(request, Banner.objects.all(), order=("-id",))
    return render(request, "ui/banners.html", {"page": page, "now": clock.now()})


@require_http_methods(["GET", "POST"])
@login_required
def post_banner(request):
    """Tell everybody something."""
    require(request.actor, "banners.change")

    def call(data):
        actions.post_banner(actor=request.actor, **data)
        messages.success(request, _("The banner is posted. Every page shows it within ten seconds of its time."))
        return reverse("banners")

    now = clock.now().replace(second=0, microsecond=0)
    form = BannerForm(request.POST or None, initial={"starts_at": now, "ends_at": now + timedelta(days=1)})
    return form_page(request, form, call, title=_("New banner"), verb=_("Post"), back=reverse("banners"))


@require_http_methods(["GET", "POST"])
@login_required
def change_banner(request, pk: int):
    """Correct a banner."""
    require(request.actor, "banners.change")
    row = get_object_or_404(Banner, pk=pk)

    def call(data):
        actions.change_banner(actor=request.actor, banner_id=row.pk, **data)
        return reverse("banners")

    fields = ("text_zh", "text_en", "severity", "starts_at", "ends_at")
    form = BannerForm(request.POST or None, initial={name: getattr(row, name) for name in fields})
    return form_page(request, form, call, title=_("Change the banner"), verb=_("Save"), back=reverse("banners"))


@require_POST
@login_required
def end_banner(request, pk: int):
    """Take a banner down."""
    require(request.actor, "banners.change")
    actions.end_banner(actor=request.actor, banner_id=get_object_or_404(Banner, pk=pk).pk)
    return redirect("banners")


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
    """500, or 503 when PostgreSQL or Redis is away: no context processor, no database; the page must come whatever is broken."""
    status = 503 if outage.is_outage(sys.exc_info()[1]) else 500
    content = loader.get_template(f"errors/{status}.html").render({"request_id": getattr(request, "request_id", "")})
    return HttpResponse(content, status=status, headers={"Retry-After": "30"} if status == 503 else None)
