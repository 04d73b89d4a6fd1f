"""Pages of the import of boundaries: bring a file, say what it is, look at what was found, write the level."""

import csv
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.net import context
from tongshan_portal.accounts.policy import require
from tongshan_portal.exchange.long_work import neutral
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ui.form_pages import form_page

from . import actions, queries
from .forms import SYSTEMS, ChoiceForm, FileForm, StartForm
from .models import BoundaryImport
from .workflow import STEPS, WAITING


def _own(request: HttpRequest, run_id: UUID) -> BoundaryImport:
    require(request.actor, actions.ACTION)  # type: ignore[attr-defined]
    run = BoundaryImport.objects.visible_to(request.actor.scope).filter(pk=run_id).first()  # type: ignore[attr-defined]
    if run is None:
        raise Http404
    return run


def _address(run: BoundaryImport) -> str:
    return reverse("boundaries:show", kwargs={"run_id": run.pk})


@login_required
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """My files, and the form for another."""
    require(request.actor, actions.ACTION)

    def call(data: dict) -> str:
        file = data["file"]
        return _address(actions.upload_boundaries(actor=request.actor, file=file.file, name=file.name, size=file.size))

    form = FileForm(request.POST, request.FILES, request=request) if request.method == "POST" else FileForm()
    return form_page(request, form, call, "boundaries/index.html", runs=queries.my_imports(request.actor))


@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One file: what it is, what would happen, what was found, what became of it. With htmx only the part that changes."""
    run = _own(request, run_id)
    given = {"run": run, "card": queries.card_of(run), "start_form": StartForm(), "may_stop": run.state not in STEPS.final}
    if request.htmx:
        answer = render(request, "boundaries/_state.html", given)
        if not given["card"]["is_working"]:
            answer["HX-Refresh"] = "true"  # the map and the form belong to the finished state
        return answer
    return _page(request, run, given)


def _page(request: HttpRequest, run: BoundaryImport, given: dict, form: ChoiceForm | None = None) -> HttpResponse:
    if run.state in WAITING:
        saved = queries.saved_choices(request.actor)  # type: ignore[attr-defined]
        chosen = next((one for one in saved if str(one.pk) == request.GET.get("saved")), None)
        initial = queries.suggested(run) | (chosen.headings if chosen else {})
        form = form or (ChoiceForm(request.POST, run=run) if request.method == "POST" else ChoiceForm(initial=initial, run=run))
        given |= {"saved": saved, "systems": SYSTEMS}
    if run.sketch:
        sketch = reverse("boundaries:sketch", kwargs={"run_id": run.pk})
        given["map"] = context.map_settings(at=settings.DISTRICT_CODE, level="", measure="", points=[], mark=None, sketch=sketch)
    if form is None:
        return render(request, "boundaries/show.html", given)

    def call(data: dict) -> str:
        if data["save_as"].strip():
            actions.save_choice(actor=request.actor, name=data["save_as"], choice=form.choice())  # type: ignore[attr-defined]
        actions.check_boundaries(actor=request.actor, run_id=run.pk, choice=form.choice())  # type: ignore[attr-defined]
        return _address(run)

    return form_page(request, form, call, "boundaries/show.html", **given)


@login_required
@require_POST
def start(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Write the level."""
    run = _own(request, run_id)
    form = StartForm(request.POST)
    form.is_valid()
    return _do(request, run, lambda: actions.start_boundaries(actor=request.actor, run_id=run.pk, accept=form.cleaned_data["accept"]))


@login_required
@require_POST
def stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """End for good."""
    run = _own(request, run_id)
    return _do(request, run, lambda: actions.stop_boundaries(actor=request.actor, run_id=run.pk))


def _do(request: HttpRequest, run: BoundaryImport, call) -> HttpResponse:
    """Do the step; what refuses it is said on the page of the file."""
    try:
        call()
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(_address(run))


@login_required
@require_safe
def sketch(request: HttpRequest, run_id: UUID) -> JsonResponse:
    """The shapes of the file, coarse, and the places of what was found."""
    run = _own(request, run_id)
    places = [
        {
            "type": "Feature",
            "properties": {"words": one["words"], "severe": severe},
            "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
        }
        for severe, rows in ((True, run.refusals), (False, run.findings))
        for one in rows[: queries.SHOWN]
        if "lon" in one
    ]
    return JsonResponse({"shapes": run.sketch or None, "places": {"type": "FeatureCollection", "features": places}})


@login_required
@require_safe
def findings(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Everything that was found, as a table to work through."""
    run = _own(request, run_id)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="findings.csv"'
    answer["Cache-Control"] = "no-store, private"
    rows = csv.writer(answer)
    rows.writerow([_("feature"), _("area code"), _("kind"), _("what was found"), _("longitude"), _("latitude")])
    for kind, found in ((_("refused"), run.refusals), (_("finding"), run.findings)):
        for one in found:
            rows.writerow([one["row"] or "", one["code"], kind, neutral(one["words"]), one.get("lon", ""), one.get("lat", "")])
    return answer
