"""Three rungs of escalation, as data: before it is due, when it is, and after. Their times are stored, for a sweep to find."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .calendar import WorkingCalendar
from .due import shift
from .limits import Unit


@dataclass(frozen=True, slots=True)
class Rung:
    """`amount` of `unit` from the due time (negative: before it); `tells` names who hears of it, as the app understands the word."""

    name: str
    amount: int
    unit: Unit
    tells: str


def rung_times(
    due: datetime, started_at: datetime, rungs: Sequence[Rung], calendar: WorkingCalendar | None = None
) -> tuple[tuple[str, datetime], ...]:
    """Each rung with its moment, in order of time. A limit shorter than its warning warns when the clock starts, not before."""
    times = [(rung.name, max(shift(due, rung.amount, rung.unit, calendar), started_at)) for rung in rungs]
    return tuple(sorted(times, key=lambda pair: pair[1]))


def next_rung(times: Sequence[tuple[str, datetime]], climbed: int) -> datetime | None:
    """When to look again, for the row's column: the first rung not yet climbed, or None."""
    return times[climbed][1] if climbed < len(times) else None


def climbed_by(times: Sequence[tuple[str, datetime]], climbed: int, now: datetime) -> tuple[str, ...]:
    """The rungs reached since, in order: after a standstill of the sweep it may be several."""
    return tuple(name for name, at in times[climbed:] if at <= now)


def climb(row: Any, times: Sequence[tuple[str, datetime]], now: datetime, tell: Callable[[Any, str], None]) -> int:
    """Climb the rungs that a row has reached since, `tell` of each, and note when to look again; answers how many. The row is stored."""
    reached = climbed_by(times, row.climbed, now)
    for name in reached:
        row.climbed += 1
        tell(row, name)
    row.rung_at = next_rung(times, row.climbed)
    row.save(update_fields=["rung_at", "climbed"])
    return len(reached)
