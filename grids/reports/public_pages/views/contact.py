"""The resident's own contact: see that it is kept, correct it, erase it (个保法 44–47)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

from ...actions import own_contact
from ...models import Report
from .. import pages, queries
from ..forms import ContactForm, EraseForm


def _page(request: HttpRequest, row: Report, form: ContactForm, status: int = 200, opened: dict[str, str] | None = None) -> HttpResponse:
    page = queries.follow_page(row, clock.now())
    if pages.is_kiosk(request):
        form.forget_typed()
    return pages.answer(
        request, "reports/public/contact.html", status, form=form, page=page, opened=opened, days=settings.RESIDENT_CONTACT_DAYS
    )


def _back(row: Report) -> HttpResponse:
    return redirect(reverse("reports_public:contact", args=[row.code, row.follow_key]))


@require_http_methods(["GET", "POST"])
@pages.of_report
def change(request: HttpRequest, row: Report) -> HttpResponse:
    """What is kept, masked, and a form that puts something else in its place."""
    form = ContactForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = form.cleaned_data
        try:
            own_contact.change_own_contact(actor=system_actor("residents"), report_id=row.pk, **given)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your contact was corrected."))
            return _back(row)
    return _page(request, row, form, 422 if request.method == "POST" else 200)


@require_POST
@pages.of_report
def show(request: HttpRequest, row: Report) -> HttpResponse:
    """What is kept, in the clear: on this answer alone, which no cache keeps."""
    try:
        opened = own_contact.open_own_contact(actor=system_actor("residents"), report_id=row.pk)
    except DomainError as error:
        messages.error(request, str(error))
        return _back(row)
    return _page(request, row, ContactForm(), opened=opened)


@require_POST
@pages.of_report
def erase(request: HttpRequest, row: Report) -> HttpResponse:
    """Erase name, phone or both, at once."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, row, ContactForm(), 422)
    what = form.cleaned_data["what"]
    try:
        own_contact.erase_own_contact(
            actor=system_actor("residents"), report_id=row.pk, fields=own_contact.FIELDS if what == "all" else (what,)
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It was erased."))
    return _back(row)
