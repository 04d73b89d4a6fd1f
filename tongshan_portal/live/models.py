"""The outbox: what happened, written in the transaction in which it happened, delivered after it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .querysets import DeliveryQuerySet


class OutboxEvent(models.Model):
    """Something that listeners whose scope holds its area may be told. It carries no personal data.

    `position` is its place in the order of delivery: 1, 2, 3, … without a gap, given by the drain (see Cursor). The primary key
    is not that order: transactions commit out of it, and a reader that remembers the greatest key it saw loses rows.
    """

    at = models.DateTimeField(_("time"))
    topic = models.CharField(max_length=40)
    kind = models.CharField(max_length=60)
    area_code = models.CharField(max_length=18, db_collation="C", blank=True)
    user_ids = ArrayField(models.BigIntegerField(), default=list)
    line = models.JSONField(default=dict)
    position = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("live event")
        verbose_name_plural = _("live events")
        indexes = [models.Index(fields=["id"], name="outbox_undelivered", condition=models.Q(position__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.position or '–'}"


class Cursor(models.Model):
    """One row: how far delivery is. Whoever gives positions or pushes to Redis holds its lock, so both happen in order."""

    epoch = models.CharField(max_length=16)
    assigned = models.BigIntegerField(default=0)
    pushed = models.BigIntegerField(default=0)
    pruned = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="live_cursor_is_one_row", condition=models.Q(pk=1)),
            models.CheckConstraint(
                name="live_cursor_in_order", condition=models.Q(pushed__lte=models.F("assigned"), pruned__lte=models.F("assigned"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.epoch}: {self.pushed}/{self.assigned}"


class Notice(models.Model):
    """What one person, or everybody at a desk (a role in an area), should know.

    Its words are made when it is read, in the reader's language.
    """

    kind = models.CharField(_("kind"), max_length=60)
    params = models.JSONField(default=dict)
    link = models.CharField(_("link"), max_length=200, blank=True)
    desk_role = models.CharField(_("role"), max_length=40, blank=True)
    area_code = models.CharField(_("area"), max_length=18, db_collation="C", blank=True)
    sent_at = models.DateTimeField(_("time"))
    expires_at = models.DateTimeField(_("expires"))
    sender_label = models.CharField(_("from"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(name="notice_expires_after_sending", condition=models.Q(expires_at__gt=models.F("sent_at"))),
            models.CheckConstraint(name="notice_desk_has_an_area", condition=models.Q(desk_role="") | ~models.Q(area_code="")),
        ]
        indexes = [models.Index(fields=["desk_role", "area_code"], name="notice_desk", condition=~models.Q(desk_role=""))]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Delivery(models.Model):
    """That a notice is for a person, and when the person read it."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    expires_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_delivery_per_person", fields=["notice", "user"])]
        indexes = [
            models.Index(name="delivery_of_person", fields=["user", "-id"]),
            models.Index(name="delivery_unread", fields=["user", "expires_at"], condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} → {self.user_id}"
