"""Rollups of case reports: what a figure of the evaluation is added up from, whatever lies in the archive."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.models import Department
from tongshan_portal.accounts.querysets import ScopedQuerySet
from tongshan_portal.evaluation import tallies

from .dictionaries import Category


class TallyQuerySet(ScopedQuerySet):
    view_action = "reports.evaluate"


class ReportTally(tallies.Tally):
    """Of an area, a category and a department: the figures of `evaluation.figures`."""

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


class PendingDay(tallies.PendingDay):
    """A day whose reports changed."""

    class Meta:
        verbose_name = _("day to be added up")
        verbose_name_plural = _("days to be added up")


class TallyState(tallies.TallyState):
    """Of when the tallies of reports are."""

    class Meta:
        constraints = [models.CheckConstraint(name="tally_state_is_one_row", condition=models.Q(pk=1))]
