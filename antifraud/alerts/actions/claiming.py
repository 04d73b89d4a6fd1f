"""“The next one”: the most urgent alert that nobody else has just taken, kept for a few minutes, given back when left."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from .. import deadlines, notices
from ..models import FraudAlert
from ..queries.queue import needs_me


@transaction.atomic
def take_next(*, actor: Actor, now: datetime | None = None) -> FraudAlert | None:
    """Keep the most urgent alert that needs the actor, for so many minutes; None when there is none. Two who ask at once get two.

    One person keeps one alert: what she kept before is given back.
    """
    now = now or clock.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | Q(claimed_by_id=actor.user_id)
    rows = needs_me(actor).filter(free, due_at__isnull=False).order_by("rank", "due_at", "id")
    row = rows.select_for_update(skip_locked=True, of=("self",)).first()
    _give_back(_kept_by(actor).exclude(pk=row.pk if row else None))
    if row is None:
        return None
    limits = deadlines.rules().limits
    row.claimed_by_id, row.claimed_until = actor.user_id, now + timedelta(minutes=limits.claim_minutes)
    row.save(update_fields=["claimed_by", "claimed_until"])
    notices.publish_reading([(row.code, row.area_code)], "alert.kept")
    return row


@transaction.atomic
def give_back(*, actor: Actor, code: str = "") -> int:
    """Give back what the actor keeps (of `code` alone, where given); answers how many. Somebody else's stays kept."""
    rows = _kept_by(actor)
    return _give_back(rows.filter(code=code.upper()) if code else rows)


def _kept_by(actor: Actor) -> QuerySet[FraudAlert]:
    return FraudAlert.objects.unscoped("one gives back what one keeps").filter(claimed_by_id=actor.user_id, claimed_by__isnull=False)


def _give_back(rows: QuerySet[FraudAlert]) -> int:
    given = list(rows.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "code", "area_code"))
    if given:
        kept = FraudAlert.objects.unscoped("the rows that were just locked").filter(pk__in=[pk for pk, _code, _area in given])
        kept.update(claimed_by=None, claimed_until=None)
        notices.publish_reading([(code, area) for _pk, code, area in given], "alert.given_back")
    return len(given)
