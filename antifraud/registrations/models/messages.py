"""Codes that prove a number, and the messages on their way to the gateway."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import ids
from tongshan_portal.kernel.sealed import BlindIndexField, SealedTextField
from tongshan_portal.kernel.sealed import Purpose as Kind

from ..enums import Purpose, Sending
from .registration import INDEX_SPACE, Registration


class PhoneCode(models.Model):
    """A code sent to a number: kept as a hash, with an end, few guesses, and good for once. Who proved the number sees what is kept of it.

    `registration` is the one that the code completes; none where the number only wants to see what is kept.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose)
    phone = SealedTextField(_("phone"), purpose=Kind.PHONE, indexed=True, index_space=INDEX_SPACE)
    phone_index = BlindIndexField(of="phone")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="+", null=True)
    code_hash = models.CharField(max_length=64)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("code")
        verbose_name_plural = _("codes")
        indexes = [
            models.Index(fields=["phone_index", "-created_at"], name="phone_code_latest"),
            models.Index(fields=["created_at"], name="phone_code_old"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Message(models.Model):
    """A short message that waits for the gateway. Number and words are sealed, and gone once the message has been sent or given up."""

    code = models.ForeignKey(PhoneCode, models.CASCADE, related_name="messages", null=True)
    phone = SealedTextField(_("phone"), purpose=Kind.PHONE, null=True)
    words = SealedTextField(_("words"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=Sending, default=Sending.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("short message")
        verbose_name_plural = _("short messages")
        indexes = [models.Index(fields=["due_at"], name="message_waiting", condition=Q(state="waiting"))]
        constraints = [
            models.CheckConstraint(name="message_state_known", condition=Q(state__in=Sending.values)),
            models.CheckConstraint(
                name="message_done_is_empty",
                condition=Q(state="waiting", phone__isnull=False, words__isnull=False, done_at__isnull=True)
                | (~Q(state="waiting") & Q(phone__isnull=True, words__isnull=True, done_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
