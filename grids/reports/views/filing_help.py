"""What the filing page asks while it is being written: hints, addresses, drafts; and its shell for a phone without signal."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles import finders
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import Conflict

from ..actions import drafting
from ..forms.filing import FileForm
from ..models import Category
from ..queries.filing import places_like
from ..queries.filing_page import known_of


@require_POST
@login_required
def hints(request: HttpRequest) -> HttpResponse:
    """What is known from what was typed so far. Sent as a form, so that words about people stand in no address and no log."""
    require(request.actor, "reports.file")
    form = FileForm(request.POST, scope=request.actor.scope)
    return render(request, "reports/_hints.html", known_of(request.actor, form, request.POST) | {"fresh": True})


@require_safe
@login_required
def places(request: HttpRequest) -> HttpResponse:
    """Standard addresses where the reader may file: a list of choices for the form, or a page of its own."""
    require(request.actor, "reports.file")
    words = request.GET.get("address", "").strip()[:60]
    context = {"places": places_like(request.actor.scope, words), "words": words, "looked": bool(words)}
    return render(request, "reports/_places.html" if request.htmx else "reports/places.html", context)


@require_POST
@login_required
def draft(request: HttpRequest) -> HttpResponse:
    """Keep what was typed so far: by itself every few seconds, or by the button."""
    try:
        saved = drafting.save_draft(actor=request.actor, key=_key(request), given=request.POST)
    except Conflict as error:
        raise BadRequest(str(error)) from error
    if request.headers.get("Accept", "").startswith("application/json"):
        return HttpResponse(status=204 if saved is None else 201)
    if saved is None:
        messages.info(request, _("There is nothing to keep yet: write a sentence first."))
    else:
        messages.success(request, _("The draft is kept. Photos and the caller's contact are not part of it."))
    return redirect(reverse("reports:file") + (f"?draft={saved.key}" if saved else ""))


@require_POST
@login_required
def drop_draft(request: HttpRequest) -> HttpResponse:
    """Throw a draft away."""
    drafting.drop_draft(actor=request.actor, key=_key(request))
    messages.success(request, _("The draft is thrown away."))
    return redirect("reports:file")


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        raise BadRequest("a draft has a key") from None


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The filing page for a phone without signal: no person, no area, no token in it, so that a browser may keep it."""
    answer = render(request, "reports/offline.html", {"categories": Category.objects.filter(in_use=True)})
    answer["Cache-Control"] = "no-cache"
    return answer


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It lies below the filing page, so that it answers for that page and no other."""
    path = finders.find("js/filing-worker.js")
    if path is None:
        raise Http404
    answer = HttpResponse(Path(path).read_bytes(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer
