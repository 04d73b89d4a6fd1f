"""Saved views: keeping the present filters, renaming, deleting."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongshan_portal.ui.form_pages import form_page
from tongshan_portal.ui.forms import ActionForm

from ..actions import saved_views
from ..forms.desk import SavedViewForm
from ..models import SavedView
from ..queries.listing import UnknownView, listing, steady


def _address(view: SavedView) -> str:
    return f"{reverse('reports:index')}?saved={view.pk}"


@require_http_methods(["GET", "POST"])
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the address under a name."""
    query = steady(request.GET)
    try:
        listing(request.actor, QueryDict(query))  # type: ignore[attr-defined]
    except UnknownView as error:
        raise Http404 from error

    def call(data: dict[str, Any]) -> str:
        row = saved_views.save_view(actor=request.actor, query=query or "view=now", **data)  # type: ignore[attr-defined]
        messages.success(request, _("“%(name)s” is saved: it stands among the tabs.") % {"name": row.name})
        return _address(row)

    form = SavedViewForm(request.POST if request.method == "POST" else None)
    back = f"{reverse('reports:index')}?{query}"
    return form_page(request, form, call, title=_("Save this view"), verb=_("Save the view"), back=back)


def _own(request: HttpRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user_id=request.actor.user_id)  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a view, or say when it tells."""
    row = _own(request, pk)

    def call(data: dict[str, Any]) -> str:
        saved_views.change_view(actor=request.actor, view_id=pk, **data)  # type: ignore[attr-defined]
        return _address(row)

    initial = {"name": row.name, "digest": row.digest, "threshold": row.threshold}
    form = SavedViewForm(request.POST if request.method == "POST" else None, initial=initial)
    title = _("View “%(name)s”") % {"name": row.name}
    return form_page(request, form, call, "reports/saved_view.html", title=title, verb=_("Save the view"), back=_address(row), row=row)


@require_http_methods(["GET", "POST"])
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view; the reports stay what they are."""
    row = _own(request, pk)

    def call(_data: dict[str, Any]) -> str:
        saved_views.delete_view(actor=request.actor, view_id=pk)  # type: ignore[attr-defined]
        messages.success(request, _("“%(name)s” is deleted.") % {"name": row.name})
        return reverse("reports:index")

    form = ActionForm(request.POST if request.method == "POST" else None)
    title = _("Delete the view “%(name)s”?") % {"name": row.name}
    return form_page(request, form, call, title=title, verb=_("Delete the view"), back=_address(row), danger=True)
