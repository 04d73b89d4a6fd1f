"""Report without account, and the start page of a kiosk."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from grids.areas.codes import is_area_code
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from ... import suggesting
from ...actions import resident_filing
from ...forms.photos import was_too_large
from .. import challenge, limiting, map_context, pages, queries
from ..forms import ReportForm

PLACE = ("town", "village", "grid")


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where a kiosk begins, and where it returns to. `?clear=1`: nothing of whoever stood there before is left."""
    if request.GET.get("kiosk") == "0":
        return pages.keep_mode(request, redirect("home"))
    if request.GET.get("clear") == "1":
        return pages.forget_everything(pages.seal(redirect("reports_public:start")))
    return pages.make_kiosk(request, pages.answer(request, "reports/public/start.html", kiosk=True))


@require_http_methods(["GET", "POST"])
def file_report(request: HttpRequest) -> HttpResponse:
    """File a report. What is refused keeps what was typed; the same page sent twice is one report."""
    if request.method == "GET":
        return _page(request, ReportForm(initial={"challenge": challenge.new(clock.now()), **_of_area(request.GET.get("area", ""))}))
    if request.POST.get("narrow"):
        return _page(request, ReportForm(initial=_narrowed(request)))
    form = ReportForm(request.POST, request.FILES)
    if was_too_large(request):
        form.add_error("photos", _("Together the photos are too large. Send fewer of them."))
    if not form.is_valid():
        return _page(request, form, 422)
    known = resident_filing.filed_with(form.cleaned_data["key"])
    if known is not None:
        return _to_slip(request, known)
    try:
        _pass(request, form.cleaned_data)
        row = _filed(form)
    except limiting.TooOften as error:
        form.refuse(error)
        return _page(request, form, 429)
    except DomainError as error:
        form.refuse(error)
        return _page(request, form, 422, asks_anew=getattr(error, "spent", False))
    return _to_slip(request, row)


def _pass(request: HttpRequest, given: dict[str, Any]) -> None:
    """What stands between a stranger and the desk: the trap, the sum, how often. Raises DomainError, TooOften."""
    now, line = clock.now(), limiting.line_of(request.META.get("REMOTE_ADDR", ""))
    if given["website"]:
        raise DomainError(_("This could not be sent. Leave the hidden field empty."))
    limiting.refuse_spent(limiting.WRONG, line, now=now)
    try:
        challenge.check(given["challenge"], given["sum"], key=str(given["key"]), now=now)
    except challenge.NotAnswered as error:
        if error.spent:
            limiting.spend(limiting.WRONG, line, now=now)
        raise
    limiting.spend(limiting.FILED_FROM_ADDRESS, line, now=now)
    if given["phone"]:
        limiting.spend(limiting.FILED_WITH_PHONE, limiting.number_of(given["phone"]), now=now)


def _filed(form: ReportForm) -> Any:
    names = ("key", "title", "text", "address", "lon", "lat", "contact", "phone")
    given = {name: form.cleaned_data[name] for name in names}
    return resident_filing.file_for_resident(
        actor=system_actor("residents"), area_code=form.area_code, pictures=form.cleaned_data["photos"], **given
    )


def _to_slip(request: HttpRequest, row: Any) -> HttpResponse:
    address = reverse("reports_public:slip", args=[row.code, row.follow_key])
    answer = (HttpResponseClientRedirect if request.htmx else HttpResponseRedirect)(f"{address}?new=1")
    return pages.remember_opened(request, pages.seal(answer), row)


def _of_area(code: str) -> dict[str, str]:
    """An area as the form's three choices: `?area=` is what a poster in a grid leads to."""
    if not is_area_code(code) or not code.startswith(settings.DISTRICT_CODE):
        return {}
    return {name: code[:length] for name, length in zip(PLACE, (9, 12, 15), strict=True) if len(code) >= length}


def _narrowed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, with the next choice of the place; a point says the area by itself."""
    given = {name: text for name, text in request.POST.items() if name not in ("csrfmiddlewaretoken", "narrow")}
    if request.POST["narrow"] == "point":
        try:
            code, _how = suggesting.area_of(float(given["lon"]), float(given["lat"]))
        except (KeyError, ValueError):
            code = ""
        if code:  # else what was chosen before stays
            given |= dict.fromkeys(PLACE, "") | _of_area(code)
        given["outside"] = "" if code else "1"
    return given


def _page(request: HttpRequest, form: ReportForm, status: int = 200, *, asks_anew: bool = False) -> HttpResponse:
    """The form with its question; another one when the present one is used up or not ours."""
    token = str((form.data if form.is_bound else form.initial).get("challenge") or "")
    try:
        asked = challenge.question(token)
    except challenge.NotAnswered:
        asks_anew = True
    if asks_anew:
        token = challenge.new(clock.now())
        asked = challenge.question(token)
        if form.is_bound:
            form.data = form.data.copy()
            form.data["challenge"], form.data["sum"] = token, ""
        else:
            form.initial |= {"challenge": token, "sum": ""}
    if pages.is_kiosk(request):
        form.forget_typed()
    chosen = form["grid"].value() or form["village"].value() or form["town"].value() or ""
    return pages.answer(
        request,
        "reports/public/file.html",
        status,
        form=form,
        question=asked,
        place=queries.place_of(chosen) if is_area_code(chosen) else "",
        has_point=form["lon"].value() not in (None, ""),
        is_outside=bool(form.initial.get("outside")),
        map=map_context.for_tapping(),
        days=settings.RESIDENT_CONTACT_DAYS,
    )
