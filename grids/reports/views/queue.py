"""The queue: give me the next one, give it back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ..actions import claiming


@require_POST
@login_required
def take_next(request: HttpRequest) -> HttpResponse:
    """The most urgent report that needs the reader and that nobody works on."""
    row = claiming.take_next(actor=request.actor)  # type: ignore[attr-defined]
    if row is None:
        messages.info(request, _("Nothing is left for you that nobody else works on."))
        return redirect("reports:index")
    return redirect("reports:show", row.code)


@require_POST
@login_required
def release(request: HttpRequest) -> HttpResponse:
    """Give back what the reader took from the queue."""
    claiming.release_claims(actor=request.actor)  # type: ignore[attr-defined]
    return redirect("reports:index")
