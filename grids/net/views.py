"""The map, the pages of areas, and what the map fetches."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from grids.areas.codes import Level, is_area_code
from grids.areas.models import Area
from grids.areas.names import name_of, path_of
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.ui.form_pages import form_page
from tongshan_portal.ui.forms import ActionForm

from . import actions, context, layers, published, queries
from .forms import MergeForm, MoveForm, RenameForm, RetireForm, SplitForm
from .hanging import hanging_on
from .registry import POINTS, measures

LEVELS = {level.name.lower().replace("_", "-"): level for level in Level}


def _level(word: str) -> Level:
    if word not in LEVELS:
        raise Http404
    return LEVELS[word]


def _area_or_404(code: str) -> Area:
    try:
        return Area.objects.get(pk=code)
    except Area.DoesNotExist:
        raise Http404 from None


def _degrees(request: HttpRequest) -> tuple[float, float] | None:
    """The point that the address names, None when it names none or nonsense."""
    try:
        lon, lat = float(request.GET["lon"]), float(request.GET["lat"])
    except (KeyError, ValueError):
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


@require_safe
@login_required
def map_page(request: HttpRequest) -> HttpResponse:
    """The district on the map, and the same rows as a list.

    `?at=` an area, `?measure=`, `?level=`, `?show=` points, `?lon=&lat=` a point, `?q=` words: every view of the map has an address.
    """
    actor, point = request.actor, _degrees(request)
    here = queries.here(*point) if point else None
    at = request.GET.get("at", "") or queries.home_area(actor, settings.DISTRICT_CODE)
    if not is_area_code(at):
        raise Http404
    area = _area_or_404(at) if at != settings.DISTRICT_CODE else Area.objects.filter(pk=at).first()
    offered = queries.measures_for(actor)
    measure = next((one for one in offered if one.name == request.GET.get("measure")), None)
    below = queries.next_level(at)
    numbers = dict(measure.values(actor, below, at)) if measure and below else {}
    shown = [layer.name for layer in queries.layers_for(actor) if layer.name in request.GET.getlist("show")]
    words = request.GET.get("q", "")[:60]
    level = request.GET.get("level", "")
    return render(
        request,
        "net/map.html",
        {
            "area": area,
            "at": at,
            "path": path_of(at),
            "below": below,
            "rows": queries.rows_below(at, numbers),
            "measure": measure,
            "measures": offered,
            "point_layers": queries.layers_for(actor),
            "shown": shown,
            "here": here,
            "words": words,
            "found": queries.find(actor, words),
            "levels": [(word, one.label) for word, one in LEVELS.items() if one in (Level.TOWN, Level.VILLAGE, Level.GRID)],
            "level": level if level in LEVELS else "",
            "map": context.map_settings(
                at=at,
                level=level if level in LEVELS else "",
                measure=measure.name if measure else "",
                points=shown,
                mark=point,
            ),
        },
    )


@require_safe
@login_required
def layer(request: HttpRequest, level: str) -> HttpResponse:
    """A level's areas as GeoJSON. An address with the present edition is kept by the browser: it is sent once."""
    under = request.GET.get("under", "")
    if under and not is_area_code(under):
        raise Http404
    try:
        found = layers.layer(_level(level), under)
    except ValueError:
        raise Http404 from None
    answer = _packed(request, found, "application/geo+json")
    lasting = "max-age=31536000, immutable" if request.GET.get("edition") else "no-cache"
    answer["Cache-Control"] = f"private, {lasting}"
    return answer


@require_safe
def open_areas(request: HttpRequest, level: str) -> HttpResponse:
    """Open data: the boundaries of a published level, for anybody."""
    try:
        found = published.published(_level(level))
    except LookupError:
        raise Http404 from None
    answer = _packed(request, found, "application/geo+json")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _packed(request: HttpRequest, found: layers.Layer, content_type: str) -> HttpResponse:
    """What is kept compressed, as this client takes it; 304 when it has it."""
    tag = f'"{found.etag}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": tag})
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer = HttpResponse(found.gzipped, content_type=content_type, headers={"Content-Encoding": "gzip"})
    else:
        answer = HttpResponse(found.plain(), content_type=content_type)
    answer["ETag"], answer["Vary"] = tag, "Accept-Encoding"
    return answer


@require_safe
@login_required
@gzip_page
def measure(request: HttpRequest, name: str, level: str) -> JsonResponse:
    """The numbers that the map is coloured by."""
    found = measures.get(name)
    if found is None or (found.action and not can(request.actor, found.action)):
        raise Http404
    return JsonResponse(dict(found.values(request.actor, _level(level), request.GET.get("under", ""))))


@require_safe
@login_required
@gzip_page
def points(request: HttpRequest, name: str) -> JsonResponse:
    """The points of a layer under an area, as far as the reader may see them."""
    found = next((layer for layer in queries.layers_for(request.actor) if layer.name == name), None)
    under = request.GET.get("under", settings.DISTRICT_CODE)
    if found is None or not is_area_code(under):
        raise Http404
    rows = found.points(request.actor, under, POINTS + 1)
    listed = [[row.lon, row.lat, row.label, row.href] for row in rows[:POINTS]]
    return JsonResponse({"points": listed, "more": len(rows) > POINTS})


@require_safe
@login_required
def own_area(request: HttpRequest) -> HttpResponse:
    """The page of the area that holds all my postings."""
    return redirect("net:area", queries.home_area(request.actor, settings.DISTRICT_CODE))


@require_safe
@login_required
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: where it lies, who serves it, what is in it, what it came from."""
    found = _area_or_404(code)
    page = queries.area_page(request.actor, code)
    changes = not page.is_over and found.valid_to is None and bool(can(request.actor, "areas.change", found))
    shown = context.map_settings(at=code, level="", measure="", points=[], mark=None)
    return render(request, "net/area.html", {"page": page, "may_change": changes, "map": shown})


def _change(
    request: HttpRequest, code: str, form: ActionForm, call: Callable[[dict[str, Any]], str], title: str, verb: str, **given: Any
) -> HttpResponse:
    """The page of one change of the net: what hangs on the area stands above the form."""
    return form_page(
        request,
        form,
        call,
        template="net/change.html",
        title=title,
        verb=verb,
        back=queries.area_url(code),
        hanging=hanging_on([code]),
        area_name=name_of(code),
        code=code,
        **given,
    )


@require_http_methods(["GET", "POST"])
@login_required
def rename(request: HttpRequest, code: str) -> HttpResponse:
    """Another name."""
    found = _area_or_404(code)
    require(request.actor, "areas.change", found)

    def call(data: dict[str, Any]) -> str:
        return queries.area_url(actions.rename_area(actor=request.actor, code=code, name=data["name"]).pk)

    form = RenameForm(request.POST or None, initial={"name": found.name})
    return _change(request, code, form, call, _("Rename %(area)s") % {"area": found}, _("Rename"))


@require_http_methods(["GET", "POST"])
@login_required
def retire(request: HttpRequest, code: str) -> HttpResponse:
    """The end of an area that nobody takes over."""
    found = _area_or_404(code)
    require(request.actor, "areas.change", found)

    def call(data: dict[str, Any]) -> str:
        actions.retire_area(actor=request.actor, code=code, on=data["on"])
        return queries.area_url(code)

    form = RetireForm(request.POST or None)
    return _change(request, code, form, call, _("Retire %(area)s") % {"area": found}, _("Retire"), danger=True)


@require_http_methods(["GET", "POST"])
@login_required
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Several areas become one."""
    found = _area_or_404(code)
    require(request.actor, "areas.change", found)

    def call(data: dict[str, Any]) -> str:
        codes = [code, *data["others"].values_list("pk", flat=True)]
        into = actions.NewArea(data["code"], data["name"])
        return queries.area_url(actions.merge_areas(actor=request.actor, codes=codes, into=into, on=data["on"]).pk)

    return _change(request, code, MergeForm(request.POST or None, area=found), call, _("Merge %(area)s") % {"area": found}, _("Merge"))


@require_http_methods(["GET", "POST"])
@login_required
def split(request: HttpRequest, code: str) -> HttpResponse:
    """One area becomes two along a line."""
    found = _area_or_404(code)
    require(request.actor, "areas.change", found)

    def call(data: dict[str, Any]) -> str:
        actions.split_area(actor=request.actor, code=code, into=data["into"], on=data["on"])
        return queries.area_url(code)

    shown = context.map_settings(at=code, level="", measure="", points=[], mark=None, draw="id_line")
    form = SplitForm(request.POST or None, area=found)
    return _change(request, code, form, call, _("Split %(area)s") % {"area": found}, _("Split"), map=shown)


@require_http_methods(["GET", "POST"])
@login_required
def move(request: HttpRequest, code: str) -> HttpResponse:
    """An area goes under another parent, with everything below it."""
    found = _area_or_404(code)
    require(request.actor, "areas.change", found)

    def call(data: dict[str, Any]) -> str:
        return queries.area_url(actions.move_area(actor=request.actor, code=code, to=data["to"], on=data["on"]).pk)

    return _change(request, code, MoveForm(request.POST or None), call, _("Move %(area)s") % {"area": found}, _("Move"))
