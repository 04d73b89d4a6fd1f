"""What is kept of a number, for its holder: see, correct, copy, bind, withdraw, erase."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ui.form_pages import form_page

from ..actions import copying, family, registering
from ..forms.public import CorrectForm, MemberForm, SureForm
from ..models import ConsentText, FamilyMember, PhoneCode
from ..queries import choosing
from ..queries import mine as queries
from ..residents import resident
from . import doors


@doors.proved
@require_safe
def done(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Registered: what happens next, and how to withdraw."""
    return render(request, "bell/done.html", {"mine": queries.mine(proof)})


@doors.proved
@require_safe
def show(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Everything that is kept of the number."""
    return render(request, "bell/mine.html", {"mine": queries.mine(proof)})


@doors.proved
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Ask a family member."""

    def call(data: dict[str, Any]) -> str:
        doors.counted("code", request)
        family.ask_member(actor=resident(), proof=proof, **data)
        words = _("The child is protected.") if data["is_child"] else _("Asked. They are protected as soon as they say yes themselves.")
        messages.success(request, words)
        return reverse("bell:mine")

    text = ConsentText.objects.order_by("-version").first()
    return form_page(request, MemberForm(request.POST or None), call, template="bell/member.html", text=text)


@doors.proved
@require_POST
def remove_member(request: HttpRequest, proof: PhoneCode, pk: int) -> HttpResponse:
    """Take a member out of the family."""
    return _tried(request, lambda: family.remove_member(actor=resident(), proof=proof, member_id=pk))


@doors.proved
@require_POST
def answer(request: HttpRequest, proof: PhoneCode, pk: int, word: str) -> HttpResponse:
    """Answer a family that asked."""
    return _tried(request, lambda: family.answer_ask(actor=resident(), proof=proof, member_id=pk, answer=word))


def _tried(request: HttpRequest, call: Any) -> HttpResponse:
    try:
        call()
    except FamilyMember.DoesNotExist:
        raise Http404 from None
    except NotAllowed:
        return redirect("bell:sign")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("bell:mine")


@doors.proved
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Correct one's registration."""

    def call(data: dict[str, Any]) -> str:
        area = data.pop("area")
        registering.correct_registration(actor=resident(), proof=proof, area_code=area, **data)
        messages.success(request, _("Corrected."))
        return reverse("bell:mine")

    row = queries.mine(proof).registration
    if row is None:
        return redirect("bell:mine")
    held = {"area": row.area_code, "follows": row.follows, "tells_family": row.tells_family, "name": copying.own_name(proof=proof)}
    form = CorrectForm(request.POST or None, initial=held, communities=choosing.all_communities())
    return form_page(request, form, call, template="bell/step.html", title=_("Correct my data"), verb=_("Save"))


@doors.proved
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Withdraw one's registration: one press, as registering was."""

    def call(_data: dict[str, Any]) -> str:
        registering.withdraw_own(actor=resident(), proof=proof)
        messages.success(request, _("Withdrawn. Your number is matched with no warning from now on."))
        return reverse("bell:mine")

    words = _("From now on your number and your family's are matched with no warning. Number and name are erased in 30 days.")
    return form_page(request, SureForm(request.POST or None), call, template="bell/step.html", title=_("Withdraw"), verb=_("Withdraw"),
                     words=words)  # fmt: skip


@doors.proved
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """Erase everything that is kept of the number, at once."""

    def call(_data: dict[str, Any]) -> str:
        registering.erase_own(actor=resident(), proof=proof)
        doors.forget(request)
        messages.success(request, _("Erased. Nothing is kept of your number any more, only counts that identify nobody."))
        return reverse("bell:start")

    words = _("Number, name, family and answers are erased at once and cannot be brought back.")
    return form_page(request, SureForm(request.POST or None), call, template="bell/step.html", title=_("Erase my data"), verb=_("Erase"),
                     words=words, danger=True)  # fmt: skip


@doors.proved
@require_POST
def copy(request: HttpRequest, proof: PhoneCode) -> HttpResponse:
    """A copy of one's data as a file."""
    doors.counted("ask", request)
    answer = JsonResponse(copying.copy_own(actor=resident(), proof=proof), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@doors.public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """This device forgets the number."""
    doors.forget(request)
    messages.success(request, _("This device does not know your number any more."))
    return redirect("bell:start")
