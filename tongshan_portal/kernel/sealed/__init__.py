"""Sealed fields: text that only a reveal with a reason, or an action that needs it, sees in the clear.

`SealedTextField` keeps the text encrypted in its column; the attribute of a row is a `Sealed`, which shows itself masked and nothing more.
`BlindIndexField` and `matching()` find a row by the exact text. `open_sealed()` is for actions alone (a test reads the sources for it);
people go through the reveal of `tongshan_portal.audit.public`, which asks for a reason and writes the ledger.
"""

from .blind_index import matching
from .fields import BlindIndexField, SealedTextField
from .keys import SealBroken
from .masks import Purpose, mask
from .value import Sealed, open_sealed, open_secret, seal_secret

__all__ = [
    "BlindIndexField",
    "Purpose",
    "SealBroken",
    "Sealed",
    "SealedTextField",
    "mask",
    "matching",
    "open_sealed",
    "open_secret",
    "seal_secret",
]
