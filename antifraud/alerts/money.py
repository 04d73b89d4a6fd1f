"""When the money went: before or after the first warning came in, or not known."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.calendar import local

from .enums import MoneyWent
from .models import FraudAlert

MINUTE = timedelta(minutes=1)


def warned_at(row: FraudAlert) -> datetime:
    """When the first warning that the alert carries came in here: its own, or that of an alert merged into it.

    Not when it happened by the source's clock: before the portal had it, nobody could act on it.
    """
    merged = FraudAlert.objects.unscoped("the alert carries their warnings").filter(merged_into=row)
    return min([row.received_at, *(warned_at(one) for one in merged)])


def when_it_went(said: str, at: datetime | None, transferred: Decimal | None, warned: datetime, now: datetime) -> str:
    """Before, after or not known; empty where nothing was transferred. Where the time is given it decides. Raises DomainError."""
    if not transferred:
        if said or at is not None:
            raise DomainError(_("Say how much was transferred, or that no money went."), field="transferred")
        return ""
    if at is not None and at > now:
        raise DomainError(_("This time lies in the future."), field="money_went_at")
    told = _by_time(at, warned) if at is not None else ""
    if told and said and said != told:
        raise DomainError(_contradiction(told, warned), field="money_went")
    if not (told or said in MoneyWent.values):
        raise DomainError(_("Say whether the money went before or after the warning came in, or that it is not known."), field="money_went")
    return told or said


def _by_time(at: datetime, warned: datetime) -> str:
    """What a time says, which people know to the minute: nothing within the minute of the warning."""
    minute = warned.replace(second=0, microsecond=0)
    if at < minute:
        return MoneyWent.BEFORE.value
    return MoneyWent.AFTER.value if at >= minute + MINUTE else ""


def _contradiction(told: str, warned: datetime) -> str:
    words = {"warned": f"{local(warned):%Y-%m-%d %H:%M}"}
    if told == MoneyWent.BEFORE:
        return _("This time lies before the warning, which came in at %(warned)s: correct the time, or the answer.") % words
    return _("This time lies after the warning, which came in at %(warned)s: correct the time, or the answer.") % words
