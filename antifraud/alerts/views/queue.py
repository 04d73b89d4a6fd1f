"""The queue by urgency, the next one, and a warning taken down by hand."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page

from ..actions.claiming import give_back, take_next
from ..actions.receiving import BY_HAND, receive_warnings
from ..enums import OPEN, AlertState
from ..filters import AlertFilter
from ..forms.desk import bulk_choices
from ..forms.warning import WarningForm
from ..models import FraudAlert
from ..queries.queue import ORDER, lines_of, needs_me
from ..queries.waves import waves_in

VIEWS = {
    "now": gettext_lazy("Needs me now"),
    "open": gettext_lazy("Open"),
    "overdue": gettext_lazy("Overdue"),
    "snoozed": gettext_lazy("Snoozed"),
    "check": gettext_lazy("To check"),
    "closed": gettext_lazy("Closed"),
    "all": gettext_lazy("All"),
}
WAVES = ("now", "open", "overdue")
"""Tabs that show a wave as one line."""
NEWEST = ("-received_at", "-id")


def rows_of(actor: Any, view: str) -> tuple[Any, tuple[str, ...]]:
    """The rows of a tab and their order: by urgency what has a clock, else the newest first."""
    rows = FraudAlert.objects.visible_to(actor.scope)
    if view == "now":
        return needs_me(actor).filter(due_at__isnull=False), ORDER
    if view == "overdue":
        return rows.filter(state__in=OPEN).overdue(clock.now()), ORDER
    if view == "check":
        return rows.filter(state=AlertState.RECORDED), ORDER
    chosen = {"open": OPEN, "snoozed": [AlertState.SNOOZED], "closed": [AlertState.CLOSED]}.get(view)
    return (rows.filter(state__in=chosen) if chosen else rows), NEWEST


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The queue."""
    require(request.actor, "alerts.view_assigned")
    view = request.GET.get("view", "now")
    if view not in VIEWS:
        raise Http404
    rows, order = rows_of(request.actor, view)
    found = AlertFilter(request.GET, rows, request=request)
    rows = found.qs if found.is_valid() else found.queryset.none()
    count, together = lists.count_of(rows), view in WAVES and not (request.GET.get("each") or found.behind)
    waves = waves_in(rows, clock.now()) if together else []
    if waves:
        rows = rows.exclude(pk__in=[key for wave in waves for key in wave.keys])
    page = lists.page_of(request, rows.select_related("type", "assignee", "claimed_by"), order=order)
    scope = request.actor.scope
    context = {
        "views": VIEWS,
        "view": view,
        "filter": found,
        "page": page,
        "lines": lines_of(page.rows, clock.now()),
        "count": count,
        "waves": [] if request.GET.get("after") or request.GET.get("before") else waves,
        "together": together,
        "groups": view in WAVES,
        "deeds": bulk_choices(request.actor),
        "unopened": (),
        "names_sender": True,
        "may_shift": bool(scope.reaches_for("alerts.shift")),
        "may_receive": bool(scope.reaches_for("alerts.receive")),
        "may_import": bool(scope.reaches_for("alerts.import")),
        "may_export": bool(scope.reaches_for("alerts.export")),
    }
    return render(request, "alerts/index.html", context)


@require_POST
@login_required
def next_one(request: HttpRequest) -> HttpResponse:
    """Keep the most urgent alert for the reader and go to it."""
    require(request.actor, "alerts.view_assigned")
    row = take_next(actor=request.actor)
    if row is None:
        messages.info(request, _("Nothing needs you at the moment."))
        return redirect("alerts:index")
    return redirect("alerts:show", code=row.code)


@require_POST
@login_required
def release(request: HttpRequest) -> HttpResponse:
    """Give back what the reader keeps: by the button, or by her browser when she leaves the page (204)."""
    require(request.actor, "alerts.view_assigned")
    give_back(actor=request.actor, code=request.POST.get("code", ""))
    return HttpResponse(status=204) if request.GET.get("left") else redirect("alerts:index")


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Take a warning down after a call."""
    require(request.actor, "alerts.receive")

    def call(data: dict[str, Any]) -> str:
        given = {name: data[name] for name in ("phone", "name", "address", "area_code", "grade", "amount", "claimed", "happened_at")}
        given |= {"external_id": data["key"].hex, "type": data["type"].code}
        received = receive_warnings(actor=request.actor, source=BY_HAND, rows=[given])
        if received.rejected:
            raise DomainError(received.rejected[0].sentence, received.rejected[0].field)
        code = next(iter((*received.opened, *received.joined)), "")
        if not code:
            messages.info(request, _("This warning was taken in already."))
        elif received.joined:
            messages.success(request, _("The person is worked on already: the warning joined %(code)s.") % {"code": code})
        else:
            messages.success(request, _("Alert %(code)s is open.") % {"code": code})
        seen = bool(code) and FraudAlert.objects.visible_to(request.actor.scope).filter(code=code).exists()
        return reverse("alerts:show", args=[code]) if seen else reverse("alerts:index")

    form = WarningForm(request.POST if request.method == "POST" else None)
    return form_page(request, form, call, title=_("Take a warning in"), verb=_("Take it in"), back=reverse("alerts:index"))
