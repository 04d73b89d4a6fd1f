"""For everybody, without an account: types of fraud, posters, the notices in force."""

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongshan_portal.kernel import clock

from ..cap.messages import public_address
from ..enums import NoticeState
from ..languages import TONGUES, tongue_of_reader
from ..models import Advice, IssuingUnit
from ..queries import public as queries

SIZES = ("a4", "a3")
OWN_NAMES = (("zh", "中文", "zh-hans"), ("en", "English", "en"))
"""Languages by their own names, whoever reads."""
LANGUAGES = {"zh": ("zh",), "en": ("en",), "both": TONGUES}


@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """The types of fraud."""
    tongue = tongue_of_reader()
    cards = [(row, row.text.say("title", tongue), row.text.say("summary", tongue)) for row in queries.advice_in_use() if row.text]
    return render(request, "publicity/public/types.html", {"cards": cards})


def _advice_or_404(code: str) -> Advice:
    row = queries.advice_called(code)
    if row is None:
        raise Http404
    return row


@require_safe
def show_type(request: HttpRequest, code: str) -> HttpResponse:
    """One type: how it goes, by what one knows it, what to do now."""
    row, tongue = _advice_or_404(code), tongue_of_reader()
    assert row.text is not None
    context = {
        "row": row, "title": row.text.title, "summary": row.text.say("summary", tongue), "how": row.text.items("how", tongue),
        "signs": row.text.items("signs", tongue), "now": row.text.items("now", tongue), "unit": IssuingUnit.objects.get(pk=1),
    }  # fmt: skip
    return render(request, "publicity/public/type.html", context)


@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A poster to print, A4 or A3, in one language or both; the code on it leads to the type's page."""
    row = _advice_or_404(code)
    size, language = request.GET.get("size", "a4"), request.GET.get("language", tongue_of_reader())
    if size not in SIZES or language not in LANGUAGES:
        raise Http404
    path = reverse("fraud_public:type", args=[row.code])
    address = public_address(path) or request.build_absolute_uri(path)
    text, unit = row.text, IssuingUnit.objects.get(pk=1)
    assert text is not None
    sheets = [
        {
            "tongue": tongue, "lang": {"zh": "zh-hans", "en": "en"}[tongue], "title": text.say("title", tongue),
            "summary": text.say("summary", tongue), "how": text.items("how", tongue), "signs": text.items("signs", tongue),
            "now": text.items("now", tongue), "unit": unit.say(tongue),
        }
        for tongue in LANGUAGES[language]
    ]  # fmt: skip
    context = {
        "row": row,
        "size": size,
        "language": language,
        "sheets": sheets,
        "address": address,
        "picture": qr_svg(address),
        "languages": OWN_NAMES,
    }
    return render(request, "publicity/public/poster.html", context)


def qr_svg(address: str) -> str:
    """An address as an `<svg>` element: black on white in either theme, because cameras want it so; no style attribute."""
    return segno.make(address, error="m").svg_inline(border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """The notices in force, everywhere or for an area."""
    area = request.GET.get("area") or request.GET.get("town") or ""
    if area and not queries.is_in_force(area):
        raise Http404
    context = {
        "items": queries.items_of(queries.in_force(area, clock.now())), "area": area, "town": area[:9], "towns": queries.towns(),
        "villages": queries.villages_of(area), "area_words": queries.full_name(area) if area else "",
    }  # fmt: skip
    return render(request, "publicity/public/notices.html", context)


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """One notice that was published for residents; also afterwards, with what became of it."""
    row = queries.everybody().filter(number=number.upper()).first()
    if row is None:
        raise Http404
    ended = row.state != NoticeState.PUBLISHED or row.valid_until <= clock.now()
    update = queries.everybody().filter(replaces=row).first()
    text = row.advice.text
    context = {
        "row": row, "item": queries.items_of([row])[0], "ended": ended, "update": update, "unit": IssuingUnit.objects.get(pk=1),
        "now": text.items("now", tongue_of_reader()) if text else [],
    }  # fmt: skip
    return render(request, "publicity/public/notice.html", context)
