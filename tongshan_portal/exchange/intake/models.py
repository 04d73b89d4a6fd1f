"""Systems that may send rows, and the nonces they have used."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField
from tongshan_portal.kernel.sealed import SealedTextField

from .enums import Algorithm


class OutsideSystem(models.Model):
    """Another system that sends rows over HTTP: which kinds, for which area, from where, how often. Its key is shown once."""

    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Its name in every call, and the origin of its rows."))
    name = models.CharField(_("name of the system"), max_length=80)
    kinds = ArrayField(models.SlugField(max_length=40), verbose_name=_("kinds of rows"), default=list, blank=True)
    area_code = AreaCodeField(_("area"), blank=True, default="", help_text=_("Rows outside it are refused. Empty: everywhere."))
    algorithm = models.CharField(_("signature"), max_length=12, choices=Algorithm, default=Algorithm.SHA256)
    key = SealedTextField(_("key"))
    key_made_at = models.DateTimeField(_("key made"))
    addresses = ArrayField(
        models.CharField(max_length=43),
        verbose_name=_("addresses it calls from"),
        default=list,
        blank=True,
        help_text=_("Addresses or networks it calls from, separated by commas: 10.1.2.3, 10.1.0.0/16. Empty: any."),
    )
    per_minute = models.PositiveSmallIntegerField(_("calls per minute"), default=60, validators=[MinValueValidator(1)])
    in_use = models.BooleanField(_("in use"), default=True)
    heard_at = models.DateTimeField(_("last heard"), null=True, editable=False)
    refused_at = models.DateTimeField(null=True, editable=False)
    """When a refusal was last written to the ledger: at most one a minute."""

    class Meta:
        verbose_name = _("outside system")
        verbose_name_plural = _("outside systems")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="outside_system_algorithm_known", condition=models.Q(algorithm__in=Algorithm.values)),
            models.CheckConstraint(name="outside_system_may_call", condition=models.Q(per_minute__gte=1)),
        ]

    def __str__(self) -> str:
        return self.code


class UsedNonce(models.Model):
    """A call that was taken: its nonce is not taken again. In PostgreSQL, so that losing Redis opens no window for a replay."""

    system = models.ForeignKey(OutsideSystem, models.CASCADE, related_name="nonces")
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["system", "nonce"], name="intake_nonce_once")]
        indexes = [models.Index(fields=["system", "at"], name="intake_nonce_rate"), models.Index(fields=["at"], name="intake_nonce_old")]

    def __str__(self) -> str:
        return self.nonce
