"""Telling those above, once the change is certain, that somebody's rights changed."""

from django.db import transaction

from ..signals import access_changed


def tell_access_changed(user_id: int) -> None:
    """Send `access_changed` after commit."""
    transaction.on_commit(lambda: access_changed.send(sender=None, user_id=user_id))
