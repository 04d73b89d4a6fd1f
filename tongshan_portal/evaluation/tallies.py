"""The tables of a rollup: what figures are added up from, whatever lies in the archive. Each app has its own of each."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped


class Tally(AreaScoped):
    """The figures of a day (or month: `begin` is its first day) of an area, and of what else an app divides by.

    `area_code` is the town's in rows of grain `town`, the village's in rows of grain `village`; shorter where a row knows no better.
    Rows are written by the app's `evaluation.keeping` alone.
    """

    hangs = False

    class Span(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")

    class Grain(models.TextChoices):
        TOWN = "town", _("town")
        VILLAGE = "village", _("village")

    span = models.CharField(max_length=5, choices=Span)
    grain = models.CharField(max_length=7, choices=Grain)
    begin = models.DateField()

    objects: models.Manager

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.begin} {self.area_code}"


class PendingDay(models.Model):
    """A day whose rows changed since it was added up. Written by a trigger, as often as they change; taken by the sweep."""

    day = models.DateField(db_index=True)

    objects: ClassVar[models.Manager]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day}"


class TallyState(models.Model):
    """One row: when everything that had changed by then was last added up."""

    at = models.DateTimeField()

    objects: ClassVar[models.Manager]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.at}"
