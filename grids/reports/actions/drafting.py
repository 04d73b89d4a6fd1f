"""Drafts (暂存): what is being written keeps itself. They belong to one person alone, so neither ledger nor live path hears of them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict

from ..models import Draft, Report
from ..questions import PREFIX

KEPT = {"title": 120, "text": 4000, "area": 80, "place": 20, "lon": 24, "lat": 24, "address": 200, "category": 20, "urgency": 10}
"""What a draft holds, and at most so many characters of it; a caller's name and phone are never among it."""

ANSWER = 500
MAX_ANSWERS = 30
MAX_DRAFTS = 20
"""Of one person; the oldest make room."""


@transaction.atomic
def save_draft(*, actor: Actor, key: UUID, given: Mapping[str, str], now: datetime | None = None) -> Draft | None:
    """Keep what was typed so far; None where there is nothing to keep, or the report was sent meanwhile.

    Raises NotAllowed, Conflict when the key is somebody else's.
    """
    require(actor, "reports.file")
    if Draft.objects.filter(key=key).exclude(user_id=actor.user_id).exists():
        raise Conflict(_("This draft belongs to somebody else."))
    sent = Report.objects.unscoped("the sender's own key").filter(key=key, filed_by_id=actor.user_id).exists()
    data = _kept(given)
    if sent or not any(data.get(name) for name in ("title", "text", "address")):
        return None
    draft, _made = Draft.objects.update_or_create(key=key, user_id=actor.user_id, defaults={"data": data, "changed_at": now or clock.now()})
    old = Draft.objects.filter(user_id=actor.user_id).order_by("-changed_at").values_list("pk", flat=True)[MAX_DRAFTS:]
    Draft.objects.filter(pk__in=list(old)).delete()
    return draft


@transaction.atomic
def drop_draft(*, actor: Actor, key: UUID) -> None:
    """Throw one's own draft away; nothing happens where there is none."""
    Draft.objects.filter(user_id=actor.user_id, key=key).delete()


def _kept(given: Mapping[str, str]) -> dict[str, str]:
    data = {name: str(given[name])[:limit] for name, limit in KEPT.items() if given.get(name)}
    answers = [name for name in given if name.startswith(PREFIX) and given[name]][:MAX_ANSWERS]
    return data | {name[:60]: str(given[name])[:ANSWER] for name in answers}
