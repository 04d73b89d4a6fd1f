"""The ledger: who did and saw what. No foreign keys; labels are frozen in the row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerEntry(models.Model):
    """One thing that somebody did or saw. Written once, never changed."""

    at = models.DateTimeField(_("time"))
    actor_id = models.BigIntegerField(_("person"), null=True)
    actor_label = models.CharField(_("who"), max_length=120)
    verb = models.CharField(_("what"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    object_label = models.CharField(_("of what"), max_length=200, blank=True)
    area_code = models.CharField(_("area"), max_length=18, blank=True, db_collation="C")
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict)
    ip = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
