"""What a notice sends out: messages for other systems, and short messages to registered followers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import MessageKind, RunState
from .notice import FraudNotice


class CapMessage(models.Model):
    """One CAP message as it was published. Never changed (by trigger): the same identifier is the same document for ever."""

    notice = models.ForeignKey(FraudNotice, models.PROTECT, related_name="messages", verbose_name=_("notice"))
    kind = models.CharField(_("kind"), max_length=6, choices=MessageKind)
    identifier = models.CharField(_("identifier"), max_length=60, unique=True)
    sender = models.CharField(_("sender"), max_length=100)
    sent_at = models.DateTimeField(_("sent"))
    document = models.TextField(_("document"))
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("CAP message")
        verbose_name_plural = _("CAP messages")
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.CheckConstraint(name="cap_message_kind_known", condition=Q(kind__in=MessageKind.values)),
            models.UniqueConstraint(fields=["notice"], name="cap_message_publishes_once", condition=Q(kind__in=["Alert", "Update"])),
            models.UniqueConstraint(fields=["notice"], name="cap_message_cancels_once", condition=Q(kind="Cancel")),
        ]
        indexes = [models.Index(fields=["-sent_at", "-id"], name="cap_message_newest")]

    def __str__(self) -> str:
        return self.identifier


class MessageRun(models.Model):
    """The short messages of one notice: how far they have come. One portion is on its way at a time; its messages stand in `open_ids`.

    `last_id` is the last registration that was reached, `upto` the last one there was when the notice was published: who registers
    later, or again, is not reached. `total` followers were counted at the beginning.
    """

    notice = models.OneToOneField(FraudNotice, models.PROTECT, related_name="run", verbose_name=_("notice"))
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    total = models.PositiveIntegerField(_("followers"), default=0)
    upto = models.PositiveBigIntegerField(default=0)
    last_id = models.PositiveBigIntegerField(default=0)
    open_ids = ArrayField(models.BigIntegerField(), default=list)
    sent = models.PositiveIntegerField(_("sent"), default=0)
    failed = models.PositiveIntegerField(_("could not be sent"), default=0)
    started_at = models.DateTimeField(_("begun"))
    done_at = models.DateTimeField(_("ended"), null=True)

    class Meta:
        verbose_name = _("run of short messages")
        verbose_name_plural = _("runs of short messages")
        constraints = [
            models.CheckConstraint(name="message_run_state_known", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(name="message_run_done", condition=Q(state="running", done_at__isnull=True) | Q(done_at__isnull=False)),
        ]
        indexes = [models.Index(fields=["id"], name="message_run_running", condition=Q(state="running"))]

    def __str__(self) -> str:
        return str(self.notice)

    @property
    def handled(self) -> int:
        """How many are decided, sent or not."""
        return self.sent + self.failed
