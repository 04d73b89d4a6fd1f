"""What others use of the audit: opening a sealed field with a reason, and declaring which fields may be opened."""

from .actions import reveal
from .revealable import Revealable, register_revealable

__all__ = ["Revealable", "register_revealable", "reveal"]
