"""The worklist: what needs me now first; as a list, on the map, with the columns one chose."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from grids.net.context import map_settings
from grids.net.queries import home_area
from grids.net.registry import POINTS
from tongshan_portal.ui import lists

from .. import presence, queries
from ..forms.desk import bulk_choices
from ..models import SavedView
from ..queries.listing import VIEWS, Listing, UnknownView, listing, steady

COLUMNS = {
    "state": _("State"),
    "due": _("Due"),
    "area": _("Area"),
    "desk": _("Desk"),
    "lead": _("Lead"),
    "category": _("Category"),
    "urgency": _("Urgency"),
    "source": _("Source"),
    "filed": _("Filed at"),
}
SHOWN = ("state", "due", "area", "desk", "filed")
COLUMNS_COOKIE = "report_columns"
YEAR = 365 * 24 * 3600
AFTER_MORE = ("only", "department", "source", "filed_from", "filed_to")
"""Filters that are folded away until one asks for them."""


def _listing(request: HttpRequest) -> Listing:
    try:
        return listing(request.actor, request.GET)  # type: ignore[attr-defined]
    except UnknownView as error:
        raise Http404 from error


def _columns(request: HttpRequest) -> list[str]:
    chosen = request.COOKIES.get(COLUMNS_COOKIE, " ".join(SHOWN)).split(" ")
    return [name for name in COLUMNS if name in chosen]


def _chips(found: Listing, query: QueryDict) -> list[tuple[Any, str, str]]:
    """(label, value in words, address without it) of every filter that is set."""
    address, form = reverse("reports:index"), found.filter.form
    return [
        (field.label, _words(form, name), f"{address}?{steady(query, name)}")
        for name, field in form.fields.items()
        if query.get(name) and name not in form.errors
    ]


def _words(form: Any, name: str) -> str:
    value = form.cleaned_data.get(name)
    choices = getattr(form.fields[name], "choices", None)
    if isinstance(value, str) and choices is not None:
        return str(dict(choices).get(value, value))
    return queries.area_words(value) if name == "area" else str(value)


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The worklist: what needs me now first."""
    actor = request.actor  # type: ignore[attr-defined]
    saved = list(SavedView.objects.filter(user_id=actor.user_id))
    if set(request.GET) == {"saved"}:
        chosen = next((one for one in saved if str(one.pk) == request.GET["saved"]), None)
        if chosen is None:
            raise Http404
        return redirect(f"{reverse('reports:index')}?{chosen.query}&saved={chosen.pk}")
    found = _listing(request)
    parts = [part.select_related("category", "department", "lead", "claimed_by") for part in found.parts]
    page = lists.page_of(request, parts, order=found.order)
    everything, numbers = queries.group_numbers(actor, found.now) if found.view == "now" else (None, [])
    columns, query = _columns(request), steady(request.GET)
    watchers = presence.watchers((row.pk for row in page.rows), but=actor.user_id)
    context = {
        "views": VIEWS,
        "view": found.view,
        "group": found.group,
        "everything": everything,
        "numbers": numbers,
        "saved": saved,
        "saved_now": request.GET.get("saved", ""),
        "filter": found.filter,
        "more_open": any(request.GET.get(name) for name in AFTER_MORE),
        "after_more": AFTER_MORE,
        "chips": _chips(found, request.GET),
        "page": page,
        "lines": queries.lines_of(page.rows, found.now, reader_id=actor.user_id, watchers=watchers),
        "count": lists.count_on(page) if request.GET.get("q") else lists.count_of(found.parts),
        "definition": found.definition,
        "query": query,
        "reset": f"view={found.view}" + (f"&group={found.group.name}" if found.group else ""),
        "columns": columns,
        "all_columns": COLUMNS,
        "deeds": bulk_choices(actor),
        "may_file": actor.scope.reaches_for("reports.file"),
        "may_export": actor.scope.reaches_for("reports.export"),
        "may_take": found.view == "now" and bool(everything and everything.number),
    }
    return render(request, "reports/index.html", context)


@require_POST
@login_required
def columns(request: HttpRequest) -> HttpResponse:
    """Remember which columns the reader wants to see."""
    chosen = [name for name in COLUMNS if name in request.POST.getlist("column")]
    onward = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure())
    answer = redirect(onward if safe else "reports:index")
    answer.set_cookie(COLUMNS_COOKIE, " ".join(chosen), max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


@require_safe
@login_required
def map_page(request: HttpRequest) -> HttpResponse:
    """The rows of the list on the map, with the first of them beside it."""
    actor, found, query = request.actor, _listing(request), steady(request.GET)  # type: ignore[attr-defined]
    rows = list(found.rows.select_related("category", "department").order_by(*found.order)[: lists.PAGE])
    at = request.GET.get("area") if found.filter.is_valid() and found.filter.form.cleaned_data.get("area") else ""
    at = found.filter.form.cleaned_data["area"] if at else home_area(actor, settings.DISTRICT_CODE)
    given = map_settings(at=at, level="", measure="", points=["list"], mark=None)
    given["pointLayers"] = f"{reverse('reports:points')}?{query}"
    context = {
        "map": given,
        "lines": queries.lines_of(rows, found.now),
        "count": lists.count_of(found.parts),
        "placed": lists.count_of([part.filter(lon__isnull=False) for part in found.parts]),
        "definition": found.definition,
        "title": found.group.label if found.group else VIEWS[found.view],
        "chips": _chips(found, request.GET),
        "query": query,
    }
    return render(request, "reports/map.html", context)


@require_safe
@login_required
@gzip_page
def points(request: HttpRequest) -> JsonResponse:
    """The rows of the list that have a place, as points for the map."""
    found = _listing(request)
    rows = found.rows.filter(lon__isnull=False).order_by(*found.order).values_list("lon", "lat", "title", "code")[: POINTS + 1]
    base = reverse("reports:show", args=["CODE"])
    listed = [[lon, lat, title, base.replace("CODE", code)] for lon, lat, title, code in rows]
    return JsonResponse({"points": listed[:POINTS], "more": len(listed) > POINTS})
