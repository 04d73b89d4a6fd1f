"""The desk's pages: the notices, one notice, writing, the steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongshan_portal.accounts.policy import can, require
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page
from tongshan_portal.ui.step_pages import too_late

from ..actions import publishing, writing
from ..forms.notice import NothingForm, NoticeForm, ReasonForm, initial_of
from ..models import FraudNotice
from ..queries import desk as queries
from ..workflow import STEPS
from .finding import row_or_404

VIEWS = {
    "force": gettext_lazy("In force"),
    "approve": gettext_lazy("To approve"),
    "draft": gettext_lazy("Drafts"),
    "over": gettext_lazy("Over"),
}
INSIDE = ("approve", "draft")
"""Tabs of the desk and of those who approve."""


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The notices that the reader may see."""
    require(request.actor, "publicity.view")
    is_desk = bool(request.actor.scope.reaches_for("publicity.approve"))
    shown = {name: words for name, words in VIEWS.items() if is_desk or name not in INSIDE}
    view = request.GET.get("view", "force")
    if view not in shown:
        raise Http404
    rows = queries.rows_of(request.actor, view)
    page = lists.page_of(request, rows.select_related("advice__text"), order=queries.ORDER)
    context = {
        "tabs": shown.items(), "view": view, "page": page, "lines": queries.lines_of(page.rows, request.actor),
        "count": lists.count_of(rows), "may_write": bool(can(request.actor, "publicity.write")), "is_desk": is_desk,
    }  # fmt: skip
    return render(request, "publicity/index.html", context)


@require_safe
@login_required
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One notice."""
    return render(request, "publicity/show.html", {"page": queries.sheet(request.actor, row_or_404(request, number))})


def _writing_page(request: HttpRequest, form: NoticeForm, call: Callable[[dict[str, Any]], str], **context: Any) -> HttpResponse:
    return form_page(request, form, call, template="publicity/write.html", **context)


@require_http_methods(["GET", "POST"])
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Write a notice."""
    require(request.actor, "publicity.write")

    def call(data: dict[str, Any]) -> str:
        return reverse("publicity:show", args=[writing.draft_notice(actor=request.actor, **data).number])

    own = request.actor.scope.areas_for("publicity.write")
    initial = {"areas": own[0] if len(own) == 1 else "", "to_residents": True, "to_staff": True, "urgency": "ordinary"}
    form = NoticeForm(request.POST or None, initial=initial)
    return _writing_page(
        request, form, call, title=_("New notice against fraud"), verb=_("Keep as a draft"), back=reverse("publicity:index")
    )


@require_http_methods(["GET", "POST"])
@login_required
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a draft."""
    row = row_or_404(request, number)
    require(request.actor, "publicity.write", row)
    back = reverse("publicity:show", args=[row.number])
    if _transition(row, "correct") is None:
        return too_late(request, row, back)

    def call(data: dict[str, Any]) -> str:
        writing.correct_notice(actor=request.actor, notice_id=row.pk, **data)
        return back

    form = NoticeForm(request.POST or None, initial=initial_of(row, queries.codes_of(row)))
    title = _("Correct the notice %(number)s") % {"number": row.number}
    return _writing_page(request, form, call, title=title, verb=_("Keep"), back=back)


def _transition(row: FraudNotice, verb: str) -> Any:
    return next((one for one in STEPS.out_of(row.state) if one.verb == verb and not one.by_system), None)


STEPS_TAKEN: dict[str, Callable[..., FraudNotice]] = {
    "submit": lambda actor, pk, data: publishing.submit_notice(actor=actor, notice_id=pk),
    "take_back": lambda actor, pk, data: publishing.take_back(actor=actor, notice_id=pk),
    "send_back": lambda actor, pk, data: publishing.send_back(actor=actor, notice_id=pk, reason=data["reason"]),
    "discard": lambda actor, pk, data: publishing.discard_notice(actor=actor, notice_id=pk),
    "publish": lambda actor, pk, data: publishing.publish_notice(actor=actor, notice_id=pk),
    "draft_update": lambda actor, pk, data: writing.draft_update(actor=actor, notice_id=pk),
    "cancel": lambda actor, pk, data: publishing.cancel_notice(actor=actor, notice_id=pk, reason=data["reason"]),
}
"""Verb → its action, with what the form gave."""


@require_http_methods(["GET", "POST"])
@login_required
def step(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """One verb: its form where it needs something, else only the button."""
    if verb not in STEPS_TAKEN:
        raise Http404
    row = row_or_404(request, number)
    back = reverse("publicity:show", args=[row.number])
    transition = _transition(row, verb)
    if transition is None:
        return too_late(request, row, back)
    require(request.actor, transition.action, row)

    def call(data: dict[str, Any]) -> str:
        made = STEPS_TAKEN[verb](request.actor, row.pk, data)
        messages.success(request, _("Done: %(verb)s.") % {"verb": transition.label})
        return reverse("publicity:show", args=[made.number])

    form = (ReasonForm if transition.needs else NothingForm)(request.POST if request.method == "POST" else None)
    title = f"{transition.label}{_(': ')}{row.title}"
    context = {"title": title, "verb": transition.label, "back": back, "row": row, "step": verb, "danger": verb in ("cancel", "discard")}
    return form_page(request, form, call, template="publicity/step.html", **context)
