"""By when: the time limit of each stage, its clock, and the rungs of escalation."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.due import due_at
from tongshan_portal.workflow.escalation import Rung, next_rung, rung_times
from tongshan_portal.workflow.limits import TimeLimit, Unit

from .enums import STAGE_OF, Stage
from .models import Report, TimePolicy

RUNGS = (
    Rung("warning", -2, Unit.WORKING_HOUR, "desk"),
    Rung("overdue", 0, Unit.HOUR, "sender"),
    Rung("escalated", 8, Unit.WORKING_HOUR, "supervisor"),
)
"""Before it is due the desk hears of it, when it is due whoever sends, a working day later the supervisor."""

LEAD_WITHIN = timedelta(minutes=30)
"""A matter without an accountable person for so long is itself an alarm."""

FALLBACK = {
    Stage.ACCEPT: TimeLimit(2, Unit.WORKING_HOUR),
    Stage.DISPATCH: TimeLimit(2, Unit.WORKING_HOUR),
    Stage.SIGN_FOR: TimeLimit(4, Unit.WORKING_HOUR),
    Stage.HANDLE: TimeLimit(5, Unit.WORKING_DAY),
    Stage.VERIFY: TimeLimit(1, Unit.WORKING_DAY),
    Stage.ANSWER: TimeLimit(1, Unit.WORKING_DAY),
    Stage.TOTAL: TimeLimit(7, Unit.WORKING_DAY),
    Stage.RATE: TimeLimit(15, Unit.DAY),
    Stage.ORDER: TimeLimit(1, Unit.WORKING_DAY),
}
"""Where no time limit is kept at all: defaults of the portal, labelled so."""


def limit_for(stage: Stage, category_id: int | None, urgency: str) -> tuple[TimeLimit, str]:
    """The limit and the name of the policy it came from. The most exact policy holds: category, then urgency."""
    condition = Q(stage=stage) & (Q(category=None) | Q(category_id=category_id)) & Q(urgency__in=["", urgency])
    row = most_exact(TimePolicy.objects.filter(condition), category_id, urgency)
    return (FALLBACK[stage], "default") if row is None else (limit_of(row), name_of(row))


def most_exact(rows: Iterable[TimePolicy], category_id: int | None, urgency: str) -> TimePolicy | None:
    """Of the policies of one stage the one that holds: category before urgency before all."""
    found = [row for row in rows if row.category_id in (None, category_id) and row.urgency in ("", urgency)]
    return min(found, key=lambda row: (row.category_id is None, row.urgency == ""), default=None)


def limit_of(row: TimePolicy) -> TimeLimit:
    """What a policy says, as a value that clocks keep."""
    return TimeLimit(row.amount, Unit(row.unit), source=row.source, extendable=row.extendable)


def name_of(row: TimePolicy) -> str:
    """How a clock names the policy, and its version, under which it runs."""
    return f"{row.pk}.{row.version}"


def begin(row: Report, now: datetime) -> None:
    """Start the clock of the hop that runs in the row's state; none in a state where nobody has anything to do."""
    stage = STAGE_OF.get(row.state)  # type: ignore[call-overload]
    if stage is None:
        keep(row, None)
        return
    limit, policy = limit_for(stage, row.category_id, row.urgency)
    keep(row, Clock(now, limit, policy=policy))


def begin_total(row: Report, now: datetime) -> None:
    """Start the clock of the whole loop."""
    limit, policy = limit_for(Stage.TOTAL, row.category_id, row.urgency)
    keep_total(row, Clock(now, limit, policy=policy))


def keep(row: Report, clock: Clock | None) -> None:
    """Store a hop's clock with its due time and the moment of the next rung; nothing falls due while it stands still."""
    due = clock.due() if clock else None
    row.clock, row.due_at = clock.as_json() if clock else None, due.at if due else None
    row.climbed = 0
    row.rung_at = next_rung(rung_times(due.at, clock.started_at, RUNGS), 0) if clock and due else None


def stay_on_rung(row: Report, climbed: int) -> None:
    """The due time did not move: rungs that were climbed are not climbed again."""
    hop = row.clock_now()
    row.climbed = climbed
    row.rung_at = next_rung(rung_times(row.due_at, hop.started_at, RUNGS), climbed) if hop and row.due_at else None


def stand_still(row: Report, since: datetime, reason: str) -> None:
    """Pause the hop's clock, and the loop's where it runs in time. DomainError where no clock runs, or the hop's is late or stands."""
    hop, total = row.clock_now(), row.total_clock()
    if hop is None:
        raise DomainError(_("No clock runs here."))
    keep(row, hop.pause(since, reason))
    if total is not None and total.stopped_at is None and not total.is_paused and not total.is_overdue(since):
        keep_total(row, total.pause(since, reason))


def resting_since(row: Report, asked_at: datetime, now: datetime) -> datetime:
    """From when a report rests that was asked to in time: from now, or from the asking where its limit has passed meanwhile."""
    hop = row.clock_now()
    if hop is None or not hop.is_overdue(now):
        return now
    return max(asked_at, hop.started_at, *(one.until or one.start for one in hop.pauses))


def go_on(row: Report, since: datetime) -> None:
    """End the pause of the hop's clock and of the loop's. DomainError where the hop's does not stand still."""
    hop = row.clock_now()
    if hop is None:
        raise DomainError(_("No clock runs here."))
    keep(row, hop.resume(since))
    whole_goes_on(row, since)
    row.deferred_until = None


def whole_goes_on(row: Report, since: datetime) -> None:
    """A hop that ends takes its pause with it: the clock of the whole loop runs again."""
    total = row.total_clock()
    if total is not None and total.is_paused and total.stopped_at is None:
        keep_total(row, total.resume(since))


def due_under(stage: Stage, row: Report, since: datetime) -> datetime:
    """When a time of the stage ends for a report, where no clock runs: an order's answer, the time to rate."""
    limit, _policy = limit_for(stage, row.category_id, row.urgency)
    due = due_at(since, limit)
    if due is None:
        raise AssertionError("only a pause has no due time")
    return due.at


def keep_total(row: Report, clock: Clock) -> None:
    """Store the loop's clock with the deadline."""
    due = clock.due()
    row.total, row.deadline_at = clock.as_json(), due.at if due else None


def follow_category(row: Report) -> None:
    """Another category or urgency has other limits: the clocks go on under them, what happened stays."""
    hop, total, stage = row.clock_now(), row.total_clock(), STAGE_OF.get(row.state)  # type: ignore[call-overload]
    if hop is not None and stage is not None:
        keep(row, hop.under(*limit_for(stage, row.category_id, row.urgency)))
    if total is not None:
        keep_total(row, total.under(*limit_for(Stage.TOTAL, row.category_id, row.urgency)))
