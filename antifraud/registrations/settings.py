"""What an installation may set, with the portal's own defaults (none of them official)."""

from dataclasses import dataclass
from datetime import timedelta

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=10)
CODE_GUESSES = 5
CODE_PAUSE = timedelta(seconds=60)
"""Between two codes for one number."""
CODES_PER_DAY = 10
"""Codes for one number in 24 hours, whoever asks."""
PROOF_LASTS = timedelta(minutes=30)
"""How long a proved number opens what is kept of it."""
PENDING_KEPT = timedelta(days=1)
"""A registration that nobody confirmed is erased after this."""
WITHDRAWN_KEPT = timedelta(days=30)
"""Number and name are erased so long after a withdrawal, as the consent text says."""
CODES_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `number` within `seconds`."""

    number: int
    seconds: int


LIMITS = {
    "look": Limit(120, 600),
    "code": Limit(10, 3600),
    "guess": Limit(30, 3600),
    "point": Limit(300, 3600),
    "ask": Limit(20, 3600),
}
"""Per network address; `point` per registration code. Wide enough for a village hall behind one address."""
