"""Rollups of case reports: what a figure of the evaluation is added up from, whatever lies in the archive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped
from tongshan_portal.accounts.models import Department
from tongshan_portal.accounts.querysets import ScopedQuerySet

from .dictionaries import Category


class TallyQuerySet(ScopedQuerySet):
    view_action = "reports.evaluate"


class ReportTally(AreaScoped):
    """The figures of one day (or month: `begin` is its first day) of an area, a category and a department, from `evaluation.figures`.

    `area_code` is the town's in rows of grain `town`, the village's in rows of grain `village`; shorter where a report knows no better.
    Rows are written by `evaluation.keeping` alone.
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
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+", db_index=False)
    department = models.ForeignKey(Department, models.CASCADE, null=True, related_name="+", db_index=False)
    filed = models.PositiveIntegerField(default=0)
    due = models.PositiveIntegerField(default=0)
    due_closed = models.PositiveIntegerField(default=0)
    due_on_time = models.PositiveIntegerField(default=0)
    due_reopened = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    closed_dated = models.PositiveIntegerField(default=0)
    closed_on_time = models.PositiveIntegerField(default=0)
    reworked = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    extended = models.PositiveIntegerField(default=0)
    timed = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)
    worked_minutes = models.PositiveBigIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of reports")
        verbose_name_plural = _("tallies of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "span", "begin", "area_code", "category", "department"],
                name="report_tally_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["town_code", "grain", "span", "begin"], name="report_tally_town"),
            models.Index(fields=["village_code", "grain", "span", "begin"], name="report_tally_village"),
        ]

    def __str__(self) -> str:
        return f"{self.begin} {self.area_code}"


class PendingDay(models.Model):
    """A day whose reports changed since it was added up. Written by a trigger, as often as they change; taken by the sweep."""

    day = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("day to be added up")
        verbose_name_plural = _("days to be added up")

    def __str__(self) -> str:
        return f"{self.day}"


class TallyState(models.Model):
    """One row: when everything that had changed by then was last added up."""

    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="tally_state_is_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return f"{self.at}"
