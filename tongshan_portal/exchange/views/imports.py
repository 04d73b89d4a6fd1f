"""Pages of imports."""

import io

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import DomainError

from .. import queries
from ..actions import handing_back, imports
from ..blanks import blank_workbook
from ..enums import FileFormat, ImportState
from ..exporters import all_exporters
from ..forms import MappingForm, UploadForm
from ..importers import Importer, importer, importers_for
from ..mapping import apply_saved
from ..models import ImportRun
from . import download, own, says_why

VERBS = {
    "start": imports.start_import,
    "pause": imports.pause_import,
    "resume": imports.resume_import,
    "stop": imports.stop_import,
}


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """My imports and exports, and what I may import."""
    context = {
        "importers": importers_for(request.actor),
        "imports": queries.my_imports(request.actor),
        "exports": queries.my_exports(request.actor),
        "has_exporters": any(request.actor.scope.reaches_for(kind.action) for kind in all_exporters()),
    }
    return render(request, "exchange/index.html", context)


def _kind(name: str) -> Importer:
    try:
        return importer(name)
    except KeyError as error:
        raise Http404 from error


@login_required
@says_why
def new_import(request: HttpRequest, name: str) -> HttpResponse:
    """Upload a file."""
    kind = _kind(name)
    require(request.actor, kind.action)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*posted, request=request)
    if posted and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = imports.upload_import(actor=request.actor, kind=kind, file=file.file, name=file.name, size=file.size)
            return redirect("exchange:import", run_id=run.pk)
        except DomainError as error:
            form.add_error("file", str(error))
    return render(request, "exchange/new_import.html", {"kind": kind, "form": form}, status=422 if form.errors else 200)


@login_required
@says_why
@require_safe
def blank(request: HttpRequest, name: str) -> HttpResponse:
    """The empty workbook with headings, an example and a guide."""
    kind = _kind(name)
    require(request.actor, kind.action)
    return download(io.BytesIO(blank_workbook(kind)), FileFormat.XLSX, str(kind.label))


@login_required
@require_safe
def show_import(request: HttpRequest, run_id) -> HttpResponse:
    """One import: its columns to confirm, its progress, its result. With htmx only the part that changes."""
    run = own(ImportRun, request.actor.scope, run_id)
    card = queries.import_card(run)
    context = {"card": card, "run": run, "has_results": run.results.exists(), "list_url": importer(run.importer).list_url()}
    if request.htmx:
        return render(request, "exchange/_import_progress.html", context)
    if run.state in (ImportState.UPLOADED, ImportState.CHECKED) and run.file:
        context |= _confirmation(request, run)
    return render(request, "exchange/import.html", context)


def _confirmation(request: HttpRequest, run: ImportRun) -> dict:
    """What the form of the columns needs: the suggestion (or a saved choice) and the first rows."""
    saved = queries.saved_mappings(request.actor, importer(run.importer))
    chosen = next((entry for entry in saved if str(entry.pk) == request.GET.get("mapping")), None)
    mapping = apply_saved(chosen.headings, run.header) if chosen else run.mapping
    try:
        preview, problem = imports.preview(run), ""
    except DomainError as error:
        preview, problem = [], str(error)
    return {"lines": queries.mapping_lines(run, mapping), "preview": preview, "problem": problem, "saved": saved, "chosen": chosen}


@login_required
@require_POST
@says_why
def check_import(request: HttpRequest, run_id) -> HttpResponse:
    """Confirm the columns and have the file checked."""
    run = own(ImportRun, request.actor.scope, run_id)
    form = MappingForm(request.POST, names=[column.name for column in importer(run.importer).columns], width=len(run.header))
    if not form.is_valid():
        raise DomainError(_("The file has no such column."))
    if form.cleaned_data["save_as"].strip():
        imports.save_mapping(actor=request.actor, run_id=run_id, name=form.cleaned_data["save_as"], mapping=form.mapping())
    imports.check_import(actor=request.actor, run_id=run_id, mapping=form.mapping())
    return redirect("exchange:import", run_id=run_id)


@login_required
@require_POST
@says_why
def step_import(request: HttpRequest, run_id, verb: str) -> HttpResponse:
    """A button: start, pause, continue, stop."""
    own(ImportRun, request.actor.scope, run_id)
    VERBS[verb](actor=request.actor, run_id=run_id)
    return redirect("exchange:import", run_id=run_id)


@login_required
@require_safe
@says_why
def import_bad_rows(request: HttpRequest, run_id) -> HttpResponse:
    """The rows that were not taken, with the reasons."""
    run = own(ImportRun, request.actor.scope, run_id)
    file, form = handing_back.hand_back_bad_rows(actor=request.actor, run_id=run_id)
    return download(file, form, _("to correct - %(file)s") % {"file": run.file_name.rsplit(".", 1)[0]})


@login_required
@require_POST
@says_why
def import_results(request: HttpRequest, run_id) -> HttpResponse:
    """The result file, once."""
    run = own(ImportRun, request.actor.scope, run_id)
    file, form = handing_back.hand_over_results(actor=request.actor, run_id=run_id)
    return download(file, form, str(importer(run.importer).results_label or _("Results")))
