"""Filing a report."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.ui.form_pages import form_page

from .. import queries, suggesting
from ..actions import filing
from ..enums import Located, Source
from ..forms.filing import FileForm


@require_http_methods(["GET", "POST"])
@login_required
def file_report(request: HttpRequest) -> HttpResponse:
    """File a report. What is likely the same matter is shown before it is sent; sending again files it all the same."""
    require(request.actor, "reports.file")
    context: dict[str, Any] = {"near": [], "suggestion": None}

    def call(data: dict[str, Any]) -> HttpResponse | str:
        area, located = data["area"], Located.CHOSEN
        if not area:
            area, located = suggesting.area_of(data["lon"], data["lat"])
            if not area:  # the desk decides: it lies with the whole area of the posting
                area = request.actor.scope.reaches_for("reports.file")[0].area_code
        suggestion = None if data["category"] else suggesting.suggest(data["title"] + data["text"])
        if data["lon"] is not None and not request.POST.get("anyway"):
            near = suggesting.near(request.actor.scope, data["lon"], data["lat"], clock.now())
            if near:
                context["near"] = queries.lines_of(near, clock.now())
                return render(request, "reports/file.html", {"form": form, **context})
        row = filing.file_report(
            actor=request.actor,
            key=data["key"],
            title=data["title"],
            area_code=area,
            category=data["category"] or (suggestion.category if suggestion else None),
            located=located,
            source=Source.CALL if data["contact"] or data["phone"] else Source.FIELD,
            urgency=data["urgency"],
            text=data["text"],
            address=data["address"],
            lon=data["lon"],
            lat=data["lat"],
            contact=data["contact"] or None,
            phone=data["phone"] or None,
        )
        if suggestion is not None:
            words = {"code": row.code, "category": suggestion.category, "word": suggestion.word}
            messages.success(request, _("%(code)s is filed. Category “%(category)s”, because of the word “%(word)s”.") % words)
        else:
            messages.success(request, _("%(code)s is filed.") % {"code": row.code})
        return reverse("reports:show", args=[row.code])

    own = request.actor.scope.reaches_for("reports.file")
    first = own[0].area_code if len(own) == 1 and len(own[0].area_code) >= 15 else ""
    form = FileForm(request.POST if request.method == "POST" else None, initial={"area": first[:15]})
    return form_page(request, form, call, "reports/file.html", **context)
