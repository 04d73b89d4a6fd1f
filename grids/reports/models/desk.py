"""What one person keeps at her desk: drafts, saved views, what she has opened."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import Digest
from .report import Report


class Draft(models.Model):
    """A report that is being written (暂存). `key` becomes the report's: a draft that was sent is one with it.

    `data` is the form as typed, without the caller's contact.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField(unique=True)
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["user", "-changed_at"], name="draft_of_user")]

    def __str__(self) -> str:
        return str(self.data.get("title", ""))


class SavedView(models.Model):
    """Filters of the worklist under a name. It tells its owner every working morning, or when it holds `threshold` reports or more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filters"), max_length=500)
    digest = models.CharField(_("tell me"), max_length=8, choices=Digest, default=Digest.NONE)
    threshold = models.PositiveIntegerField(_("tell me from so many"), null=True, blank=True)
    is_above = models.BooleanField(default=False, editable=False)
    told_on = models.DateField(null=True, editable=False)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name


class Opening(models.Model):
    """That a person has opened a report's page, and when last: bulk deeds refuse what she has not read since it changed.

    `read_change` is the report's `changed_at` as she read it: two moments of different clocks are never compared.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_change = models.DateTimeField()

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.user_id}"
