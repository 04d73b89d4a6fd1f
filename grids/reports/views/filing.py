"""Filing a report: the page, and what it answers once it is sent.

It is sent by a browser's form, by its script, and by what waited without signal (both scripts want JSON): one view, one action, one key.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.kernel.pictures import Picture

from .. import following, suggesting, waiting_photos
from ..actions import filing
from ..enums import Source
from ..forms.filing import FileForm
from ..forms.photos import was_too_large
from ..forms.questions import QuestionsForm
from ..models import Category, Draft, Report
from ..placing import Spot
from ..queries import desk_of, lines_of
from ..queries.filing import place_words, places_like
from ..queries.filing_page import filing_page, spot_typed, words_typed


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks."""
    return request.headers.get("Accept", "").startswith("application/json")


@require_http_methods(["GET", "POST"])
def file_report(request: HttpRequest) -> HttpResponse:
    """File a report. What is likely the same matter is shown before it is sent; sending again files it all the same."""
    if wants_json(request) and not request.user.is_authenticated:
        return JsonResponse({"sentence": _("You are signed out. Sign in again, then it can be sent.")}, status=401)
    return _file_report(request)


@login_required
def _file_report(request: HttpRequest) -> HttpResponse:
    require(request.actor, "reports.file")
    if request.method == "POST":
        return Sending(request).answer()
    if wants_json(request):
        return JsonResponse({"token": get_token(request), "person": request.actor.user_id})
    draft = _draft_asked_for(request)
    form = FileForm(initial=_beginning(request, draft), scope=request.actor.scope)
    return render(request, "reports/file.html", filing_page(request.actor, form, draft.data if draft else {}))


def _draft_asked_for(request: HttpRequest) -> Draft | None:
    if "draft" not in request.GET:
        return None
    try:
        return Draft.objects.get(user_id=request.actor.user_id, key=UUID(request.GET["draft"]))
    except (ValueError, Draft.DoesNotExist):
        raise Http404 from None


def _beginning(request: HttpRequest, draft: Draft | None) -> dict[str, Any]:
    """What stands in the form before anything is typed: a draft, an address that was looked up, the one grid of the sender."""
    if draft is not None:
        return {**draft.data, "key": draft.key}
    own = request.actor.scope.reaches_for("reports.file")
    only = own[0].area_code[:15] if len(own) == 1 and len(own[0].area_code) >= 15 else ""
    picked = request.GET.get("place", "")
    return {"place": picked if picked.isdigit() else "", "area": "" if picked else only}


class Sending:
    """One sending of the form, from what was typed to its answer."""

    def __init__(self, request: HttpRequest):
        self.request, self.actor, self.json = request, request.actor, wants_json(request)
        self.form = FileForm(request.POST, request.FILES, scope=self.actor.scope)
        self.questions: QuestionsForm | None = None

    def answer(self) -> HttpResponse:
        """The report's page, or the form once more: with errors (422), with what stands near, with the category's questions."""
        self.form.full_clean()
        if was_too_large(self.request):
            self.form.add_error("photos", _("Together the photos are too large. Send fewer of them."))
        self.pictures = self._pictures()
        if self.request.POST.get("do") == "look":
            self.form.errors.clear()  # nothing was sent yet: an address is looked for
            return self._again(200, places=places_like(self.actor.scope, self.request.POST.get("address", "")), looked=True)
        if not self.form.is_valid():
            return self._again(422)
        known = filing.filed_before(self.actor, self.form.cleaned_data["key"])
        return self._done(known) if known else self._judge()

    def _judge(self) -> HttpResponse:
        """Ask what must be asked, show what stands near, else file."""
        spot = spot_typed(self.actor, self.form)
        chosen = self.form.cleaned_data["category"]
        suggestion = None if chosen else suggesting.suggest(words_typed(self.form))
        category = chosen or (suggestion.category if suggestion else None)
        asked = bool(category) and self.request.POST.get("asked") == str(category.pk)
        self.questions = QuestionsForm(self.request.POST if asked else None, category=category)
        if asked and not self.questions.is_valid():
            return self._again(422)
        if not asked and self._must_ask():
            return self._again(409 if self.json else 200, ask=True)
        near = [] if self.request.POST.get("anyway") else self._near(spot)
        if near:
            return self._again(409 if self.json else 200, near=lines_of(near, clock.now()))
        if not self.actor.scope.holds("reports.file", spot.area_code):  # whoever stands across the border of her grid loses nothing
            words = _("%(place)s lies outside your areas: move the place, or choose an area.") % {"place": place_words(spot.area_code)}
            self.form.add_error("area", words)
            return self._again(422)
        try:
            row = self._file(spot, category, self.questions.given() if asked else None)
        except NotAllowed:
            raise
        except DomainError as error:
            if error.field in self.questions.fields:
                self.questions.add_error(error.field, str(error.message))
            else:
                self.form.refuse(error)
            return self._again(422)
        if suggestion is not None:
            words = {"category": suggestion.category, "word": suggestion.word}
            messages.success(self.request, _("Category “%(category)s”, because of the word “%(word)s”.") % words)
        return self._done(row)

    def _near(self, spot: Spot) -> list[Report]:
        if spot.lon is None or spot.lat is None:
            return []
        return suggesting.near(self.actor.scope, spot.lon, spot.lat, clock.now())

    def _must_ask(self) -> bool:
        """A person is shown every question once; what is sent by itself is stopped only by one that must be answered."""
        fields = self.questions.fields.values()
        return any(one.required for one in fields) if self.json else bool(fields)

    def _file(self, spot: Spot, category: Category | None, answers: dict[str, str] | None) -> Report:
        data = self.form.cleaned_data
        return filing.file_report(
            actor=self.actor,
            key=data["key"],
            title=data["title"],
            area_code=spot.area_code,
            category=category,
            located=spot.located,
            source=Source.CALL if data["contact"] or data["phone"] else Source.FIELD,
            urgency=data["urgency"],
            text=data["text"],
            address=spot.address,
            lon=spot.lon,
            lat=spot.lat,
            contact=data["contact"] or None,
            phone=data["phone"] or None,
            answers=answers,
            pictures=self.pictures,
        )

    def _pictures(self) -> list[Picture]:
        """What came with this sending, and what waits from the one before, each once."""
        fresh = {one.mark: one for one in self.form.fields["photos"].readable}
        key = self.form.cleaned_data.get("key")
        if key and self.request.POST.get("kept") and not self.request.POST.get("drop_photos"):
            waited = waiting_photos.laid_by(self.actor.user_id, key)
            if not waited:
                self.form.add_error("photos", _("The photos waited too long. Choose them again."))
            fresh = {one.mark: one for one in waited} | fresh
        return list(fresh.values())

    def _done(self, row: Report) -> HttpResponse:
        if self.request.POST.get("kept"):
            waiting_photos.let_go(self.actor.user_id, row.key)
        address = reverse("reports:filed", args=[row.code])
        return JsonResponse({"code": row.code, "next": address}, status=201) if self.json else redirect(address)

    def _again(self, status: int, *, ask: bool = False, **context: Any) -> HttpResponse:
        """The form once more, with everything that was typed and the photos that could be read."""
        if self.json:
            return JsonResponse(self._reasons(ask=ask, **context), status=status)
        key = self.form.cleaned_data.get("key")
        if self.pictures and key:
            waiting_photos.lay_by(self.actor.user_id, key, self.pictures)
        page = filing_page(self.actor, self.form, self.request.POST)
        if self.questions is not None and self.questions.is_bound:
            page["questions"] = self.questions
        page |= {"kept": len(self.pictures) if key else 0, "ask": ask, **context}
        return render(self.request, "reports/file.html", page, status=status)

    def _reasons(self, *, ask: bool, near: list[Any] | None = None, **_more: Any) -> dict[str, Any]:
        """Why it was not filed, for a script: a sentence, what is wrong by field, what stands near."""
        errors = {
            name: [str(one) for one in listed] for form in (self.form, self.questions) if form for name, listed in form.errors.items()
        }
        if near:
            sentence = _("It may be filed already: “%(title)s”.") % {"title": near[0].row.title}
        elif ask:
            sentence = _("Its category asks something more. Open it and answer.")
        else:
            sentence = " ".join(words for listed in errors.values() for words in listed)
        return {
            "sentence": sentence,
            "errors": errors,
            "ask": ask,
            "near": [{"code": one.row.code, "title": one.row.title, "href": one.href} for one in near or []],
        }


@require_safe
@login_required
def filed(request: HttpRequest, code: str) -> HttpResponse:
    """The report just filed, for whoever filed it: its code, the resident's address, who has it now."""
    rows = Report.objects.visible_to(request.actor.scope).select_related("category", "department")
    row = rows.filter(code=code.upper(), filed_by_id=request.actor.user_id).first()
    if row is None:
        raise Http404
    address = request.build_absolute_uri(following.follow_path(row))
    context = {"row": row, "desk": desk_of(row), "place": place_words(row.area_code), "follow": address, "qr": following.qr_svg(address)}
    return render(request, "reports/filed.html", context)
