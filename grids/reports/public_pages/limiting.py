"""How often strangers may do something: counters in the cache, per address or phone number, in fixed windows.

What is counted is a keyed hash: neither address nor number stands in the cache. When the cache is away its error passes through, and the
reader gets the page of an outage: rather closed than without a limit.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import Purpose
from tongshan_portal.kernel.sealed.masks import normal
from tongshan_portal.signin.lockout import network_of

HOUR, DAY = 3600, 24 * 3600


class TooOften(DomainError):
    """The budget is spent; the sentence says when to come back."""


@dataclass(frozen=True, slots=True)
class Budget:
    """`setting` names how many times within `seconds`."""

    name: str
    setting: str
    seconds: int

    @property
    def limit(self) -> int:
        return int(getattr(settings, self.setting))


FILED_FROM_ADDRESS = Budget("filed", "RESIDENT_REPORTS_PER_HOUR", HOUR)
FILED_WITH_PHONE = Budget("phone", "RESIDENT_REPORTS_PER_PHONE", DAY)
ADDED = Budget("added", "RESIDENT_ADDITIONS_PER_DAY", DAY)
WRONG = Budget("wrong", "RESIDENT_WRONG_PER_HOUR", HOUR)


def _counter(budget: Budget, who: str, now: datetime) -> str:
    window = int(now.timestamp()) // budget.seconds
    return f"residents:{budget.name}:{window}:{salted_hmac('reports.public.limit', who, algorithm='sha256').hexdigest()}"


def _refusal(budget: Budget) -> TooOften:
    if budget.seconds == DAY:
        return TooOften(_("That was often for one day. Come back tomorrow, or call."))
    return TooOften(_("That was often for one hour. Come back later, or call."))


def spend(budget: Budget, who: str, *, now: datetime) -> None:
    """Count one time. Raises TooOften when it is one too many."""
    counter = _counter(budget, who, now)
    cache.add(counter, 0, timeout=budget.seconds * 2)
    if cache.incr(counter) > budget.limit:
        raise _refusal(budget)


def refuse_spent(budget: Budget, who: str, *, now: datetime) -> None:
    """Raise TooOften when the budget is used up; counts nothing."""
    if (cache.get(_counter(budget, who, now)) or 0) >= budget.limit:
        raise _refusal(budget)


def line_of(address: str) -> str:
    """The address that is counted: one line, though it has many IPv6 addresses."""
    return network_of(address)


def number_of(phone: str) -> str:
    """The phone number that is counted, however it was written."""
    return normal(Purpose.PHONE, phone)
