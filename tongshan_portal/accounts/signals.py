"""What those above may listen to."""

from django.dispatch import Signal

access_changed = Signal()
"""What a person may do has changed (a posting, a grant, the account itself), sent after commit: `user_id` (int)."""
