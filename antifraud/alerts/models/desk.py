"""What belongs to the desk itself: who has read which alert, and what one shift hands over to the next."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped

from ..enums import ShiftState
from ..querysets import HandoverQuerySet
from .alert import FraudAlert


class AlertOpening(models.Model):
    """That a person has read an alert, and when last: what is done to many at once reaches only what she has read as it is now.

    `read_change` is the alert's `changed_at` as she read it: two moments of different clocks are never compared.
    """

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_change = models.DateTimeField()

    class Meta:
        verbose_name = _("opening of an alert")
        verbose_name_plural = _("openings of alerts")
        constraints = [models.UniqueConstraint(fields=["alert", "user"], name="alert_opening_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.user_id}"


class Handover(AreaScoped):
    """What one shift of the desk of `area_code` leaves to the next (交接班), signed by who leaves and by who takes over.

    `brief` is what stood open when it was written: codes, grades, states and moments, nothing of a person. It is not computed anew.
    """

    state = models.CharField(_("state"), max_length=12, choices=ShiftState, default=ShiftState.DRAFTED)
    since = models.DateTimeField(_("since"))
    written_at = models.DateTimeField(_("written"))
    left_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("left by"))
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("taken over by"))
    taken_at = models.DateTimeField(_("taken over"), null=True)
    note = models.TextField(_("note"), blank=True)
    brief = models.JSONField(default=dict)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over of a shift")
        verbose_name_plural = _("hand-overs of shifts")
        ordering = ["-id"]
        indexes = [models.Index(fields=["area_code", "-id"], name="handover_of_desk")]
        constraints = [
            models.UniqueConstraint(fields=["area_code"], name="handover_one_waits", condition=Q(state=ShiftState.DRAFTED)),
            models.CheckConstraint(
                name="handover_taken_by_another",
                condition=Q(state=ShiftState.DRAFTED, taken_by__isnull=True, taken_at__isnull=True)
                | Q(state=ShiftState.TAKEN_OVER, taken_by__isnull=False, taken_at__isnull=False) & ~Q(taken_by=F("left_by")),
            ),
        ]

    def __str__(self) -> str:
        """The label that the ledger freezes."""
        return f"{self.area_code} {self.written_at:%Y-%m-%d %H:%M}"
