"""What a person keeps of the worklist: filters under a name, and when they tell her. Her own alone, so the ledger keeps none of it."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.live.publish import carries_personal_data

from ..enums import Digest
from ..models import SavedView

MOST = 20


def _owned(actor: Actor, view_id: int) -> SavedView:
    """The actor's own view, locked. Raises SavedView.DoesNotExist for anybody else's."""
    return SavedView.objects.select_for_update().get(pk=view_id, user_id=actor.user_id)


def _check(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise DomainError(_("Give the view a name."), field="name")
    if carries_personal_data(name):
        raise DomainError(_("Leave out telephone and identity numbers: the name stands in notices."), field="name")
    return name


@transaction.atomic
def save_view(
    *, actor: Actor, name: str, query: str, digest: str = Digest.NONE, threshold: int | None = None, now: datetime | None = None
) -> SavedView:
    """Keep filters (the query of the worklist's address) under a name. Raises NotAllowed, DomainError for a name that is taken."""
    if actor.user_id is None:
        raise NotAllowed(_("You are not signed in, or your account is disabled."))
    if SavedView.objects.filter(user_id=actor.user_id).count() >= MOST:
        raise DomainError(_("You keep %(most)d views already: delete one first.") % {"most": MOST})
    row = SavedView(user_id=actor.user_id, query=query, digest=digest, threshold=threshold, made_at=now or clock.now())
    return _write(row, name)


@transaction.atomic
def change_view(*, actor: Actor, view_id: int, name: str, digest: str = Digest.NONE, threshold: int | None = None) -> SavedView:
    """Rename a view, or say when it tells. A new threshold is crossed anew. Raises SavedView.DoesNotExist, DomainError."""
    row = _owned(actor, view_id)
    if row.threshold != threshold:
        row.is_above = False
    row.digest, row.threshold = digest, threshold
    return _write(row, name)


def _write(row: SavedView, name: str) -> SavedView:
    row.name = _check(name)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError(_("You have a view of this name already."), field="name") from error
    return row


@transaction.atomic
def delete_view(*, actor: Actor, view_id: int) -> None:
    """Forget a view. Raises SavedView.DoesNotExist."""
    _owned(actor, view_id).delete()
