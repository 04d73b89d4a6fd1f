"""A clock for the eye: how much has run, stood still and is left, and the sentence beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.limits import Unit


@dataclass(frozen=True, slots=True)
class ClockFace:
    """Shares of the bar in hundredths, on the wall's time, together 100; `tone` is `late`, `soon`, `paused` or nothing."""

    words: str
    exact: str
    due: datetime
    tone: str
    elapsed: int
    paused: int
    left: int
    limit: str
    pause_reason: str = ""


def span_words(span: timedelta) -> str:
    """A length of time in its two largest units: “2 d 3 h”, “45 min”."""
    minutes = max(int(abs(span).total_seconds() // 60), 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d day", "%(n)d days", days) % {"n": days})
    if hours and days < 10:
        parts.append(ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours})
    if not days and (minutes or not hours):
        parts.append(ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes})
    return " ".join(parts)


def worked_words(span: timedelta) -> str:
    """A length of service time in working hours."""
    hours = round(span.total_seconds() / 3600, 1)
    if 0 <= hours < 1:
        return _("less than a working hour")
    return _("%(hours)s working hours") % {"hours": f"{hours:g}"}


def clock_face(clock: Clock | None, now: datetime, soon: timedelta) -> ClockFace | None:
    """The present hop's clock; None where none runs."""
    if clock is None or clock.stopped_at is not None:
        return None
    due = clock.due_if_resumed(now).at
    end = max(due, now)
    whole = max((end - clock.started_at).total_seconds(), 1)
    stood = sum(((pause.until or now) - pause.start for pause in clock.pauses), timedelta()).total_seconds()
    paused = min(100, round(100 * stood / whole))
    elapsed = min(100 - paused, max(0, round(100 * ((now - clock.started_at).total_seconds() - stood) / whole)))
    words, tone = _words(clock, now, due, soon)
    exact = date_format(localtime(due), pgettext("date format of a due time", "M j, H:i"))
    limit = f"{clock.limit.amount} {clock.limit.unit.label}"
    reason = clock.pauses[-1].reason if clock.is_paused else ""
    return ClockFace(words, exact, due, tone, elapsed, paused, 100 - paused - elapsed, limit, reason)


def _words(clock: Clock, now: datetime, due: datetime, soon: timedelta) -> tuple[str, str]:
    measure = worked_words if clock.limit.unit is Unit.WORKING_HOUR else span_words
    if clock.is_paused:
        return _("paused, %(time)s left") % {"time": measure(clock.remaining(now))}, "paused"
    if now > due:
        return _("overdue by %(time)s") % {"time": span_words(now - due)}, "late"
    return _("%(time)s left") % {"time": measure(clock.remaining(now))}, "soon" if due - now < soon else ""
