"""One deed for many reports: the rows that were ticked, one form, and what came of each."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from .. import queries
from ..actions.in_bulk import MOST, Ticked, do_in_bulk
from ..forms.desk import TRANSITIONS, BulkForm


def _ticked(values: list[str]) -> list[Ticked]:
    """`CODE` or `CODE@moment`, as the pages send them; what cannot be read is left out."""
    found = []
    for value in values[: MOST + 1]:
        code, _at, moment = value.partition("@")
        try:
            found.append(Ticked(code.upper(), parse_datetime(moment) if moment else None))
        except ValueError:
            continue
    return found


@require_http_methods(["GET", "POST"])
@login_required
def in_bulk(request: HttpRequest) -> HttpResponse:
    """The form of a verb for all ticked rows; when it is sent, what came of each row."""
    given = request.POST if request.method == "POST" else request.GET
    verb = given.get("verb", "")
    if verb not in TRANSITIONS:
        raise Http404
    actor, transition = request.actor, TRANSITIONS[verb]  # type: ignore[attr-defined]
    require(actor, transition.action)
    ticked = _ticked(given.getlist("row"))
    form = BulkForm(request.POST if request.method == "POST" else None, transition=transition)
    outcomes, status = [], 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            outcomes, status = do_in_bulk(actor=actor, verb=verb, ticked=ticked, data=form.cleaned_data), 200
        except DomainError as error:
            form.refuse(error)
    onward = given.get("back", "")
    safe = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    context = {
        "title": _("%(verb)s: several at once") % {"verb": transition.label},
        "verb": verb,
        "label": transition.label,
        "form": form,
        "outcomes": outcomes,
        "done": sum(one.done for one in outcomes),
        "rows": [] if outcomes else queries.ticked_lines(actor, [one.code for one in ticked], clock.now()),
        "back": onward if safe else reverse("reports:index"),
    }
    return render(request, "reports/bulk.html", context, status=status)
