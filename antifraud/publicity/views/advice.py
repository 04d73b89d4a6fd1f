"""The dictionary of advice, for the desk."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.ui.form_pages import form_page

from ..actions.advising import name_unit, write_advice
from ..forms.advice import AdviceForm, NewAdviceForm, UnitForm, initial_of
from ..models import Advice, IssuingUnit

CHANGE = "fraud_advice.change"


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All types, also those not in use, and who issues posters."""
    require(request.actor, CHANGE)
    rows = list(Advice.objects.select_related("text"))
    return render(request, "publicity/advice_index.html", {"rows": rows, "unit": IssuingUnit.objects.get(pk=1)})


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """A further type."""
    require(request.actor, CHANGE)

    def call(data: dict[str, Any]) -> str:
        data.pop("expected")
        write_advice(actor=request.actor, expected=0, **data)
        return reverse("publicity:advice")

    context = {"title": _("New type of fraud"), "verb": _("Publish"), "back": reverse("publicity:advice")}
    return form_page(
        request, NewAdviceForm(request.POST or None, initial={"in_use": True}), call, template="publicity/advice_write.html", **context
    )


@require_http_methods(["GET", "POST"])
@login_required
def write(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of a type, below it the earlier ones."""
    require(request.actor, CHANGE)
    row = get_object_or_404(Advice.objects.select_related("text").exclude(text=None), code=code)
    assert row.text is not None

    def call(data: dict[str, Any]) -> str:
        write_advice(actor=request.actor, code=code, **data)
        return reverse("publicity:advice")

    form = AdviceForm(request.POST or None, initial=initial_of(row.text, row.in_use))
    context = {
        "title": str(row),
        "verb": _("Publish as a new version"),
        "back": reverse("publicity:advice"),
        "versions": list(row.texts.all()),
    }
    return form_page(request, form, call, template="publicity/advice_write.html", row=row, **context)


@require_safe
@login_required
def version(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version as it was."""
    require(request.actor, CHANGE)
    row = get_object_or_404(Advice.objects.all(), code=code)
    text = get_object_or_404(row.texts.all(), version=number)
    parts = [
        (words, [(tongue, text.items(part, tongue)) for tongue in ("zh", "en")])
        for part, words in (
            ("summary", _("In one sentence")), ("how", _("How it goes")), ("signs", _("By what you know it")), ("now", _("What to do now")),
        )
    ]  # fmt: skip
    return render(request, "publicity/advice_version.html", {"row": row, "text": text, "parts": parts})


@require_http_methods(["GET", "POST"])
@login_required
def unit(request: HttpRequest) -> HttpResponse:
    """Who issues posters and notices."""
    require(request.actor, CHANGE)
    row = IssuingUnit.objects.get(pk=1)

    def call(data: dict[str, Any]) -> str:
        name_unit(actor=request.actor, **data)
        return reverse("publicity:advice")

    form = UnitForm(request.POST or None, initial={"name_zh": row.name_zh, "name_en": row.name_en})
    return form_page(request, form, call, title=_("Issuing unit"), verb=_("Keep"), back=reverse("publicity:advice"))
