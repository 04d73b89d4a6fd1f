"""The page of one deed for many rows: what was ticked, one form, and what came of each."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.in_bulk import MOST, Outcome, Ticked

from .forms import ActionForm


def given_in(request: HttpRequest) -> Any:
    """What the list, or the page itself, sent."""
    return request.POST if request.method == "POST" else request.GET


def ticked_in(request: HttpRequest) -> list[Ticked]:
    """`CODE` or `CODE@moment`, as the pages send them; what cannot be read is left out."""
    found = []
    for value in given_in(request).getlist("row")[: MOST + 1]:
        code, _at, moment = value.partition("@")
        try:
            found.append(Ticked(code.upper(), parse_datetime(moment) if moment else None))
        except ValueError:
            continue
    return found


def bulk_page(
    request: HttpRequest,
    form: ActionForm,
    call: Callable[[dict[str, Any]], Sequence[Outcome]],
    app: str,
    *,
    verb: str,
    label: str | Promise,
    rows: Callable[[], Iterable[Any]],
) -> HttpResponse:
    """Show the form of a verb for all ticked rows; when it is sent, do it, and show what came of each.

    `call` gets the cleaned data; `rows` answers the ticked lines, each with whether it was read, where the form is shown. The app has
    the pages `index` and `show`, and a template `bulk.html` that extends `layouts/in_bulk.html`.
    """
    outcomes: Sequence[Outcome] = []
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            outcomes, status = call(form.cleaned_data), 200
        except DomainError as error:
            form.refuse(error)
    onward = given_in(request).get("back", "")
    safe = onward.startswith("/") and url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    context = {
        "title": _("%(verb)s: several at once") % {"verb": label},
        "verb": verb,
        "label": label,
        "form": form,
        "outcomes": outcomes,
        "done": sum(one.done for one in outcomes),
        "rows": [] if outcomes else rows(),
        "show": f"{app}:show",
        "back": onward if safe else reverse(f"{app}:index"),
    }
    return render(request, f"{app}/bulk.html", context, status=status)
