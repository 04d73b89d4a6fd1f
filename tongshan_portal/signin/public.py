"""What others use of sign-in."""

from .lockout import unlock
from .records import Ended
from .sessions import end_all_of
from .signals import session_ended

__all__ = ["Ended", "end_all_of", "session_ended", "unlock"]
