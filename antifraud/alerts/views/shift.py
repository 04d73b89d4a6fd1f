"""The change of shifts: what stands open now, writing it down, taking it over, and what was handed over before."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.areas.names import name_of
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.ui.form_pages import form_page

from ..actions.shifts import take_over, write_handover
from ..enums import ShiftState
from ..forms.desk import HandoverForm
from ..models import Handover
from ..queries import shift


def _area(request: HttpRequest) -> str:
    """The desk that is meant: the one asked for, else the reader's first."""
    require(request.actor, "alerts.shift")  # type: ignore[attr-defined]
    area = request.GET.get("area", "") or shift.desks_of(request.actor)[0]  # type: ignore[attr-defined]
    require(request.actor, "alerts.shift", Place(area))  # type: ignore[attr-defined]
    return area


@require_http_methods(["GET", "POST"])
@login_required
def handovers(request: HttpRequest) -> HttpResponse:
    """What stands open at the desk now, the form that signs it, what waits to be taken over, and the history."""
    actor, area, now = request.actor, _area(request), clock.now()  # type: ignore[attr-defined]

    def call(data: dict[str, Any]) -> str:
        row = write_handover(actor=actor, area_code=area, note=data["note"])
        messages.success(request, _("The hand-over is written and signed by you. It waits to be taken over."))
        return reverse("alerts:handover", args=[row.pk])

    history = shift.handovers_of(actor, area)
    waiting = next((row for row in history if row.state == ShiftState.DRAFTED), None)
    since = shift.since_when(area, now)
    brief = shift.brief_of(actor, area, since, now)
    mine = waiting is not None and waiting.left_by_id == actor.user_id
    form = HandoverForm(request.POST if request.method == "POST" else None, initial={"note": waiting.note if waiting and mine else ""})
    context = {
        "area": area, "area_name": name_of(area), "desks": [(code, name_of(code)) for code in shift.desks_of(actor)],
        "since": since, "now": now,
        "brief": brief, "sections": shift.sections_of(actor, brief, now), "waiting": waiting, "mine": mine, "history": history,
        "may_take": False,
    }  # fmt: skip
    return form_page(request, form, call, "alerts/handovers.html", **context)


def _row_or_404(request: HttpRequest, pk: int) -> Handover:
    rows = Handover.objects.visible_to(request.actor.scope).select_related("left_by", "taken_by")  # type: ignore[attr-defined]
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@require_safe
@login_required
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """One hand-over as it was written, for the screen and for A4."""
    row, actor = _row_or_404(request, pk), request.actor  # type: ignore[attr-defined]
    may_take = row.state == ShiftState.DRAFTED and row.left_by_id != actor.user_id
    context = {
        "row": row, "area_name": name_of(row.area_code), "brief": row.brief, "may_take": may_take,
        "sections": shift.sections_of(actor, row.brief, row.written_at), "mine": row.left_by_id == actor.user_id,
    }  # fmt: skip
    return render(request, "alerts/handover.html", context)


@require_POST
@login_required
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign for what another leaves."""
    row = _row_or_404(request, pk)
    take_over(actor=request.actor, handover_id=row.pk)  # type: ignore[attr-defined]
    messages.success(request, _("You have taken over the desk."))
    return redirect("alerts:handover", pk=row.pk)
