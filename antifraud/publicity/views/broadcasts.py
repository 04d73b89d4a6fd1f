"""Making a notice known in the village, and the photo of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grids.areas.names import name_of
from tongshan_portal.exchange.uploads import TOO_LARGE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import NotAllowed
from tongshan_portal.ui.form_pages import form_page

from ..actions.broadcasting import record_broadcast
from ..enums import NoticeState
from ..forms.notice import BroadcastForm
from ..models import Broadcast
from ..queries.desk import codes_of, own_areas
from .finding import row_or_404


@require_http_methods(["GET", "POST"])
@login_required
def record(request: HttpRequest, number: str) -> HttpResponse:
    """Record how it was made known."""
    row = row_or_404(request, number)
    areas = own_areas(request.actor, codes_of(row))
    if not areas:
        raise NotAllowed(_("Only who serves in its areas records how it was made known."))
    back = reverse("publicity:show", args=[row.number])
    if row.state != NoticeState.PUBLISHED:
        messages.error(request, _("The notice is no longer in force."))
        return redirect(back)

    def call(data: dict[str, Any]) -> str:
        record_broadcast(actor=request.actor, notice_id=row.pk, area_code=data.pop("area"), **data)
        messages.success(request, _("Recorded. Thank you."))
        return back

    choices = [(code, name_of(code)) for code in areas]
    form = BroadcastForm(request.POST or None, request.FILES or None, areas=choices, initial={"on": clock.today(), "area": areas[0]})
    if request.META.get(TOO_LARGE):
        form.add_error("photo", _("This file is too large. Send it without a photo, or with a smaller one."))
    title = _("How was it made known?")
    return form_page(request, form, call, template="publicity/broadcast.html", title=title, verb=_("Record"), back=back, row=row)


@require_safe
@login_required
def photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The photo of a broadcast that the reader may see."""
    row = row_or_404(request, number)
    found = Broadcast.objects.visible_to(request.actor.scope).filter(notice=row, pk=pk).exclude(photo="").first()
    if found is None:
        raise Http404
    try:
        answer = FileResponse(found.photo.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-cache"
    return answer
