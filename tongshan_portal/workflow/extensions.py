"""An extension (延期) or deferral (缓办): asked before expiry, approved by somebody else, for a reason the resident is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongshan_portal.kernel.errors import DomainError

from .people import is_same_person


@dataclass(frozen=True, slots=True)
class Extension:
    """An approved one. `amount` is in the unit of the limit it extends; persons are ids; `kind` is "extension" or "deferral"."""

    amount: int
    reason: str
    asked_by: Any
    asked_at: datetime
    approved_by: Any
    approved_at: datetime
    kind: str = "extension"

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise DomainError(_("An extension adds at least one unit of time."), field="amount")
        if not self.reason.strip():
            raise DomainError(_("Say why more time is needed: the resident will be told."), field="reason")
        if self.approved_by is None or is_same_person(self.asked_by, self.approved_by) or self.asked_by is None:
            raise DomainError(_("Who approves must be somebody else than who asks."), field="approval")
        if self.approved_at < self.asked_at:
            raise ValueError("approved before it was asked for")
