"""The verbs: for each its form where it needs something, else only the button."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.ui.form_pages import form_page
from tongshan_portal.ui.step_pages import after_step, too_late

from ..actions import assigning, closing, dissuading, grading, messaging
from ..forms.steps import StepForm
from ..models import FraudAlert
from ..workflow import STEPS
from .finding import row_or_404


def _plain(action: Callable[..., FraudAlert]) -> Callable[..., FraudAlert]:
    return lambda actor, pk, data: action(actor=actor, alert_id=pk)


def _given(action: Callable[..., FraudAlert], **names: str) -> Callable[..., FraudAlert]:
    """The action with what the form gives: parameter → field."""
    return lambda actor, pk, data: action(actor=actor, alert_id=pk, **{name: data[field] for name, field in names.items()})


def _outcome(actor: Any, pk: int, data: dict[str, Any]) -> FraudAlert:
    amounts = dissuading.Amounts(data["at_risk"], data["transferred"], data["stopped"], data["money_went"], data["money_went_at"])
    return dissuading.record_outcome(actor=actor, alert_id=pk, outcome=data["result"], amounts=amounts, notes=data["notes"])


def _return_call(actor: Any, pk: int, data: dict[str, Any]) -> FraudAlert:
    safe = {"yes": True, "no": False}.get(data["is_safe"])
    return closing.make_return_call(actor=actor, alert_id=pk, reached=data["reached"], is_safe=safe, notes=data["notes"])


VERBS: dict[str, Callable[..., FraudAlert]] = {
    "place": _given(assigning.place, area_code="area"),
    "assign": _given(assigning.assign, recipient="recipient"),
    "accept": _plain(assigning.accept),
    "pass_on": _given(assigning.pass_on, reason="reason"),
    "snooze": _given(assigning.snooze, until="until", reason="reason"),
    "wake": _plain(assigning.wake),
    "merge": _given(assigning.merge, into_code="recipient", reason="reason"),
    "escalate": _given(dissuading.escalate, to="recipient", reason="reason"),
    "record_outcome": _outcome,
    "hand_over": _given(dissuading.hand_over, reason="reason"),
    "check_outcome": lambda actor, pk, data: closing.check_outcome(actor=actor, alert_id=pk, loss_avoided=data.get("loss_avoided")),
    "send_back": _given(closing.send_back, reason="reason"),
    "make_return_call": _return_call,
    "close": _plain(closing.close),
    "reopen": _given(closing.reopen, reason="reason"),
    "regrade": _given(grading.regrade, grade="grade", reason="reason"),
    "call_off": _given(grading.call_off, reason="reason"),
    "send_advice": _plain(messaging.send_advice),
}


@require_http_methods(["GET", "POST"])
@login_required
def step(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One verb: its form where it needs something, else only the button."""
    if verb not in VERBS:
        raise Http404
    row = row_or_404(request, code)
    transition = STEPS.way_out(row.state, verb)
    back = reverse("alerts:show", args=[row.code])
    if transition is None:
        return too_late(request, row, back)
    require(request.actor, transition.action, row)

    def call(data: dict[str, Any]) -> str:
        VERBS[verb](request.actor, row.pk, data)
        return after_step(request, row, transition, "alerts")

    form = StepForm(request.POST if request.method == "POST" else None, transition=transition, row=row, actor=request.actor)
    title = f"{transition.label} · {row.code}"
    return form_page(request, form, call, "alerts/step.html", title=title, verb=transition.label, back=back, row=row)
