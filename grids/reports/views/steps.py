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

from ..actions import answering, co_handling, deferring, handling, moving, oversight, splitting, sub_tasks
from ..actions.opening import came_back, note_opening
from ..forms.steps import StepForm
from ..routing import recipient_named
from ..workflow import STEPS
from .finding import row_or_404

READS_THE_RETURN = ("dispatch", "feed_back")
"""Verbs on what came back: their page says why it did."""

Call = Callable[..., Any]
"""`(actor, row, the form's cleaned data)` → the action's answer."""


def _plain(action: Call) -> Call:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk)


def _reason(action: Call) -> Call:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk, reason=data["reason"])


def _result(action: Call) -> Call:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk, result=data["result"])


def _to(action: Call) -> Call:
    return lambda actor, row, data: action(
        actor=actor, report_id=row.pk, recipient=recipient_named(data["recipient"], row), reason=data["reason"]
    )


def _part(action: Call, *names: str) -> Call:
    """A verb on one of several parts: `names` are the other fields that the action takes as they are."""
    return lambda actor, row, data: action(actor=actor, report_id=row.pk, part_id=int(data["part"]), **{name: data[name] for name in names})


VERBS: dict[str, Call] = {
    "open_report": _plain(handling.open_report),
    "dispatch": lambda actor, row, data: handling.dispatch(
        actor=actor, report_id=row.pk, recipient=recipient_named(data["recipient"], row)
    ),
    "place": lambda actor, row, data: handling.place(actor=actor, report_id=row.pk, area_code=data["area"]),
    "classify": lambda actor, row, data: handling.classify(
        actor=actor, report_id=row.pk, category=data["category"], urgency=data["urgency"]
    ),
    "sign_for": _plain(handling.sign_for),
    "object_to": _reason(handling.object_to),
    "return_report": _reason(handling.return_report),
    "feed_back": _result(handling.feed_back),
    "verify": _plain(handling.verify),
    "send_back": _reason(handling.send_back),
    "send_up": _reason(moving.send_up),
    "send_up_to_centre": _reason(moving.send_up_to_centre),
    "send_down": lambda actor, row, data: moving.send_down(
        actor=actor, report_id=row.pk, recipient=recipient_named(data["recipient"], row)
    ),
    "transfer": _to(moving.transfer),
    "ask_co_handling": _to(co_handling.ask_co_handling),
    "accept_co_handling": _part(co_handling.accept_co_handling),
    "refuse_co_handling": _part(co_handling.refuse_co_handling, "reason"),
    "finish_co_handling": _part(co_handling.finish_co_handling, "result"),
    "drop_co_handling": _part(co_handling.drop_co_handling, "reason"),
    "give_sub_task": lambda actor, row, data: sub_tasks.give_sub_task(
        actor=actor, report_id=row.pk, assignee_id=int(data["recipient"]), text=data["reason"], due_at=data["due_at"]
    ),
    "finish_sub_task": _part(sub_tasks.finish_sub_task, "result"),
    "split_off": lambda actor, row, data: splitting.split_off(
        actor=actor, report_id=row.pk, key=data["key"], title=data["reason"], recipient=recipient_named(data["recipient"], row)
    ),
    "make_return_call": lambda actor, row, data: answering.make_return_call(actor=actor, report_id=row.pk, **data),
    "close": lambda actor, row, data: handling.close(actor=actor, report_id=row.pk, answer=data["answer"]),
    "reopen": _reason(handling.reopen),
    "withdraw": _reason(handling.withdraw),
    "merge": lambda actor, row, data: handling.merge(actor=actor, report_id=row.pk, into_code=data["recipient"], reason=data["reason"]),
    "unmerge": _reason(handling.unmerge),
    "pause": _reason(oversight.pause),
    "resume": _plain(oversight.resume),
    "ask_extension": lambda actor, row, data: oversight.ask_extension(
        actor=actor, report_id=row.pk, amount=data["amount"], reason=data["reason"]
    ),
    "approve_extension": _plain(oversight.approve_extension),
    "refuse_extension": _reason(oversight.refuse_extension),
    "ask_deferral": lambda actor, row, data: deferring.ask_deferral(
        actor=actor, report_id=row.pk, until=data["until"], reason=data["reason"]
    ),
    "approve_deferral": _plain(deferring.approve_deferral),
    "refuse_deferral": _reason(deferring.refuse_deferral),
    "hasten": _reason(oversight.hasten),
    "supervise": lambda actor, row, data: oversight.supervise(actor=actor, report_id=row.pk, reason=data["reason"], due_at=data["due_at"]),
    "answer_order": _result(oversight.answer_order),
    "add_note": _reason(oversight.add_note),
    "propose_void": _reason(oversight.propose_void),
    "confirm_void": _plain(oversight.confirm_void),
    "reject_void": _reason(oversight.reject_void),
}


@require_http_methods(["GET", "POST"])
@login_required
def step(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """One verb: its form where it needs something, else only the button."""
    if verb not in VERBS:
        raise Http404
    row = row_or_404(request, code)
    transition = STEPS.way_out(row.state, verb)
    back = reverse("reports:show", args=[row.code])
    if transition is None:
        return too_late(request, row, back)
    require(request.actor, transition.action, row)

    def call(data: dict[str, Any]) -> str:
        VERBS[verb](request.actor, row, data)
        return after_step(request, row, transition, "reports")

    initial = {"part": request.GET["part"]} if "part" in request.GET else None
    form = StepForm(
        request.POST if request.method == "POST" else None, transition=transition, row=row, actor=request.actor, initial=initial
    )
    title = f"{transition.label} · {row.code}"
    returned = came_back(row) if verb in READS_THE_RETURN else None
    if returned is not None and request.method == "GET":
        note_opening(actor=request.actor, row=row)  # the page says why it came back
    return form_page(request, form, call, "reports/step.html", title=title, verb=transition.label, back=back, row=row, returned=returned)
