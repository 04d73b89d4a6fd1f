"""What others may listen to."""

from django.dispatch import Signal

session_ended = Signal()
"""A session is over, sent after commit: `session_key` (str), `user_id` (int or None), `reason` (records.Ended)."""
