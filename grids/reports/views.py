"""Pages of case reports: the worklist, filing, one report with its verbs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.ui import lists
from tongshan_portal.ui.form_pages import form_page

from . import queries, suggesting
from .actions import filing, handling, oversight
from .enums import LIVING, Located, ReportState, Source
from .filters import ReportFilter
from .forms import FileForm, StepForm
from .models import Report
from .routing import recipient_named
from .workflow import STEPS

VIEWS = {"now": _("Needs me now"), "living": _("Not closed"), "mine": _("Filed by me"), "closed": _("Closed"), "all": _("All")}
ORDER = ("-filed_at", "-id")


def _row_or_404(request: HttpRequest, code: str) -> Report:
    rows = Report.objects.visible_to(request.actor.scope).select_related("category", "department", "lead", "filed_by", "merged_into")  # type: ignore[attr-defined]
    row = rows.filter(code=code.upper()).first()
    if row is None:
        raise Http404
    return row


def _chosen(request: HttpRequest, view: str) -> tuple[Any, tuple[str, ...]]:
    """The rows of a tab and their order: what needs me by due time, everything else the newest first."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Report.objects.visible_to(actor.scope)
    if view == "now":
        return queries.needs_me(actor).filter(due_at__isnull=False), ("due_at", "id")
    if view == "living":
        return rows.filter(state__in=LIVING), ORDER
    if view == "mine":
        return rows.filter(filed_by_id=actor.user_id), ORDER
    if view == "closed":
        return rows.filter(state=ReportState.CLOSED), ORDER
    return rows, ORDER


@require_GET
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The worklist: what needs me now first."""
    view = request.GET.get("view", "now")
    if view not in VIEWS:
        raise Http404
    rows, order = _chosen(request, view)
    found = ReportFilter(request.GET, rows, request=request)
    rows = found.qs if found.is_valid() else found.queryset.none()
    try:
        page = lists.page_of(request, rows.select_related("category", "department"), order=order)
    except lists.WrongCursor as error:
        raise BadRequest(str(error)) from error
    context = {
        "views": VIEWS,
        "view": view,
        "filter": found,
        "page": page,
        "lines": queries.lines_of(page.rows, clock.now()),
        "count": lists.count_of(rows),
        "may_file": request.actor.scope.reaches_for("reports.file"),
    }
    return render(request, "reports/index.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def file_report(request: HttpRequest) -> HttpResponse:
    """File a report. What is likely the same matter is shown before it is sent; sending again files it all the same."""
    require(request.actor, "reports.file")
    context: dict[str, Any] = {"near": [], "suggestion": None}

    def call(data: dict[str, Any]) -> HttpResponse | str:
        area, located = data["area"], Located.CHOSEN
        if not area:
            area, located = suggesting.area_of(data["lon"], data["lat"])
            if not area:  # the desk decides: it lies with the whole area of the posting
                area = request.actor.scope.reaches_for("reports.file")[0].area_code
        suggestion = None if data["category"] else suggesting.suggest(data["title"] + data["text"])
        if data["lon"] is not None and not request.POST.get("anyway"):
            near = suggesting.near(request.actor.scope, data["lon"], data["lat"], clock.now())
            if near:
                context["near"] = queries.lines_of(near, clock.now())
                return render(request, "reports/file.html", {"form": form, **context})
        row = filing.file_report(
            actor=request.actor,
            key=data["key"],
            title=data["title"],
            area_code=area,
            category=data["category"] or (suggestion.category if suggestion else None),
            located=located,
            source=Source.CALL if data["contact"] or data["phone"] else Source.FIELD,
            urgency=data["urgency"],
            text=data["text"],
            address=data["address"],
            lon=data["lon"],
            lat=data["lat"],
            contact=data["contact"] or None,
            phone=data["phone"] or None,
        )
        if suggestion is not None:
            words = {"code": row.code, "category": suggestion.category, "word": suggestion.word}
            messages.success(request, _("%(code)s is filed. Category “%(category)s”, because of the word “%(word)s”.") % words)
        else:
            messages.success(request, _("%(code)s is filed.") % {"code": row.code})
        return reverse("reports:show", args=[row.code])

    own = request.actor.scope.reaches_for("reports.file")
    first = own[0].area_code if len(own) == 1 and len(own[0].area_code) >= 15 else ""
    form = FileForm(request.POST if request.method == "POST" else None, initial={"area": first[:15]})
    return form_page(request, form, call, "reports/file.html", **context)


@require_GET
@login_required
def show(request: HttpRequest, code: str) -> HttpResponse:
    """One report."""
    row = _row_or_404(request, code)
    return render(request, "reports/show.html", {"page": queries.report_page(request.actor, row)})


def _plain(action: Callable[..., Report]) -> Callable[..., Report]:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk)


def _reason(action: Callable[..., Report]) -> Callable[..., Report]:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk, reason=data["reason"])


def _result(action: Callable[..., Report]) -> Callable[..., Report]:
    return lambda actor, row, data: action(actor=actor, report_id=row.pk, result=data["result"])


VERBS: dict[str, Callable[..., Report]] = {
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
    "close": _plain(handling.close),
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
    "hasten": _reason(oversight.hasten),
    "supervise": _reason(oversight.supervise),
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
    row = _row_or_404(request, code)
    transition = STEPS.find(row.state, verb) if verb in {item.verb for item in STEPS.out_of(row.state)} else None
    back = reverse("reports:show", args=[row.code])
    if transition is None:
        messages.error(
            request, _("“%(state)s”: somebody was faster, or this is not possible any more.") % {"state": row.get_state_display()}
        )
        return redirect(back)
    require(request.actor, transition.action, row)

    def call(data: dict[str, Any]) -> str:
        VERBS[verb](request.actor, row, data)
        messages.success(request, _("Done: %(verb)s.") % {"verb": transition.label})
        seen = Report.objects.visible_to(request.actor.scope).filter(pk=row.pk).exists()
        return back if seen else reverse("reports:index")

    form = StepForm(request.POST if request.method == "POST" else None, transition=transition, row=row)
    title = f"{transition.label} · {row.code}"
    return form_page(request, form, call, "reports/step.html", title=title, verb=transition.label, back=back, row=row)
