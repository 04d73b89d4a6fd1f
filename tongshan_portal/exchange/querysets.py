"""Which runs: a run belongs to the person who started it, and to nobody else."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from .conf import limit


class RunQuerySet(models.QuerySet):
    def visible_to(self, scope) -> Self:
        """The runs of this person. Nobody sees another's: a file holds more than the scope of the reader may."""
        return self.filter(created_by_id=scope.user_id) if scope.user_id else self.none()

    def stalled(self, now: datetime) -> Self:
        """Runs whose worker gave no sign of life within the grace, or that no worker took within the grace of the queue."""
        silent = now - timedelta(seconds=limit("HEARTBEAT_GRACE_SECONDS"))
        waiting = now - timedelta(seconds=limit("ENQUEUE_GRACE_SECONDS"))
        return self.filter(Q(worker__isnull=False, heartbeat_at__lt=silent) | Q(worker__isnull=True, heartbeat_at__lt=waiting))
