"""By when: the minutes of each stage, its clock, and the rungs of escalation. What runs was kept by value when it began."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.escalation import next_rung
from tongshan_portal.workflow.limits import TimeLimit, Unit

from .enums import RANK, TO_REACH, AlertState, Grade, Rung, Stage
from .models import AlertPolicy, FraudAlert, GradePolicy


@dataclass(frozen=True, slots=True)
class Rules:
    """The policies as a batch needs them: read once."""

    grades: dict[str, GradePolicy]
    limits: AlertPolicy

    def minutes(self, grade: str, stage: str) -> int:
        """How long a stage may last."""
        return int(getattr(self.grades[grade], f"{stage}_minutes"))


def rules() -> Rules:
    """The policies of now; two questions."""
    return Rules({row.grade: row for row in GradePolicy.objects.all()}, AlertPolicy.objects.get(pk=1))


def stage_of(row: FraudAlert) -> str:
    """What the clock of an alert is about in its present state; empty where nothing falls due."""
    if row.state in TO_REACH:
        return Stage.OUTCOME if row.contacted_at is not None else Stage.CONTACT
    if row.state == AlertState.HANDED_OVER:
        return Stage.OUTCOME
    if row.state == AlertState.RECORDED:
        return Stage.CHECK
    return Stage.RETURN_CALL if row.state == AlertState.CHECKED else ""


def follow(row: FraudAlert, now: datetime, held: Rules) -> None:
    """Let the clock follow the state. The minutes to the first contact run from receipt: to assign or accept does not start them anew."""
    stage = stage_of(row)
    if stage != row.stage:
        begin(row, stage, now, held)


def begin(row: FraudAlert, stage: str, now: datetime, held: Rules) -> None:
    """Start the clock of a stage; none for the empty one."""
    row.stage, row.climbed = stage, 0
    if not stage:
        row.clock, row.due_at, row.rung_at = None, None, None
        return
    policy = held.grades[row.grade]
    row.clock, row.due_at = stored_clock(policy, stage, now)
    row.rung_at = next_rung(rung_times(row.due_at, now, policy), 0)


def regrade(row: FraudAlert, grade: str, held: Rules) -> None:
    """Another grade: the clock of the running stage keeps its start and gets the minutes of that grade. Stages that ended stay judged."""
    row.grade, row.rank = grade, RANK[Grade(grade)]
    kept = row.clock_now()
    if kept is None:
        return
    policy = held.grades[grade]
    row.clock, row.due_at = stored_clock(policy, row.stage, kept.started_at)
    row.climbed, row.rung_at = 0, next_rung(rung_times(row.due_at, kept.started_at, policy), 0)


def stored_clock(policy: GradePolicy, stage: str, start: datetime) -> tuple[dict, datetime]:
    """A clock as the row keeps it, and when it is due."""
    limit = TimeLimit(getattr(policy, f"{stage}_minutes"), Unit.MINUTE, source="confirmed" if policy.is_confirmed else "default")
    return Clock(start, limit, policy=f"{policy.pk}.{policy.version}").as_json(), start + timedelta(minutes=limit.amount)


def rung_times(due: datetime, start: datetime, policy: GradePolicy) -> tuple[tuple[str, datetime], ...]:
    """Each rung with its moment, in order of time."""
    warned = max(due - timedelta(minutes=policy.warning_minutes), start)
    return (
        (Rung.WARNING.value, warned),
        (Rung.OVERDUE.value, due),
        (Rung.ESCALATED.value, due + timedelta(minutes=policy.escalation_minutes)),
    )
