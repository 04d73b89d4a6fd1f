"""Which notices: of a person, unread, still of interest."""

from datetime import datetime
from typing import Self

from django.db import models


class DeliveryQuerySet(models.QuerySet):
    def of_person(self, user_id: int) -> Self:
        """Newest first; the door to deliveries in request code."""
        return self.filter(user_id=user_id).order_by("-id")

    def unread(self, now: datetime) -> Self:
        return self.filter(read_at__isnull=True, expires_at__gt=now)
