"""The worklist: what needs me now first."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongshan_portal.kernel import clock
from tongshan_portal.ui import lists

from .. import queries
from ..enums import DONE_STATES, LIVING
from ..filters import ReportFilter
from ..models import Report

VIEWS = {"now": _("Needs me now"), "living": _("Not closed"), "mine": _("Filed by me"), "closed": _("Closed"), "all": _("All")}
ORDER = ("-filed_at", "-id")


def _chosen(request: HttpRequest, view: str) -> tuple[Any, tuple[str, ...]]:
    """The rows of a tab and their order: what needs me by due time, everything else the newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Report.objects.visible_to(actor.scope)
    if view == "now":
        return queries.needs_me(actor).filter(due_at__isnull=False), ("due_at", "id")
    if view == "living":
        return rows.filter(state__in=LIVING), ORDER
    if view == "mine":
        return rows.filter(filed_by_id=actor.user_id), ORDER
    if view == "closed":
        return rows.filter(state__in=DONE_STATES), ORDER
    return rows, ORDER


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The worklist: what needs me now first."""
    view = request.GET.get("view", "now")
    if view not in VIEWS:
        raise Http404
    rows, order = _chosen(request, view)
    found = ReportFilter(request.GET, rows, request=request)
    rows = found.qs if found.is_valid() else found.queryset.none()
    try:
        page = lists.page_of(request, rows.select_related("category", "department"), order=order)
    except lists.WrongCursor as error:
        raise BadRequest(str(error)) from error
    context = {
        "views": VIEWS,
        "view": view,
        "filter": found,
        "page": page,
        "lines": queries.lines_of(page.rows, clock.now()),
        "count": lists.count_of(rows),
        "may_file": request.actor.scope.reaches_for("reports.file"),
    }
    return render(request, "reports/index.html", context)
