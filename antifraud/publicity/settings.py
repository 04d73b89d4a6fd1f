"""Limits that protect residents from too many messages: the portal's own defaults, none of them official."""

from datetime import time, timedelta

PORTION = 500
"""Messages that lie in the outbox at a time: the next portion follows when the one before is done, so a run never fills the queue."""

MESSAGES_FROM, MESSAGES_UNTIL = time(8, 0), time(21, 0)
"""District time within which messages go out; what is left at the end of the day goes on in the morning."""

NOTICES_PER_DAY = 2
"""Notices by short message that one area gets within 24 hours."""

SMS_LENGTH = 200
"""Characters of a short message."""

APPROVED_WITHIN = {"urgent": timedelta(hours=1), "important": timedelta(hours=4), "ordinary": timedelta(days=1)}
"""How long after its submission a notice should be approved: where it stands among what waits follows from it, nothing else."""

LONGEST = timedelta(days=90)
"""A notice is in force so long at most: what still holds is written anew."""

FEED_DAYS = 7
"""Days for which the feed still tells of updates and cancellations, so that whoever asks rarely hears of them."""
