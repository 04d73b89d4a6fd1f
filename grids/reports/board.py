"""What case reports put on the home of a desk: the decisions that wait, the numbers above them, the sentences of the ticker."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grids.areas.names import path_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.ui.board import Counter, register_counter, register_ticker
from tongshan_portal.ui.desk import Group, Waiting, register_waiting
from tongshan_portal.ui.lists import Count, count_of

from .enums import ReportState
from .models import Report
from .narrowing import Only, narrowed
from .queries.groups import needs_me
from .queries.worklist import Line, lines_of


def _group(line: Line) -> str:
    if line.due_tone:
        return Group.OVERDUE if line.due_tone == "late" else Group.SOON
    if line.row.state in (ReportState.HANDLED, ReportState.VERIFIED):
        return Group.ANSWERED
    return Group.UNASSIGNED if line.row.lead_id is None else Group.OTHER


def _waiting(line: Line) -> Waiting:
    row = line.row
    return Waiting(
        label=row.title,
        about=line.state,
        href=line.href,
        due=line.due,
        tone=line.due_tone,
        code=row.code,
        place=" · ".join(name for _code, name in path_of(row.area_code)),
        who=_("A resident waits") if row.somebody_waits else "",
        group=_group(line),
        preview=line.href,
        point=(row.lon, row.lat) if row.lon is not None and row.lat is not None else None,
    )


def waiting_for(actor: Actor, limit: int) -> list[Waiting]:
    """What of the reports needs the person now, what is due first at the top: for the home of the desk. One query."""
    rows = needs_me(actor).select_related("category", "department").order_by("sort_due", "id")[:limit]
    return [_waiting(line) for line in lines_of(list(rows), clock.now())]


def _only(only: str) -> Q:
    return narrowed(only, clock.now())


def _count(condition: Callable[[], Q], actor: Actor) -> Count:
    """Living reports of the actor's scope; the partial indexes over the living serve every one of these questions."""
    return count_of(Report.objects.visible_to(actor.scope).living().filter(condition()))


def _rows(query: str, _actor: Actor) -> str:
    return f"{reverse('reports:index')}?view=living&{query}"


def _counter(order: int, name: str, query: str, condition: Callable[[], Q], label: Any, definition: Any, action: str, tone: str) -> Counter:
    return Counter(
        name=f"reports.{name}",
        label=label,
        definition=definition,
        action=action,
        or_action="reports.view_dispatched" if action == "reports.view" else "",
        topic="reports",
        count=partial(_count, condition),
        href=partial(_rows, query),
        order=order,
        tone=tone,
    )


COUNTERS = [
    _counter(
        10, "overdue", "only=overdue", partial(_only, Only.OVERDUE), _("Overdue"),
        _("Reports that are not closed and whose present step is past its time limit. A paused clock is not overdue."),
        "reports.view", "late",
    ),
    _counter(
        20, "soon", "only=soon", partial(_only, Only.SOON), _("Due within two hours"),
        _("Reports that are not closed and whose present step falls due within two hours."),
        "reports.view", "soon",
    ),
    _counter(
        30, "no_lead", "only=no_lead", partial(_only, Only.NO_LEAD), _("Nobody leads it"),
        _("Reports that are not closed and that nobody has signed for: no accountable person yet."),
        "reports.view", "",
    ),
    _counter(
        40, "urgent", "only=urgent", partial(_only, Only.URGENT), _("Urgent"),
        _("Reports that are not closed and whose urgency is urgent or emergency."),
        "reports.view", "",
    ),
    _counter(
        50, "to_verify", "state=handled", partial(Q, state=ReportState.HANDLED), _("To verify"),
        _("Reports whose result was fed back and waits for somebody else to verify it."),
        "reports.verify", "",
    ),
    _counter(
        60, "to_close", "state=verified", partial(Q, state=ReportState.VERIFIED), _("To answer and close"),
        _("Reports that were verified and wait for the answer to whoever raised them."),
        "reports.close", "",
    ),
    _counter(
        70, "orders", "only=orders", partial(_only, Only.ORDERS), _("Orders unanswered"),
        _("Reports that are not closed and have an order of supervision without its answer in writing."),
        "reports.view", "",
    ),
]  # fmt: skip

TICKER: Mapping[str, str | Promise] = {
    "report.filed": _("Report %(report)s was filed."),
    "report.opened": _("Report %(report)s was opened."),
    "report.dispatched": _("Report %(report)s was dispatched."),
    "report.signed_for": _("Report %(report)s was signed for."),
    "report.lead_lost": _("Report %(report)s: its lead left, it waits to be signed for again."),
    "report.objected_to": _("Report %(report)s: the desk says that it is not theirs."),
    "report.returned": _("Report %(report)s was returned."),
    "report.fed_back": _("Report %(report)s: the result was fed back."),
    "report.verified": _("Report %(report)s was verified."),
    "report.sent_back": _("Report %(report)s was sent back: the result does not hold yet."),
    "report.closed": _("Report %(report)s was closed."),
    "report.reopened": _("Report %(report)s was reopened."),
    "report.extension_asked": _("Report %(report)s: more time was asked for."),
    "report.extended": _("Report %(report)s was given more time."),
    "report.hastened": _("Report %(report)s was hastened."),
    "report.supervised": _("Report %(report)s: supervision was ordered."),
    "report.order_answered": _("Report %(report)s: the order was answered."),
    "report.withdrawn": _("Report %(report)s was withdrawn."),
    "report.voided": _("Report %(report)s was voided."),
    "report.merged": _("Report %(report)s was merged into another."),
    "report.overdue": _("Report %(report)s is overdue."),
    "report.escalated": _("Report %(report)s has been overdue for a working day."),
    "report.no_lead": _("Report %(report)s has had no accountable person for 30 minutes."),
}
"""Notes, pauses and other small things stay out: the ticker says what changes where a matter stands."""


def _link(line: Mapping[str, Any]) -> str:
    return reverse("reports:show", args=[line["report"]]) if line.get("report") else ""


def register() -> None:
    """Put reports on the dashboard; called once, when the app is ready."""
    register_waiting(waiting_for)
    register_ticker(TICKER, _link)
    for counter in COUNTERS:
        register_counter(counter)
