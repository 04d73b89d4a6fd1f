"""Registrations, their counts and their points, for officers."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grids.areas.codes import is_area_code
from grids.areas.names import path_of
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.ledger.public import record
from tongshan_portal.signin.codes import qr_svg
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page

from ..actions import points as point_actions
from ..actions import registering
from ..filters import RegistrationFilter
from ..forms.staff import PointForm, ReasonForm
from ..models import Registration, RegistrationPoint
from ..queries import counts as count_queries
from ..queries import staff as queries


@require_safe
@login_required
def registration_list(request: HttpRequest) -> HttpResponse:
    """The registrations of my areas, newest first, masked."""
    require(request.actor, "registrations.view")
    found = RegistrationFilter(request.GET, queries.rows_for(request.actor))
    rows = found.qs if found.is_valid() else found.queryset.none()
    page = lists.page_of(request, rows, order=("-id",))
    context = {
        "filter": found,
        "page": page,
        "lines": queries.lines_of(page.rows),
        "count": lists.count_of(rows),
        "may_export": can(request.actor, "registrations.export"),
        "query": request.GET.urlencode(),
    }
    return render(request, "registrations/index.html", context)


def _row_or_404(request: HttpRequest, number: str) -> Registration:
    return get_object_or_404(queries.rows_for(request.actor).select_related("point", "consent"), number=number)


@require_safe
@login_required
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One registration. Who saw it is written to the ledger before the page is shown."""
    row = _row_or_404(request, number)
    record(actor=request.actor, verb="registration.seen", row=row)
    return render(request, "registrations/show.html", {"sheet": queries.sheet(request.actor, row)})


@require_http_methods(["GET", "POST"])
@login_required
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Withdraw a registration because the person asked."""
    row = _row_or_404(request, number)
    require(request.actor, "registrations.withdraw", row)
    back = reverse("registrations:show", args=[number])

    def call(data: dict[str, Any]) -> str:
        registering.withdraw_registration(actor=request.actor, registration_id=row.pk, reason=data["reason"])
        return back

    title = _("Withdraw the registration %(number)s") % {"number": row.number}
    return form_page(request, ReasonForm(request.POST or None), call, title=title, verb=_("Withdraw on request"), back=back, danger=True)


@require_safe
@login_required
def counts(request: HttpRequest) -> HttpResponse:
    """The three counts of my areas, or of one area below them, and of what lies right below it."""
    require(request.actor, "registrations.count")
    own, area = count_queries.areas_of(request.actor), request.GET.get("area", "")
    if area and not (is_area_code(area) and any(area.startswith(code) for code in own)):
        raise Http404
    area = area or (own[0] if len(own) == 1 else "")
    codes = [area] if area else own
    context = {
        "figures": count_queries.figures(count_queries.counts_under(codes)),
        "path": path_of(area) if area else [],
        "area": area,
        "lines": count_queries.lines_below(area) if area else count_queries.lines_of_areas(own),
    }
    return render(request, "registrations/counts.html", context)


@require_safe
@login_required
def point_list(request: HttpRequest) -> HttpResponse:
    """The registration points of my areas."""
    require(request.actor, "registration_points.view")
    rows = queries.points_for(request.actor)
    page = lists.page_of(request, rows, order=("-id",))
    context = {
        "page": page,
        "lines": queries.point_lines(page.rows),
        "count": lists.count_of(rows),
        "may_change": can(request.actor, "registration_points.change"),
    }
    return render(request, "registrations/points.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def new_point(request: HttpRequest) -> HttpResponse:
    """Set up a registration point."""
    require(request.actor, "registration_points.change")

    def call(data: dict[str, Any]) -> str:
        row = point_actions.create_point(actor=request.actor, area_code=data["area"], label=data["label"])
        return reverse("registrations:poster", args=[row.code])

    own = request.actor.scope.areas_for("registration_points.change")
    form = PointForm(request.POST or None, initial={"area": own[0] if len(own) == 1 else "", "label": str(request.actor.user or "")})
    return form_page(request, form, call, title=_("New registration point"), verb=_("Set up"), back=reverse("registrations:points"))


def _point_or_404(request: HttpRequest, code: str) -> RegistrationPoint:
    return get_object_or_404(queries.points_for(request.actor), code=code)


@require_POST
@login_required
def switch_point(request: HttpRequest, code: str, word: str) -> HttpResponse:
    """Close a point, or open it again."""
    row = _point_or_404(request, code)
    point_actions.switch_point(actor=request.actor, point_id=row.pk, in_use=word == "open")
    return redirect("registrations:points")


def _address(request: HttpRequest, row: RegistrationPoint) -> str:
    return request.build_absolute_uri(reverse("bell:point", args=[row.code]))


@require_safe
@login_required
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The poster of a point: one A4 page with its code."""
    row = _point_or_404(request, code)
    address = _address(request, row)
    return render(request, "registrations/poster.html", {"point": row, "address": address, "picture": qr_svg(address)})


@require_safe
@login_required
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """The code alone as SVG, for a card or a sticker."""
    row = _point_or_404(request, code)
    answer = HttpResponse(qr_svg(_address(request, row)), content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{row.code}.svg"'
    return answer
