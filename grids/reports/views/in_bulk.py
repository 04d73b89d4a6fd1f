"""One deed for many reports: the rows that were ticked, one form, and what came of each."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.ui.in_bulk import bulk_page, given_in, ticked_in
from tongshan_portal.workflow.in_bulk import Outcome

from .. import queries
from ..actions.in_bulk import do_in_bulk
from ..forms.desk import TRANSITIONS, BulkForm


@require_http_methods(["GET", "POST"])
@login_required
def in_bulk(request: HttpRequest) -> HttpResponse:
    """The form of a verb for all ticked rows; when it is sent, what came of each row."""
    verb = given_in(request).get("verb", "")
    if verb not in TRANSITIONS:
        raise Http404
    actor, transition = request.actor, TRANSITIONS[verb]  # type: ignore[attr-defined]
    require(actor, transition.action)
    ticked = ticked_in(request)
    form = BulkForm(request.POST if request.method == "POST" else None, transition=transition)

    def call(data: dict[str, Any]) -> list[Outcome]:
        return do_in_bulk(actor=actor, verb=verb, ticked=ticked, data=data)

    def rows() -> list[Any]:
        return queries.ticked_lines(actor, [one.code for one in ticked], clock.now())

    return bulk_page(request, form, call, "reports", verb=verb, label=transition.label, rows=rows)
