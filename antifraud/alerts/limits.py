"""Limits that protect the resident: how often a day, and at which hours. Defaults of the portal, to be confirmed by the police."""

from datetime import datetime, time

from django.utils.translation import gettext as _

from tongshan_portal.workflow.calendar import at_day, local, midnight_after

from .enums import Channel, Grade
from .models import AlertPolicy, Attempt, FraudAlert


def is_quiet(limits: AlertPolicy, at: datetime) -> bool:
    """Whether nobody should be disturbed at this hour."""
    hour: time = local(at).time()
    begin, end = limits.quiet_from, limits.quiet_until
    return begin <= hour or hour < end if begin > end else begin <= hour < end


def calls_on_day_of(row: FraudAlert, at: datetime) -> int:
    """Calls to this person on the day of a moment, about whatever type of fraud."""
    ordinal = local(at).date().toordinal()
    calls = Attempt.objects.unscoped("how often one person was called counts over all alerts of hers").filter(channel=Channel.CALL)
    return calls.filter(alert__phone_index=row.phone_index, at__gte=at_day(ordinal, 0), at__lt=midnight_after(ordinal)).count()


def limits_on(row: FraudAlert, channel: str, at: datetime) -> str:
    """The sentence that stands against an attempt at a moment; empty where none does. A high grade knows no quiet hours."""
    limits = AlertPolicy.objects.get(pk=1)
    if row.grade != Grade.HIGH and is_quiet(limits, at):
        words = {"begin": f"{limits.quiet_from:%H:%M}", "end": f"{limits.quiet_until:%H:%M}"}
        return _("Between %(begin)s and %(end)s nobody is disturbed, unless the grade is high. If you had to, say why.") % words
    if channel == Channel.CALL and calls_on_day_of(row, at) >= limits.calls_per_day:
        return _("This person was called %(number)d times that day: try another way, or say why once more.") % {
            "number": limits.calls_per_day
        }
    return ""
