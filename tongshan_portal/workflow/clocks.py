"""A clock: a frozen value that its row keeps (jsonb), beside the due time as a plain column. Every change answers a new clock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .calendar import WorkingCalendar, local, working_calendar
from .due import Due, Pause, due_at
from .extensions import Extension
from .limits import TimeLimit, Unit

VERSION = 1
"""Of the stored form. A newer form than this code knows is refused, never guessed at."""


@dataclass(frozen=True)
class Clock:
    """`limit` is kept by value: a policy that changes tomorrow does not reach back. `policy` names the version it was taken from.

    A clock moves forward only: a pause cannot begin before the last thing that happened to it. A stopped clock is history.
    """

    started_at: datetime
    limit: TimeLimit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    stopped_at: datetime | None = None
    policy: str = ""

    @property
    def is_paused(self) -> bool:
        """Whether it stands still now."""
        return bool(self.pauses) and self.pauses[-1].until is None

    @property
    def extra(self) -> int:
        """What approved extensions add, in the limit's unit."""
        return sum(extension.amount for extension in self.extensions)

    def due(self, calendar: WorkingCalendar | None = None) -> Due | None:
        """The due time for the row's column; None while paused (nothing falls due), unless it was due before the pause."""
        return due_at(self.started_at, self.limit, self.pauses, self.extra, calendar)

    def due_if_resumed(self, now: datetime, calendar: WorkingCalendar | None = None) -> Due:
        """The due time, or what it would be if the pause ended now."""
        pauses = (*self.pauses[:-1], replace(self.pauses[-1], until=max(now, self.pauses[-1].start))) if self.is_paused else self.pauses
        answer = due_at(self.started_at, self.limit, pauses, self.extra, calendar)
        if answer is None:
            raise AssertionError("a clock without an open pause has a due time")
        return answer

    def pause(self, now: datetime, reason: str, calendar: WorkingCalendar | None = None) -> "Clock":
        """Stand still from now on. DomainError without a reason, when it stands already, has stopped, or is overdue."""
        self._running(now)
        if not reason.strip():
            raise DomainError(_("Say why the clock is paused: both sides will read it."), field="reason")
        if self.is_overdue(now, calendar):
            raise DomainError(_("The time limit has passed: an overdue clock cannot be paused."))
        return replace(self, pauses=(*self.pauses, Pause(now, None, reason.strip())))

    def resume(self, now: datetime) -> "Clock":
        """Go on from now. DomainError when it does not stand still."""
        if not self.is_paused or self.stopped_at:
            raise DomainError(_("The clock is not paused."))
        self._forward(now)
        return replace(self, pauses=(*self.pauses[:-1], replace(self.pauses[-1], until=now)))

    def stop(self, now: datetime) -> "Clock":
        """Its work is done; an open pause ends with it. DomainError when it has stopped already."""
        if self.stopped_at:
            raise DomainError(_("The clock has stopped already."))
        self._forward(now)
        return replace(self.resume(now) if self.is_paused else self, stopped_at=now)

    def extend(self, extension: Extension, calendar: WorkingCalendar | None = None) -> "Clock":
        """Add an approved extension. DomainError when it was asked for too late or adds more than the limit allows."""
        if self.stopped_at:
            raise DomainError(_("The clock has stopped already."))
        due = self.due(calendar)
        if due is not None and extension.asked_at > due.at:
            raise DomainError(_("An extension must be asked for before the time limit passes."))
        if self.limit.extendable is not None and self.extra + extension.amount > self.limit.extendable:
            words = {"most": self.limit.extendable, "unit": self.limit.unit.label}
            raise DomainError(_("Extensions may add at most %(most)s %(unit)s in all.") % words, field="amount")
        return replace(self, extensions=(*self.extensions, extension))

    def under(self, limit: TimeLimit, policy: str) -> "Clock":
        """The same clock under another limit; what happened stays. DomainError once stopped, or with extensions in another unit."""
        if self.stopped_at:
            raise DomainError(_("The clock has stopped already."))
        if self.extensions and limit.unit != self.limit.unit:
            raise DomainError(_("A clock with extensions cannot change its unit."))
        return replace(self, limit=limit, policy=policy)

    def elapsed(self, now: datetime, calendar: WorkingCalendar | None = None) -> timedelta:
        """Time that ran, without the pauses: service time for working hours, else time on the wall. For the bar."""
        end = self._end(now)
        ran = self._measure(self.started_at, max(end, self.started_at), calendar)
        for pause in self.pauses:
            until = end if pause.until is None else min(pause.until, end)
            if until > pause.start:
                ran -= self._measure(pause.start, until, calendar)
        return ran

    def remaining(self, now: datetime, calendar: WorkingCalendar | None = None) -> timedelta:
        """Time left (negative: over), measured like `elapsed`. A pause holds it, to the day where days count."""
        return self._measure(self._end(now), self.due_if_resumed(self._end(now), calendar).at, calendar)

    def is_overdue(self, now: datetime, calendar: WorkingCalendar | None = None) -> bool:
        """Whether it ran past its due time. At the due time itself it is not."""
        due = self.due(calendar)
        return due is not None and self._end(now) > due.at

    def lateness(self, now: datetime, calendar: WorkingCalendar | None = None) -> timedelta:
        """How far past the due time, measured like `elapsed`; zero when in time."""
        due = self.due(calendar)
        return self._measure(due.at, self._end(now), calendar) if due is not None and self._end(now) > due.at else timedelta()

    def as_json(self) -> dict[str, Any]:
        """Plain values for a jsonb column."""
        return {
            "version": VERSION,
            "started_at": self.started_at.isoformat(),
            "limit": self.limit.as_json(),
            "pauses": [
                {"start": item.start.isoformat(), "until": item.until and item.until.isoformat(), "reason": item.reason}
                for item in self.pauses
            ],
            "extensions": [
                asdict(item) | {"asked_at": item.asked_at.isoformat(), "approved_at": item.approved_at.isoformat()}
                for item in self.extensions
            ],
            "stopped_at": self.stopped_at and self.stopped_at.isoformat(),
            "policy": self.policy,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Clock":
        """The clock of `as_json`. Raises ValueError for a version this code does not know."""
        if stored["version"] != VERSION:
            raise ValueError(f"a clock of version {stored['version']}, which this code does not know")
        parse = datetime.fromisoformat
        return cls(
            parse(stored["started_at"]),
            TimeLimit(**stored["limit"]),
            tuple(Pause(parse(p["start"]), parse(p["until"]) if p["until"] else None, p["reason"]) for p in stored["pauses"]),
            tuple(
                Extension(**{**e, "asked_at": parse(e["asked_at"]), "approved_at": parse(e["approved_at"])}) for e in stored["extensions"]
            ),
            parse(stored["stopped_at"]) if stored["stopped_at"] else None,
            stored["policy"],
        )

    def _end(self, now: datetime) -> datetime:
        return min(now, self.stopped_at) if self.stopped_at else now

    def _measure(self, start: datetime, end: datetime, calendar: WorkingCalendar | None) -> timedelta:
        if self.limit.unit is Unit.WORKING_HOUR:
            return (calendar or working_calendar()).service_between(start, end)
        return local(end) - local(start)

    def _running(self, now: datetime) -> None:
        if self.stopped_at:
            raise DomainError(_("The clock has stopped already."))
        if self.is_paused:
            raise DomainError(_("The clock is paused already."))
        self._forward(now)

    def _forward(self, now: datetime) -> None:
        """Nothing happens before what happened last."""
        latest = max([self.started_at, *(item.until or item.start for item in self.pauses)])
        if local(now) < latest:
            raise ValueError("a clock cannot be moved in its past")
