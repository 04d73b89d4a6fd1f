"""Which of the living reports need somebody: one condition for the number on the dashboard and for the list it leads to."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from .enums import LIVING, Urgency

SOON = timedelta(hours=2)


class Only(TextChoices):
    """What a list is narrowed to."""

    OVERDUE = "overdue", _("overdue")
    SOON = "soon", _("due within two hours")
    NO_LEAD = "no_lead", _("nobody leads it")
    ORDERS = "orders", _("an order waits for its answer")
    URGENT = "urgent", _("urgent or emergency")


CONDITIONS: Mapping[str, Callable[[datetime], Q]] = {
    Only.OVERDUE: lambda now: Q(due_at__lt=now),
    Only.SOON: lambda now: Q(due_at__gte=now, due_at__lte=now + SOON),
    Only.NO_LEAD: lambda _now: Q(lead=None),
    Only.ORDERS: lambda _now: Q(open_orders__gt=0),
    Only.URGENT: lambda _now: Q(urgency__in=[Urgency.HIGH, Urgency.EMERGENCY]),
}


def narrowed(only: str, now: datetime) -> Q:
    """The condition, for living reports alone: what is closed needs nobody."""
    return Q(state__in=LIVING) & CONDITIONS[only](now)
