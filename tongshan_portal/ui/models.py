"""What the shell itself keeps: announcements to everybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """How urgent a banner is; the value is its tone."""

    PLAIN = "plain", _("for information")
    SOON = "soon", _("soon to matter")
    LATE = "late", _("matters now")


class Banner(models.Model):
    """A sentence at the head of every page between two moments, in both languages."""

    text_zh = models.CharField(_("Chinese text"), max_length=200)
    text_en = models.CharField(_("English text"), max_length=300)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.PLAIN)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("banner")
        verbose_name_plural = _("banners")
        ordering = ["-starts_at"]
        constraints = [models.CheckConstraint(name="banner_times_in_order", condition=models.Q(ends_at__gt=models.F("starts_at")))]

    def __str__(self) -> str:
        return self.text_zh
