"""Notices: the bell, the page, an announcement to a desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel.errors import DomainError

from . import actions, queries
from .forms import AnnouncementForm


@login_required
@require_safe
def notices(request):
    """My notices, newest first."""
    before = request.GET.get("before", "")
    page = queries.page_of(request.user.pk, before=int(before) if before.isascii() and before.isdigit() else None)
    template = "live/_notices.html" if request.htmx and not request.htmx.boosted else "live/notices.html"
    return render(request, template, {"page": page, "may_announce": can(request.actor, "notices.announce")})


@login_required
@require_safe
def bell(request):
    """The bell alone, for a page whose stream said that there is something."""
    return render(request, "live/bell.html")


@login_required
@require_POST
def read(request, delivery_id: int):
    """Read one and go where it leads."""
    link = actions.mark_read(actor=request.actor, delivery_id=delivery_id)
    if link is None:
        raise Http404
    return redirect(link or "notices")


@login_required
@require_POST
def read_all(request):
    """Read all that were on the page."""
    until = request.POST.get("until", "")
    if until.isascii() and until.isdigit():
        actions.mark_all_read(actor=request.actor, until=int(until))
    return redirect("notices")


@login_required
@require_http_methods(["GET", "POST"])
def announce(request):
    """Tell a desk something."""
    decision = can(request.actor, "notices.announce")
    if not decision:
        raise PermissionDenied(str(decision.reason))
    form = AnnouncementForm(request.POST or None, scope=request.actor.scope)
    if form.is_valid():
        given = form.cleaned_data
        try:
            count = actions.announce(
                actor=request.actor, role=given["role"], area_code=given["area"].code, text=given["text"], days=given["days"]
            )
        except DomainError as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, ngettext("Told %(count)d person.", "Told %(count)d people.", count) % {"count": count})
            return redirect("notices")
    return render(request, "live/announce.html", {"form": form}, status=422 if form.is_bound else 200)
