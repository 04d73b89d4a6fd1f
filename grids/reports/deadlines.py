"""By when: the time limit of each stage, its clock, and the rungs of escalation."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from tongshan_portal.workflow.clocks import Clock
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
}
"""Where no time limit is kept at all: defaults of the portal, labelled so."""


def limit_for(stage: Stage, category_id: int | None, urgency: str) -> tuple[TimeLimit, str]:
    """The limit and the name of the policy it came from. The most exact policy holds: category, then urgency."""
    condition = Q(stage=stage) & (Q(category=None) | Q(category_id=category_id)) & Q(urgency__in=["", urgency])
    return most_exact(TimePolicy.objects.filter(condition), stage)


def most_exact(policies: Iterable[TimePolicy], stage: Stage) -> tuple[TimeLimit, str]:
    """The limit of the most exact of policies that all hold."""
    rows = sorted(policies, key=lambda row: (row.category_id is None, row.urgency == ""))
    if not rows:
        return FALLBACK[stage], "default"
    row = rows[0]
    return TimeLimit(row.amount, Unit(row.unit), source=row.source, extendable=row.extendable), f"{row.pk}.{row.version}"


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
