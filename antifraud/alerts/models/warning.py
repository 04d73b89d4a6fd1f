"""What came in, as it came in: never edited (a trigger refuses it), never invented here."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel.sealed import BlindIndexField, Purpose, SealedTextField

from ..enums import Came, Grade
from ..querysets import PartQuerySet
from .alert import INDEX_SPACE, FraudAlert
from .dictionaries import FraudType


class FraudWarning(models.Model):
    """One warning of a source system. `external_id` is the source's own number: the same one twice is one.

    `alert` is the alert that it opened or joined; `digest` is the SHA-256 (hexadecimal) of the row as it was sent. Who sees the alert
    sees its warnings.
    """

    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("number there"), max_length=80)
    alert = models.ForeignKey(FraudAlert, models.PROTECT, related_name="warnings", verbose_name=_("alert"))
    received_at = models.DateTimeField(_("received"))
    happened_at = models.DateTimeField(_("happened"))
    type = models.ForeignKey(FraudType, models.PROTECT, related_name="+", verbose_name=_("type"))
    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, indexed=True, index_space=INDEX_SPACE)
    phone_index = BlindIndexField(of="phone")
    name = SealedTextField(_("name"), purpose=Purpose.NAME, null=True, blank=True)
    address = SealedTextField(_("stated address"), purpose=Purpose.ADDRESS, null=True, blank=True)
    claimed = models.CharField(_("claimed sender or site"), max_length=120, blank=True, default="")
    came = models.CharField(_("what it did"), max_length=8, choices=Came, default=Came.OPENED)
    amount_at_risk = models.DecimalField(_("amount at risk"), max_digits=14, decimal_places=2, null=True)
    digest = models.CharField(max_length=64, editable=False)
    is_simulated = models.BooleanField(_("simulated"), default=False, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("fraud warning")
        verbose_name_plural = _("fraud warnings")
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="warning_once"),
            models.CheckConstraint(name="warning_grade_known", condition=Q(grade__in=Grade.values, came__in=Came.values)),
        ]
        indexes = [models.Index(fields=["source", "-received_at"], name="warning_of_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
