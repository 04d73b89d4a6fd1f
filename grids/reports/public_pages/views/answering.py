"""What the resident says to a report: rate its outcome, add something, take it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, InvalidTransition
from tongshan_portal.ui.forms import ActionForm

from ...actions import answering, handling, supplementing
from ...enums import Satisfaction
from ...models import Report
from .. import limiting, pages, queries
from ..forms import RateForm, SupplementForm, WithdrawForm


def back_to(row: Report) -> str:
    """The report's own address."""
    return reverse("reports_public:follow", args=[row.code, row.follow_key])


def form_answer(request: HttpRequest, row: Report, form: ActionForm, call: Any, *, said: str, **context: Any) -> HttpResponse:
    """A page with one form that does one action, as the resident sees it; what is refused keeps what was typed."""
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            call(form.cleaned_data)
        except limiting.TooOften as error:
            form.refuse(error)
            status = 429
        except InvalidTransition:
            form.refuse(DomainError(_("It has moved on in the meantime: look at how it stands now.")))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, said)
            return redirect(back_to(row))
    return pages.answer(request, "reports/public/form.html", status, form=form, row=row, back=back_to(row), **context)


@require_http_methods(["GET", "POST"])
@pages.of_report
def rate(request: HttpRequest, row: Report) -> HttpResponse:
    """Once per closing. "Not solved" opens the report again."""
    if request.method == "GET" and not queries.follow_page(row, clock.now()).may_rate:
        return redirect(back_to(row))
    solved = request.POST.get("satisfaction") != Satisfaction.NOT_SOLVED
    return form_answer(
        request, row, RateForm(request.POST if request.method == "POST" else None),
        lambda data: answering.rate_report(report_id=row.pk, satisfaction=data["satisfaction"], text=data["text"]),
        said=_("Thank you for your answer.") if solved else _("Thank you. It is open again, with everything that happened before."),
        title=_("Was it solved?"), verb=_("Send"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@pages.of_report
def supplement(request: HttpRequest, row: Report) -> HttpResponse:
    """Add something while it lives; a few times a day."""

    def call(data: dict[str, Any]) -> None:
        limiting.spend(limiting.ADDED, row.code, now=clock.now())
        supplementing.supplement(actor=system_actor("residents"), report_id=row.pk, text=data["text"])

    form = SupplementForm(request.POST if request.method == "POST" else None)
    return form_answer(request, row, form, call, said=_("It was added."), title=_("Add something"), verb=_("Add"))


@require_http_methods(["GET", "POST"])
@pages.of_report
def withdraw(request: HttpRequest, row: Report) -> HttpResponse:
    """Take it back, before somebody was sent."""

    def call(_data: dict[str, Any]) -> None:
        if not queries.follow_page(row, clock.now()).may_withdraw:
            raise DomainError(_("It was sent to somebody already: it cannot be withdrawn any more. You can add something."))
        handling.withdraw(actor=system_actor("residents"), report_id=row.pk, reason=_("Withdrawn by the resident."))

    form = WithdrawForm(request.POST if request.method == "POST" else None)
    words = _("Nobody will work on it. What you wrote stays with the number; your contact is erased when you ask for it.")
    return form_answer(
        request, row, form, call, said=_("It was withdrawn."), title=_("Withdraw the report"), verb=_("Withdraw"), words=words, danger=True
    )
