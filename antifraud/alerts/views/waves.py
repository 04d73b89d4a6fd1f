"""A wave, and one deed for many of its alerts: what was ticked, one form, and what came of each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.ui.in_bulk import bulk_page, given_in, ticked_in
from tongshan_portal.workflow.in_bulk import Outcome

from ..actions.in_bulk import do_in_bulk
from ..forms.desk import BULK_ACTION, TRANSITIONS, BulkForm, bulk_choices, label_of
from ..queries.waves import ticked_lines, wave_page
from .finding import row_or_404


@require_safe
@login_required
def wave(request: HttpRequest, code: str) -> HttpResponse:
    """The wave in which an alert stands."""
    row = row_or_404(request, code)
    page = wave_page(request.actor, row, clock.now())  # type: ignore[attr-defined]
    context = {
        "page": page,
        "wave": page.wave,
        "lines": [line for line, _read in page.lines],
        "unopened": {line.row.pk for line, read in page.lines if not read},
        "names_sender": False,
        "deeds": bulk_choices(request.actor),  # type: ignore[attr-defined]
    }
    return render(request, "alerts/wave.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def in_bulk(request: HttpRequest) -> HttpResponse:
    """The form of a verb for all ticked alerts; when it is sent, what came of each."""
    verb = given_in(request).get("verb", "")
    if verb not in TRANSITIONS:
        raise Http404
    actor, transition = request.actor, TRANSITIONS[verb]  # type: ignore[attr-defined]
    require(actor, BULK_ACTION)
    require(actor, transition.action)
    ticked = ticked_in(request)
    rows = ticked_lines(actor, [one.code for one in ticked], clock.now())
    codes = [line.row.area_code for line, _read in rows]
    form = BulkForm(request.POST if request.method == "POST" else None, transition=transition, area_codes=codes)

    def call(data: dict[str, Any]) -> list[Outcome]:
        return do_in_bulk(actor=actor, verb=verb, ticked=ticked, data=data)

    return bulk_page(request, form, call, "alerts", verb=verb, label=label_of(verb), rows=lambda: rows)
