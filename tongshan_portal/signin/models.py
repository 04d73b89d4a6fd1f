"""What sign-in keeps: counted failures, and the hashes of former passwords."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """Failures under one key. The key is a keyed hash, so neither names nor addresses are kept here."""

    class Kind(models.TextChoices):
        PAIR = "pair", _("account and address")
        ACCOUNT = "account", _("account")
        ADDRESS = "address", _("address")
        KNOWN = "known", _("account that signed in from this address")
        SPENT = "spent", _("one-time code that was used")

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=64)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="signin_counter_once")]
        indexes = [models.Index(fields=["since"], name="signin_counter_since")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:8]}"


class FormerPassword(models.Model):
    """A password somebody had or has, as its hash, and since when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_passwords")
    hash = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-set_at"], name="signin_former_password")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"
