"""How a village made a notice known."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped
from tongshan_portal.exchange.long_work import private_storage
from tongshan_portal.kernel import ids

from ..enums import Channel
from ..querysets import BroadcastQuerySet
from .notice import FraudNotice


def photo_path(_row: "Broadcast", _name: str) -> str:
    """A random name: what the sender called the file is not kept."""
    return f"broadcasts/{ids.new_uuid().hex}.jpg"


class Broadcast(AreaScoped):
    """A notice was made known in an area: how, on which day, where; with a photo where somebody took one. Nothing compels a photo."""

    hangs = False

    notice = models.ForeignKey(FraudNotice, models.PROTECT, related_name="broadcasts", verbose_name=_("notice"))
    channel = models.CharField(_("how"), max_length=12, choices=Channel)
    on = models.DateField(_("day"))
    place = models.CharField(_("where"), max_length=120)
    photo = models.FileField(_("photo"), upload_to=photo_path, storage=private_storage, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    objects = BroadcastQuerySet.as_manager()

    class Meta:
        verbose_name = _("broadcast of a notice")
        verbose_name_plural = _("broadcasts of notices")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["notice", "-on", "-id"], name="broadcast_of_notice")]
        constraints = [models.CheckConstraint(name="broadcast_channel_known", condition=Q(channel__in=Channel.values))]

    def __str__(self) -> str:
        return f"{self.notice} {self.area_code}"
