"""One alert, and the form of an attempt."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import require
from tongshan_portal.ui.form_pages import form_page

from ..actions.dissuading import AttemptGiven, record_attempt
from ..actions.opening import note_opening
from ..enums import TRIED
from ..forms.attempt import AttemptForm
from ..queries.matter import alert_page
from ..workflow import STEPS
from .finding import row_or_404


@require_safe
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One alert."""
    row = row_or_404(request, code)
    note_opening(actor=request.actor, row=row)
    return render(request, "alerts/show.html", {"page": alert_page(request.actor, row)})


@require_http_methods(["GET", "POST"])
@login_required
def attempt(request: HttpRequest, code: str) -> HttpResponse:
    """Record an attempt: what came of it is the button."""
    row = row_or_404(request, code)
    back = reverse("alerts:show", args=[row.code])
    if "record_attempt" not in {item.verb for item in STEPS.out_of(row.state)}:
        messages.error(
            request, _("“%(state)s”: somebody was faster, or this is not possible any more.") % {"state": row.get_state_display()}
        )
        return redirect(back)
    require(request.actor, "alerts.handle", row)
    page = alert_page(request.actor, row)

    def call(data: dict[str, Any]) -> str:
        record_attempt(actor=request.actor, alert_id=row.pk, attempt=AttemptGiven(**data))
        messages.success(request, _("The attempt is recorded."))
        return back

    form = AttemptForm(
        request.POST if request.method == "POST" else None, initial={"channel": page.policy.channel}, asks_why=bool(page.call_limit)
    )
    context = {"page": page, "answers": [(one.value, one.label) for one in TRIED], "back": back}
    return form_page(request, form, call, "alerts/attempt.html", **context)
