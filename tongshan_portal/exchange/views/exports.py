"""Pages of exports."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel.errors import DomainError

from .. import queries
from ..actions import exports
from ..conf import limit
from ..exporters import exporter
from ..exporting import ExportOrder
from ..forms import ExportForm
from ..models import ExportRun
from . import download, own, says_why

VERBS = {"resume": exports.resume_export, "stop": exports.stop_export}


@login_required
@says_why
def new_export(request: HttpRequest, name: str) -> HttpResponse:
    """Take a list away: how many rows, in which form. A small one comes at once, a large one is written by a worker."""
    try:
        kind = exporter(name)
    except KeyError as error:
        raise Http404 from error
    filters = QueryDict(request.GET.urlencode(), mutable=True)
    filters.pop("page", None)
    form = ExportForm(request.POST or None)
    order = ExportOrder(kind, filters, "csv")
    if request.method == "POST" and form.is_valid():
        order = ExportOrder(kind, filters, form.cleaned_data["format"], form.cleaned_data["plain"], form.cleaned_data["reason"].strip())
    exports.require_right(request.actor, order)
    try:
        rows = queries.count_rows(request.actor, kind, filters)
        if request.method == "POST" and form.is_valid():
            return _export(request, order, rows)
    except DomainError as error:
        rows = 0
        form.add_error(error.field if error.field in form.fields else None, str(error)) if form.is_bound else form
    may_reveal = kind.has_sealed and kind.reveal_action is not None and bool(can(request.actor, kind.reveal_action))
    context = {"kind": kind, "form": form, "rows": rows, "large": rows > limit("DIRECT_EXPORT_ROWS"), "may_reveal": may_reveal}
    return render(request, "exchange/new_export.html", context, status=422 if form.errors else 200)


def _export(request: HttpRequest, order: ExportOrder, rows: int) -> HttpResponse:
    if rows > limit("DIRECT_EXPORT_ROWS"):
        run = exports.order_export(actor=request.actor, order=order, expected_rows=rows)
        return redirect("exchange:export", run_id=run.pk)
    file, _rows = exports.export_now(actor=request.actor, order=order)
    return download(file, order.format, str(order.exporter.label))


@login_required
@require_safe
def show_export(request: HttpRequest, run_id) -> HttpResponse:
    """One export: its progress, and the file."""
    run = own(ExportRun, request.actor.scope, run_id)
    template = "exchange/_export_progress.html" if request.htmx else "exchange/export.html"
    return render(request, template, {"card": queries.export_card(run), "run": run})


@login_required
@require_POST
@says_why
def step_export(request: HttpRequest, run_id, verb: str) -> HttpResponse:
    """A button: try again, stop."""
    own(ExportRun, request.actor.scope, run_id)
    VERBS[verb](actor=request.actor, run_id=run_id)
    return redirect("exchange:export", run_id=run_id)


@login_required
@require_safe
@says_why
def export_file(request: HttpRequest, run_id) -> HttpResponse:
    """The finished file, for its owner."""
    own(ExportRun, request.actor.scope, run_id)
    run = exports.fetch_export(actor=request.actor, run_id=run_id)
    return download(run.file.open("rb"), run.format, str(exporter(run.exporter).label))
