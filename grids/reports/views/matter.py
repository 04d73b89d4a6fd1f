"""One report: its page, and who else has it open."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from grids.net.context import map_settings
from tongshan_portal.kernel import clock

from .. import presence, queries
from ..actions import claiming
from ..actions.opening import note_opening
from .finding import row_or_404


@require_safe
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One report. That it was opened is kept: bulk deeds reach only what their doer has read."""
    row = row_or_404(request, code)
    actor = request.actor  # type: ignore[attr-defined]
    note_opening(actor=actor, row=row)
    page = queries.report_page(actor, row)
    shown = None
    if row.lon is not None:
        shown = map_settings(at=row.area_code[:15], level="grid", measure="", points=[], mark=[row.lon, row.lat])
    watchers = presence.watchers([row.pk], but=actor.user_id).get(row.pk, [])
    filed = queries.filed_with(actor, row)
    return render(request, "reports/show.html", {"page": page, "filed": filed, "map": shown, "watchers": queries.watching_words(watchers)})


@require_POST
@login_required
def presence_of(request: HttpRequest, code: str) -> JsonResponse:
    """A sign of the open page: who else looks at it, and what changed since `?change=`. A claim of the reader's goes on.

    `?leave=1`: the page was left.
    """
    row, actor = row_or_404(request, code), request.actor  # type: ignore[attr-defined]
    if request.GET.get("leave"):
        presence.leave(row.pk, actor.user_id, actor.name)
        return JsonResponse({})
    presence.watch(row.pk, actor.user_id, actor.name)
    if row.claimed_by_id == actor.user_id:
        claiming.renew_claim(actor=actor, report_id=row.pk)
    watchers = presence.watchers([row.pk], but=actor.user_id).get(row.pk, [])
    changed = queries.change_words(row, clock.now()) if row.changed_at.isoformat() != request.GET.get("change") else ""
    return JsonResponse({"watching": queries.watching_words(watchers), "changed": changed})
