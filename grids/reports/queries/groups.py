"""What needs a person now, and the groups into which it falls: each a number above its own list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as CountRows
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.querysets import found_under
from tongshan_portal.accounts.scope import Scope
from tongshan_portal.kernel import clock
from tongshan_portal.ui.lists import COUNT_CAP, Count

from ..deadlines import LEAD_WITHIN
from ..enums import LIVING, ON_A_DESK, CoHandlingState, ReportState
from ..models import CoHandling, Report, SubTask
from ..narrowing import SOON
from ..policies import DESKS

TO_BE_HANDLED = (ReportState.DISPATCHED, ReportState.HANDLING)
NOBODY = Q(pk__in=[])


def _in_areas(scope: Scope, action: str) -> Q:
    """The condition that a row lies where the scope may do the action."""
    condition = NOBODY
    for code in scope.areas_for(action):
        condition |= found_under(code)
    return condition


def _own_desks(scope: Scope) -> tuple[list[int], list[str]]:
    """The departments and the areas whose desks are the person's."""
    handlers = [reach.department_id for reach in scope.reaches if reach.role is Role.DEPARTMENT_HANDLER and reach.department_id is not None]
    return handlers, [reach.area_code for reach in scope.reaches if reach.role is DESKS.get(len(reach.area_code))]


def _on_own_desk(scope: Scope) -> Q:
    departments, codes = _own_desks(scope)
    return Q(department_id__in=departments) | Q(desk_code__in=codes) if departments or codes else NOBODY


def _orders(actor: Actor) -> Q:
    return _on_own_desk(actor.scope) & Q(state__in=ON_A_DESK, open_orders__gt=0)


def _parts(actor: Actor) -> Q:
    """Sub-tasks of the person's own, and co-handlings that her desk was asked for; they are looked for by who has to do them."""
    departments, codes = _own_desks(actor.scope)
    tasks = SubTask.objects.unscoped("joined with what the scope holds").filter(assignee_id=actor.user_id, done_at=None)
    asked = CoHandling.objects.unscoped("joined with what the scope holds").filter(
        Q(department_id__in=departments) | Q(desk_code__in=codes), state__in=(CoHandlingState.ASKED, CoHandlingState.ACCEPTED)
    )
    condition = Q(pk__in=tasks.order_by().values("report_id"))
    return condition | Q(pk__in=asked.order_by().values("report_id")) if departments or codes else condition


def _decisions(actor: Actor) -> Q:
    """Requests of others that a second person decides: more time, a deferral, voiding."""
    me, scope = actor.user_id, actor.scope
    extension = Q(extension_asked_by__isnull=False) & ~Q(extension_asked_by_id=me)
    deferral = Q(deferral_asked_by__isnull=False) & ~Q(deferral_asked_by_id=me)
    more_time = (extension | deferral) & _in_areas(scope, "reports.approve")
    voiding = Q(void_asked_by__isnull=False) & ~Q(void_asked_by_id=me) & _in_areas(scope, "reports.void")
    return more_time | voiding


def _overseen(actor: Actor, now: datetime) -> Q:
    """What those who hasten look after: late on any desk of their areas, or sent to a desk where nobody signed for half an hour."""
    unsigned = Q(state=ReportState.DISPATCHED, lead__isnull=True, dispatched_at__lte=now - LEAD_WITHIN)
    return _in_areas(actor.scope, "reports.hasten") & (Q(due_at__lt=now) | unsigned)


def _by_role(actor: Actor) -> Q:
    """What stands on the person's desk, and, by role, what is to be opened, dispatched, verified (not by who handled it), closed."""
    condition = _on_own_desk(actor.scope) & Q(state__in=TO_BE_HANDLED)
    for action, state in (
        ("reports.open", ReportState.FILED),
        ("reports.dispatch", ReportState.OPENED),
        ("reports.close", ReportState.VERIFIED),
    ):
        condition |= Q(state=state) & _in_areas(actor.scope, action)
    to_verify = Q(state=ReportState.HANDLED) & ~Q(handled_by_id=actor.user_id)
    return condition | to_verify & _in_areas(actor.scope, "reports.verify")


def needs_me(actor: Actor, now: datetime | None = None) -> QuerySet[Report]:
    """What waits for a deed of this person now. What stands still by a pause waits for somebody else, unless something in it is hers."""
    running = _by_role(actor) & Q(due_at__isnull=False)
    mine = running | _orders(actor) | _parts(actor) | _decisions(actor) | _overseen(actor, now or clock.now())
    return Report.objects.visible_to(actor.scope).filter(mine, state__in=LIVING)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of what needs a person now. `condition` is asked of those rows; `actions`: who has such rows at all, by right."""

    name: str
    label: str | Promise
    definition: str | Promise
    tone: str
    condition: Callable[[Actor, datetime], Q]
    actions: tuple[str, ...] = ("reports.note",)


def _came_back(_actor: Actor, _now: datetime) -> Q:
    returned = Q(bounces__gt=0) | Q(returns__gt=0) | Q(reopened__gt=0)
    return Q(state=ReportState.OPENED) & returned | Q(state=ReportState.HANDLING, rework__gt=0)


GROUPS: tuple[Group, ...] = (
    Group(
        "overdue",
        _("Overdue"),
        _("Of what needs you now: the present step is past its due time. For those who hasten, on any desk of their areas."),
        "late",
        lambda actor, now: Q(due_at__lt=now),
    ),
    Group(
        "soon",
        _("Due within 2 h"),
        _("Of what needs you now: the present step falls due within two hours."),
        "soon",
        lambda actor, now: Q(due_at__gte=now, due_at__lte=now + SOON),
    ),
    Group(
        "unassigned",
        _("Nobody leads"),
        _("Of what needs you now: no accountable person yet. For those who hasten, also what a desk has not signed for within 30 minutes."),
        "soon",
        lambda actor, now: Q(lead__isnull=True),
    ),
    Group(
        "returned",
        _("Came back"),
        _("Of what needs you now: returned or refused by a desk, reopened, or sent back by whoever verified."),
        "late",
        _came_back,
    ),
    Group(
        "answered",
        _("To verify"),
        _("A desk has fed back the result; somebody else than who handled it verifies."),
        "active",
        lambda actor, now: Q(state=ReportState.HANDLED),
        ("reports.verify",),
    ),
    Group(
        "closing",
        _("To answer and close"),
        _("The result is verified; whoever raised it waits for the answer."),
        "active",
        lambda actor, now: Q(state=ReportState.VERIFIED),
        ("reports.close",),
    ),
    Group(
        "orders",
        _("Orders to answer"),
        _("An order of supervision on your desk waits for its answer in writing."),
        "late",
        lambda actor, now: _orders(actor),
        ("reports.handle",),
    ),
    Group(
        "parts",
        _("Sub-tasks, co-handling"),
        _("A piece of the work is yours, or your desk was asked to take part."),
        "active",
        lambda actor, now: _parts(actor),
        ("reports.handle",),
    ),
    Group(
        "decide",
        _("To decide"),
        _("Somebody else asks for more time or a deferral, or proposes to void; a second person decides."),
        "soon",
        lambda actor, now: _decisions(actor),
        ("reports.approve", "reports.void"),
    ),
)
BY_NAME = {group.name: group for group in GROUPS}


def groups_for(actor: Actor) -> list[Group]:
    """The groups in which this person can have something, by right."""
    return [group for group in GROUPS if any(actor.scope.reaches_for(action) for action in group.actions)]


def rows_of(actor: Actor, name: str, now: datetime | None = None) -> QuerySet[Report]:
    """The rows of a group; with an empty name everything that needs the person. Raises KeyError."""
    now = now or clock.now()
    rows = needs_me(actor, now)
    return rows.filter(BY_NAME[name].condition(actor, now)) if name else rows


def numbers_of(actor: Actor, groups: Sequence[Group], now: datetime) -> dict[str, Count]:
    """How many rows each group holds, and "" all of them: one walk over the living rows, whatever lies in the archive."""
    counts = {group.name: CountRows("pk", filter=group.condition(actor, now)) for group in groups}
    found = needs_me(actor, now).order_by().aggregate(everything=CountRows("pk"), **counts)
    found[""] = found.pop("everything")
    return {name: Count(min(number, COUNT_CAP), number > COUNT_CAP) for name, number in found.items()}
