"""Pages of households, places, facilities and organisations, and of their corrections."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.public import record
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page

from . import queries
from .actions import correcting as corrections
from .actions import recording
from .enums import CorrectionState
from .filters import FILTERS
from .forms import FORMS, RejectForm, correcting
from .models import KINDS, Correction


def _kind(word: str) -> str:
    if word not in KINDS:
        raise Http404
    return word


def _row_or_404(request: HttpRequest, kind: str, pk: int) -> Any:
    return get_object_or_404(queries.rows_for(request.actor, _kind(kind)).select_related("collected_by"), pk=pk)


@require_safe
@login_required
def element_list(request: HttpRequest, kind: str) -> HttpResponse:
    """The elements of a kind in my areas, newest first."""
    require(request.actor, queries.VIEW[_kind(kind)])
    found = FILTERS[kind](request.GET, queries.rows_for(request.actor, kind))
    rows = found.qs if found.is_valid() else found.queryset.none()
    page = lists.page_of(request, rows, order=("-id",))
    context = {
        "kind": kind,
        "title": queries.LABELS[kind],
        "kinds": [(word, label) for word, label in queries.LABELS.items() if request.actor.scope.reaches_for(queries.VIEW[word])],
        "filter": found,
        "page": page,
        "lines": queries.lines_of(kind, page.rows),
        "count": lists.count_of(rows),
        "may_record": can(request.actor, recording.RECORD[kind]),
        "may_export": kind == "household" and can(request.actor, "households.export"),
        "query": request.GET.urlencode(),
    }
    return render(request, "elements/list.html", context)


@require_safe
@login_required
def element(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One element. Who sees a household is written to the ledger before the page is shown."""
    row = _row_or_404(request, kind, pk)
    if kind == "household":
        record(actor=request.actor, verb="household.seen", row=row)
    page = queries.element_page(request.actor, kind, row)
    return render(request, "elements/element.html", {"page": page, "title": queries.LABELS[kind]})


@require_http_methods(["GET", "POST"])
@login_required
def record_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Record an element by hand."""
    require(request.actor, recording.RECORD[_kind(kind)])

    def call(data: dict[str, Any]) -> str:
        area_code = data.pop("area")
        row = recording.record_element(actor=request.actor, element=kind, area_code=area_code, **data)
        return reverse("elements:element", args=[kind, row.pk])

    own = request.actor.scope.areas_for(recording.RECORD[kind])
    form = FORMS[kind](request.POST or None, initial={"area": own[0] if len(own) == 1 and len(own[0]) >= 15 else ""})
    titles = {
        "household": _("New household"),
        "place": _("New place"),
        "facility": _("New facility"),
        "organisation": _("New organisation"),
    }
    return form_page(request, form, call, title=titles[kind], verb=_("Record"), back=reverse("elements:list", args=[kind]))


@require_http_methods(["GET", "POST"])
@login_required
def correct(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Propose a correction: the form shows what is held already, and since when."""
    row = _row_or_404(request, kind, pk)
    require(request.actor, recording.RECORD[kind], row)
    back = reverse("elements:element", args=[kind, pk])

    def call(data: dict[str, Any]) -> str:
        reason = data.pop("reason")
        corrections.propose_correction(actor=request.actor, kind=kind, element_id=pk, given=data, reason=reason)
        messages.success(request, _("Proposed. It changes when somebody else has confirmed it."))
        return back

    held = {name: getattr(row, name, "") for name in ("name", "kind", "size", "needs", "needs_agreed_on", "sensor_id", "credit_code")}
    held |= {"area": row.area_code, "address": row.address.text if row.address else ""}
    form = correcting(kind)(request.POST or None, initial=held)
    for name in ("contact", "phone"):
        if name in form.fields and getattr(row, name):
            form.fields[name].widget.attrs["placeholder"] = _("%(masked)s – leave empty to keep it") % {"masked": getattr(row, name).masked}
    return form_page(
        request,
        form,
        call,
        template="elements/correct.html",
        title=_("Correct %(element)s") % {"element": row},
        verb=_("Propose"),
        back=back,
        row=row,
    )


@require_safe
@login_required
def correction_list(request: HttpRequest) -> HttpResponse:
    """Corrections that wait for a decision in my areas, then those that were decided."""
    require(request.actor, "corrections.view")
    rows = Correction.objects.visible_to(request.actor.scope).select_related("proposed_by", "decided_by")
    waiting = queries.proposals(request.actor, rows.filter(state=CorrectionState.PROPOSED).order_by("id")[: lists.PAGE])
    decided = rows.exclude(state=CorrectionState.PROPOSED).order_by("-decided_at", "-id")[:20]
    return render(request, "elements/corrections.html", {"waiting": waiting, "decided": decided})


@require_http_methods(["GET", "POST"])
@login_required
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject a correction, with the reason."""
    row = get_object_or_404(Correction.objects.visible_to(request.actor.scope), pk=pk)
    require(request.actor, "corrections.decide", row)

    def call(data: dict[str, Any]) -> str:
        corrections.decide_correction(actor=request.actor, correction_id=pk, verb="reject", reason=data["reason"])
        return reverse("elements:corrections")

    title = _("Reject the correction of %(element)s") % {"element": row}
    return form_page(request, RejectForm(request.POST or None), call, title=title, verb=_("Reject"), back=reverse("elements:corrections"))


@require_POST
@login_required
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a correction; the element changes."""
    row = get_object_or_404(Correction.objects.visible_to(request.actor.scope), pk=pk)
    try:
        corrections.decide_correction(actor=request.actor, correction_id=row.pk, verb="confirm")
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("elements:corrections")


@require_safe
@login_required
def first(request: HttpRequest) -> HttpResponse:
    """The first list that I may see."""
    for kind, action in queries.VIEW.items():
        if request.actor.scope.reaches_for(action):
            return redirect("elements:list", kind)
    require(request.actor, "elements.view")
    raise Http404
