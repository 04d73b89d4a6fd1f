"""A wave, and one deed for many of its alerts: what was ticked, one form, and what came of each."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from ..actions.in_bulk import MOST, Ticked, do_in_bulk
from ..forms.desk import BULK_ACTION, TRANSITIONS, BulkForm, bulk_choices, label_of
from ..queries.waves import ticked_lines, wave_page
from .finding import row_or_404


@require_GET
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
    """The form of a verb for all ticked alerts; when it is sent, what came of each."""
    given = request.POST if request.method == "POST" else request.GET
    verb = given.get("verb", "")
    if verb not in TRANSITIONS:
        raise Http404
    actor, transition = request.actor, TRANSITIONS[verb]  # type: ignore[attr-defined]
    require(actor, BULK_ACTION)
    require(actor, transition.action)
    ticked = _ticked(given.getlist("row"))
    rows = ticked_lines(actor, [one.code for one in ticked], clock.now())
    codes = [line.row.area_code for line, _read in rows]
    form = BulkForm(request.POST if request.method == "POST" else None, transition=transition, area_codes=codes)
    outcomes, status = [], 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            outcomes, status = do_in_bulk(actor=actor, verb=verb, ticked=ticked, data=form.cleaned_data), 200
        except DomainError as error:
            form.refuse(error)
    onward = given.get("back", "")
    safe = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    context = {
        "title": _("%(verb)s: several at once") % {"verb": label_of(verb)},
        "verb": verb,
        "label": label_of(verb),
        "form": form,
        "outcomes": outcomes,
        "done": sum(one.done for one in outcomes),
        "rows": [] if outcomes else rows,
        "back": onward if safe else reverse("alerts:index"),
    }
    return render(request, "alerts/bulk.html", context, status=status)
