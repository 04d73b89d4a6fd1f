"""Scan, choose the community, read, agree, enter the code."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ui.form_pages import form_page

from .. import sms
from ..actions import proving, registering
from ..forms.public import CodeForm, PhoneForm, PlaceForm, RegisterForm
from ..models import ConsentText, PhoneCode, RegistrationPoint
from ..queries import choosing, counts
from ..residents import resident
from ..settings import CODE_GUESSES
from . import doors


def _point(code: str) -> RegistrationPoint | None:
    """The point of a code in use. Raises Http404 for a code that never was; None for one that is closed, which stops nobody."""
    if not code:
        return None
    rows = RegistrationPoint.objects.unscoped("whoever holds the code may register by it")
    row = get_object_or_404(rows, code=code)
    return row if row.in_use else None


@doors.public
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, point: str = "") -> HttpResponse:
    """Where one lives or works: the five nearest communities to where one stands (used once, kept nowhere), or by name."""
    row = _point(point)
    offered, located = choosing.near_point(row), False
    if request.method == "POST":
        doors.counted("ask", request)
        place = PlaceForm(request.POST)
        if place.is_valid():
            offered, located = choosing.near_place(place.cleaned_data["lon"], place.cleaned_data["lat"]), True
    town = request.GET.get("town", "")
    context = {
        "point": row,
        "closed": bool(point) and row is None,
        "offered": offered,
        "located": located,
        "towns": choosing.towns(),
        "town": town,
        "villages": choosing.villages_of(town),
        "counts": counts.for_everybody(),
    }
    return render(request, "bell/start.html", context)


@doors.public
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, area: str, point: str = "") -> HttpResponse:
    """What one agrees to, in full; then the number."""
    row, place = _point(point), choosing.community(area)
    if place is None:
        raise Http404
    text = ConsentText.objects.order_by("-version").first()
    if text is None:
        raise Http404

    def call(data: dict[str, Any]) -> str:
        doors.counted("code", request)
        if row is not None:
            doors.counted_point(row)
        code = registering.begin_registration(
            actor=resident(), phone=data["phone"], area_code=area, point=row, name=data["name"], follows=data["follows"],
            tells_family=data["tells_family"], consent_version=data["version"],
        )  # fmt: skip
        return reverse("bell:code", args=[code.pk])

    form = RegisterForm(request.POST or None, initial={"version": text.version})
    back = reverse("bell:point", args=[row.code]) if row else reverse("bell:start")
    return form_page(request, form, call, template="bell/register.html", text=text, place=place, point=row, back=back)


@doors.public
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """Prove a number, to see what is kept of it."""

    def call(data: dict[str, Any]) -> str:
        doors.counted("code", request)
        return reverse("bell:code", args=[proving.ask_code(actor=resident(), phone=data["phone"]).pk])

    return form_page(request, PhoneForm(request.POST or None), call, template="bell/sign.html")


def _code_or_404(pk: UUID) -> PhoneCode:
    return get_object_or_404(PhoneCode, pk=pk)


@doors.public
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Enter the code. The page says how far the message is; the demo shows the code, marked as such."""
    row = _code_or_404(pk)
    if row.used_at is not None and request.method == "GET":
        return redirect("bell:mine")

    def call(data: dict[str, Any]) -> str:
        doors.counted("guess", request)
        proof = proving.enter_code(actor=resident(), code_id=pk, code=data["code"])
        doors.remember(request, proof)
        return reverse("bell:done") if proof.registration_id is not None else reverse("bell:mine")  # type: ignore[attr-defined]

    message = row.messages.order_by("-pk").first()  # type: ignore[attr-defined]
    shown = cache.get(proving.shown_key(row.pk)) if settings.DEMO_MODE and sms.gateway().shows else None
    context = {"row": row, "sending": message.state if message else "", "shown": shown, "over": row.attempts >= CODE_GUESSES}
    return form_page(request, CodeForm(request.POST or None), call, template="bell/code.html", **context)


@doors.public
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for another code."""
    _code_or_404(pk)
    doors.counted("code", request)
    try:
        fresh = proving.ask_again(actor=resident(), code_id=pk)
    except DomainError as error:
        context = {"row": _code_or_404(pk), "form": CodeForm(), "sending": "", "shown": None, "over": False, "refusal": str(error)}
        return render(request, "bell/code.html", context, status=422)
    except PhoneCode.DoesNotExist:
        raise Http404(_("This code was used already.")) from None
    return redirect("bell:code", fresh.pk)
