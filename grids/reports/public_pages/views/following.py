"""Follow a report by its code and key: the entry page, the report in plain words, the slip that one takes home."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.kernel import clock

from ...models import Report
from .. import finding, limiting, pages, qr, queries
from ..forms import EnterForm, RateForm


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Type code and key. Wrong is wrong: nothing says which of the two."""
    form = EnterForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")[:60]})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = finding.find(given["code"], given["key"], address=request.META.get("REMOTE_ADDR", ""), now=clock.now())
        except limiting.TooOften as error:
            return pages.refuse_for_now(request, error)
        if row is not None:
            address = reverse("reports_public:follow", args=[row.code, row.follow_key])
            return pages.remember_opened(request, pages.seal(redirect(address)), row)
        return pages.answer(request, "reports/public/enter.html", 404, form=form, is_wrong=True)
    return pages.answer(request, "reports/public/enter.html", 422 if form.is_bound else 200, form=form, is_wrong=False)


@require_safe
@pages.of_report
def follow(request: HttpRequest, row: Report) -> HttpResponse:
    """The report in plain words."""
    return pages.answer(request, "reports/public/follow.html", page=queries.follow_page(row, clock.now()), form=RateForm())


@require_safe
@pages.of_report
def slip(request: HttpRequest, row: Report) -> HttpResponse:
    """Code, key and QR, large, for the screen and for paper."""
    address = request.build_absolute_uri(reverse("reports_public:follow", args=[row.code, row.follow_key]))
    return pages.answer(
        request,
        "reports/public/slip.html",
        page=queries.follow_page(row, clock.now()),
        is_new=request.GET.get("new") == "1",
        picture=qr.picture(address),
        spoken_key=f"{row.follow_key[:4]} {row.follow_key[4:]}",
        entry=request.build_absolute_uri(reverse("reports_public:enter")),
    )


@require_safe
@pages.of_report
def photo(request: HttpRequest, row: Report, pk: int) -> HttpResponse:
    """A picture that the resident may see: her own, or how it looks afterwards."""
    found = queries.photos_of(row).filter(pk=pk).first()
    if found is None:
        raise Http404
    return FileResponse(found.file.open("rb"), content_type="image/jpeg")
