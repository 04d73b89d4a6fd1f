"""Opening a sealed field: with the right, with a reason, and with an entry that the supervisor reads."""

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import require
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import Sealed, open_sealed
from tongshan_portal.ledger.public import record

from .presenters import REVEALED
from .revealable import revealable

LEAST_REASON = 4
"""Characters of a reason: enough for 核实身份, too many for a full stop."""


def reveal(*, actor: Actor, row: Model, field: str, reason: str) -> str:
    """The text of a sealed field. Raises NotAllowed, or DomainError for a missing reason or an empty field; then nothing is shown.

    The entry is written in the same transaction in which the text is opened: without the entry there is no text.
    """
    item = revealable(row._meta.label_lower, field)
    require(actor, item.action, row)
    reason = " ".join(reason.split())
    if len(reason) < LEAST_REASON or not any(character.isalnum() for character in reason):
        raise DomainError(_("Say in a few words why you need to see this. Your supervisor reads the reason."), field="reason")
    value = getattr(row, field)
    if not isinstance(value, Sealed):
        raise DomainError(_("There is nothing in this field."))
    areas = actor.scope.areas_for(item.action)
    area_code = getattr(row, "area_code", "") or (areas[0] if areas else "")
    with transaction.atomic():
        text = open_sealed(value)
        detail = {"field": field, "label": str(item.label)}
        record(actor=actor, verb=REVEALED, row=row, area_code=area_code, reason=reason, detail=detail)
    return text
