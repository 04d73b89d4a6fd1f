"""Photos of a report: the picture itself, adding, taking away. Whoever does not see the report gets 404."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import InvalidTransition, NotAllowed
from tongshan_portal.kernel.pictures import small
from tongshan_portal.ui.form_pages import form_page

from ..actions import photographing
from ..enums import Moment
from ..forms.photos import PhotoForm, was_too_large
from ..models import Photo
from .finding import row_or_404


@require_safe
@login_required
def photo(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One photo, whole or (`?small`) as lists show it."""
    row = row_or_404(request, code)
    found = Photo.objects.unscoped("found by its report, which the reader may see").filter(pk=pk, report=row).first()
    if found is None:
        raise Http404
    return photo_response(request, found)


def photo_response(request: HttpRequest, found: Photo) -> HttpResponse:
    """The bytes of a photo whose reader was asked for her right. The browser keeps them, but asks each time whether it still may."""
    is_small = "small" in request.GET
    tag = f'"{found.key}{"-s" if is_small else ""}"'
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        try:
            file = found.file.open("rb")
        except FileNotFoundError:
            raise Http404 from None
        if is_small:
            with file:
                answer = HttpResponse(small(file), content_type="image/jpeg")
        else:
            answer = FileResponse(file, content_type="image/jpeg")  # type: ignore[assignment]
        answer["Content-Disposition"] = "inline"
        answer["X-Content-Type-Options"] = "nosniff"
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_http_methods(["GET", "POST"])
@login_required
def add(request: HttpRequest, code: str) -> HttpResponse:
    """Add photos to a report."""
    row = row_or_404(request, code)
    allowed = [one for one in Moment if photographing.why_not(request.actor, row, one) is None]
    if not allowed:
        require(request.actor, "reports.note", row)
        raise NotAllowed(str(photographing.why_not(request.actor, row, Moment.BEFORE)))
    back = reverse("reports:show", args=[row.code])

    def call(data: dict[str, Any]) -> str:
        made = photographing.add_photo(
            actor=request.actor, report_id=row.pk, key=data["key"], pictures=data["photos"], moment=data["moment"]
        )
        messages.success(request, ngettext("%(number)s photo added.", "%(number)s photos added.", len(made)) % {"number": len(made)})
        return back

    moment = request.GET.get("moment", "")
    begin = {"key": uuid4(), "moment": moment if moment in allowed else allowed[-1]}
    form = PhotoForm(*((request.POST, request.FILES) if request.method == "POST" else (None, None)), initial=begin)
    form.fields["moment"].choices = [(one.value, one.label) for one in allowed]
    if was_too_large(request):
        form.full_clean()
        form.add_error("photos", _("Together the photos are too large. Send fewer of them."))
    return form_page(request, form, call, "reports/photo.html", row=row, back=back)


@require_POST
@login_required
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take one's own photo away."""
    row = row_or_404(request, code)
    try:
        photographing.remove_photo(actor=request.actor, report_id=row.pk, photo_id=pk)
    except Photo.DoesNotExist:
        raise Http404 from None
    except InvalidTransition as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The photo is taken away."))
    return redirect("reports:show", row.code)
