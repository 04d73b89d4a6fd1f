"""Limits that protect the resident: how often a day, and at which hours. Defaults of the portal, to be confirmed by the police."""

import zlib
from datetime import datetime, time, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from tongshan_portal.workflow.calendar import at_day, local, midnight_after

from .enums import Channel, Grade, Reached
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


MESSAGES = 0x46524D53
"""First half of the advisory lock of whoever gets messages ("FRMS"); the second is a checksum."""
DAY = timedelta(hours=24)


def one_at_a_time(whom: str) -> None:
    """Until the transaction ends, nobody else counts the messages of this person or family: two at once never both find none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MESSAGES, zlib.crc32(whom.encode()) - 2**31])


def limits_on_advice(row: FraudAlert, limits: AlertPolicy, at: datetime) -> str:
    """The sentence that stands against a message to the person at a moment; counted over all alerts of hers. Within a transaction."""
    if row.grade != Grade.HIGH and is_quiet(limits, at):
        words = {"begin": f"{limits.quiet_from:%H:%M}", "end": f"{limits.quiet_until:%H:%M}"}
        return _("Between %(begin)s and %(end)s no message is sent, unless the grade is high.") % words
    one_at_a_time(row.phone_index)
    sent = Attempt.objects.unscoped("how often one person was written to counts over all alerts of hers").filter(
        channel=Channel.SMS, reached=Reached.SENT, alert__phone_index=row.phone_index, at__gt=at - DAY
    )
    if sent.count() >= limits.messages_per_day:
        return _("This person got the message within the last 24 hours.")
    return ""


def family_was_asked(row: FraudAlert, limits: AlertPolicy, at: datetime) -> bool:
    """Whether the family got as many messages as it may within a day, over all alerts of the registration. Within a transaction."""
    one_at_a_time(f"family {row.registration_id}")
    sent = Attempt.objects.unscoped("how often one family was written to counts over all alerts of it").filter(
        channel=Channel.FAMILY, reached=Reached.SENT, alert__registration_id=row.registration_id, at__gt=at - DAY
    )
    return sent.count() >= limits.messages_per_day
