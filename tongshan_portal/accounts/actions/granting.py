"""Giving, taking back and sweeping exceptional grants."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from .. import grants
from ..actor import Actor, system_actor
from ..grants import Grant
from ..models import User
from ..policy import require
from .telling import tell_access_changed


def _check(user: User, action: str, row: models.Model, reason: str, expires_at: datetime, now: datetime) -> None:
    if action not in {item.name for item in grants.actions_for(row)}:
        raise DomainError(_("This cannot be granted by name."), field="action")
    if not reason.strip():
        raise DomainError(_("An exception needs a reason."), field="reason")
    if expires_at <= now:
        raise DomainError(_("The last day lies in the past."), field="expires_at")
    if expires_at > now + timedelta(days=settings.GRANT_MAX_DAYS):
        raise DomainError(_("An exception lasts at most %(days)s days.") % {"days": settings.GRANT_MAX_DAYS}, field="expires_at")
    if not user.is_active:
        raise DomainError(_("The account is disabled."), field="user")


@transaction.atomic
def give(*, actor: Actor, user: User, action: str, row: models.Model, reason: str, expires_at: datetime, now: datetime) -> Grant:
    """Grant `action` on `row` to `user` until `expires_at`. Given again, the grant gets the new reason and end."""
    user = User.objects.select_for_update().get(pk=user.pk)
    require(actor, "grants.give", user)
    _check(user, action, row, reason, expires_at, now)
    model = grants.model_for(row)
    grant, _made = model.objects.update_or_create(
        user=user,
        permission=grants.permission_for(action, type(row)),
        content_object=row,
        defaults={"expires_at": expires_at, "given_at": now, "given_by_id": actor.user_id, "reason": reason.strip()},
    )
    detail = {"user": user.pk, "action": action, "until": expires_at.isoformat()}
    record(actor=actor, verb="grant.given", row=grant, area_code=getattr(row, "area_code", ""), reason=reason, detail=detail)
    tell_access_changed(user.pk)
    return grant


@transaction.atomic
def take(*, actor: Actor, grant: Grant, reason: str) -> None:
    """Take a grant back at once. Raises DoesNotExist when it is gone already."""
    grant = type(grant).objects.select_for_update(of=("self",)).get(pk=grant.pk)
    require(actor, "grants.take", grant)
    if not reason.strip():
        raise DomainError(_("Say why."), field="reason")
    detail = {"user": grant.user_id, "action": grant.permission.codename}
    record(actor=actor, verb="grant.taken", row=grant, reason=reason, detail=detail)
    grant.delete()
    tell_access_changed(grant.user_id)


def sweep(*, now: datetime) -> int:
    """Remove grants whose time is over (they opened nothing any more) and say so in the ledger; answers how many."""
    actor, count = system_actor("grants"), 0
    for model in grants.all_models():
        with transaction.atomic():
            for grant in model.objects.expired(now).select_for_update(of=("self",), skip_locked=True).order_by("pk"):
                detail = {"user": grant.user_id, "action": grant.permission.codename}
                record(actor=actor, verb="grant.expired", row=grant, detail=detail)
                tell_access_changed(grant.user_id)
                grant.delete()
                count += 1
    return count
