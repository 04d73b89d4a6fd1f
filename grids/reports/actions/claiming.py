"""Taking the next one from the queue: nobody else is given what a person works on, for ten minutes and as long as her page is open.

A claim says who is at it; it forbids nothing, changes nothing of the matter and so stands neither in the ledger nor on the live path.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock

from ..models import Report
from ..queries.groups import needs_me

CLAIM = timedelta(minutes=10)


@transaction.atomic
def take_next(*, actor: Actor, now: datetime | None = None) -> Report | None:
    """The most urgent report that needs the actor and that nobody has claimed, claimed for her; None where there is none.

    With one in her hands she is given the one after it, and at the end the first again. What she holds is released.
    """
    now = now or clock.now()
    held = _claims_of(actor.user_id).filter(claimed_until__gt=now).order_by("-claimed_until", "pk").first()
    release_claims(actor=actor)
    free = needs_me(actor, now).filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)).order_by("sort_due", "id")
    free = free.select_for_update(skip_locked=True, of=("self",), no_key=True)
    row = None
    if held is not None:
        after = Q(sort_due__gt=held.sort_due) | Q(sort_due=held.sort_due, pk__gt=held.pk)
        row = free.filter(after).first()
    row = row or free.first()
    if row is None:
        return None
    row.claimed_by_id, row.claimed_until = actor.user_id, now + CLAIM
    row.save(update_fields=["claimed_by", "claimed_until"])
    return row


def _claims_of(user_id: int | None):  # type: ignore[no-untyped-def]
    return Report.objects.unscoped("a person's own claims").filter(claimed_by_id=user_id, claimed_by__isnull=False)


def renew_claim(*, actor: Actor, report_id: int, now: datetime | None = None) -> bool:
    """Hold on to a claim of the actor's while her page is open; False where she has none any more."""
    now = now or clock.now()
    mine = _claims_of(actor.user_id).filter(pk=report_id, claimed_until__gt=now)
    return bool(mine.update(claimed_until=now + CLAIM))


def release_claims(*, actor: Actor) -> int:
    """Give back what the actor holds."""
    return _claims_of(actor.user_id).update(claimed_by=None, claimed_until=None)
