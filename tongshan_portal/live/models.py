"""The outbox: what happened, written in the transaction in which it happened, delivered after it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """Something that listeners whose scope holds its area may be told. It carries no personal data."""

    at = models.DateTimeField(_("time"))
    topic = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    area_code = models.CharField(max_length=18, db_collation="C")
    user_ids = models.JSONField(default=list)
    line = models.JSONField(default=dict)
    delivered_at = models.DateTimeField(null=True)
