"""Pages of the audit."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.public import changes_of

from . import queries
from .actions import reveal
from .forms import LedgerFilter, RevealForm
from .revealable import Revealable, revealable


@require_safe
@login_required
@never_cache
def ledger(request: HttpRequest) -> HttpResponse:
    """The ledger, newest first, fifty to a page."""
    require(request.actor, "ledger.view")
    form = LedgerFilter(request.GET)
    page = queries.page_of(form.apply(queries.entries_for(request.actor)), request.GET.get("before", ""))
    return render(request, "audit/ledger.html", {"form": form, "page": page, "may_export": can(request.actor, "ledger.export")})


@require_safe
@login_required
@never_cache
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: the sentence, before and after, and whether it still fits its neighbours."""
    require(request.actor, "ledger.view")
    found = get_object_or_404(queries.entries_for(request.actor), pk=pk)
    return render(request, "audit/entry.html", {"entry": found, "changes": changes_of(found), "faults": queries.faults_around(found)})


@require_safe
@login_required
@never_cache
def chain(request: HttpRequest) -> HttpResponse:
    """The state of the chain: rows, checks, checkpoints, archives."""
    require(request.actor, "ledger.view")
    return render(request, "audit/chain.html", {"state": queries.chain_state()})


@require_safe
@login_required
@never_cache
def reveals(request: HttpRequest) -> HttpResponse:
    """Who opened sealed fields in my area, and why."""
    require(request.actor, "reveals.view")
    page = queries.page_of(queries.reveals_for(request.actor), request.GET.get("before", ""))
    return render(request, "audit/reveals.html", {"page": page})


def _sealed_row(request: HttpRequest, model: str, pk: str, field: str) -> tuple[Revealable, object]:
    try:
        item = revealable(model.lower(), field)
        return item, get_object_or_404(item.rows(request.actor.scope), pk=pk)
    except (LookupError, ValueError, ValidationError):
        raise Http404 from None


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def reveal_field(request: HttpRequest, model: str, pk: str, field: str) -> HttpResponse:
    """Asks for the reason; with one, shows the text once. Nothing of it may stay in a cache."""
    item, row = _sealed_row(request, model, pk, field)
    require(request.actor, item.action, row)
    form, text = RevealForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        try:
            text = reveal(actor=request.actor, row=row, field=field, reason=form.cleaned_data["reason"])
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    template = "audit/_reveal.html" if request.htmx else "audit/reveal.html"
    context = {"form": form, "row": row, "label": item.label, "masked": getattr(row, field), "text": text}
    return render(request, template, context, status=200 if text is not None or request.method == "GET" else 422)
