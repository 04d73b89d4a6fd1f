"""What the pages of steps say before and after one: that it is not possible any more, or that it is done, and where one goes on."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from tongshan_portal.workflow.transitions import Transition


def too_late(request: HttpRequest, row: Any, back: str) -> HttpResponse:
    """The answer where a verb does not lead out of the row's state: back to the row, with what stands there now."""
    words = _("“%(state)s”: somebody was faster, or this is not possible any more.")
    messages.error(request, words % {"state": row.get_state_display()})
    return redirect(back)


def after_step(request: HttpRequest, row: Any, transition: Transition, app: str) -> str:
    """Say that it is done; answers the address of the row, or of the app's list where the actor does not see it any more."""
    messages.success(request, _("Done: %(verb)s.") % {"verb": transition.label})
    seen = type(row).objects.visible_to(request.actor.scope).filter(pk=row.pk).exists()  # type: ignore[attr-defined]
    return reverse(f"{app}:show", args=[row.code]) if seen else reverse(f"{app}:index")
