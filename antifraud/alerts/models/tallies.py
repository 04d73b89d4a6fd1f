"""Rollups of alerts: what a figure is added up from, whatever lies in the archive. Numbers alone, nothing of the people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.accounts.querysets import ScopedQuerySet
from tongshan_portal.evaluation import tallies

from ..enums import Grade
from .dictionaries import FraudType


class TallyQuerySet(ScopedQuerySet):
    view_action = "alerts.count"


class Tally(tallies.Tally):
    """Of an area, a type, a grade and a source. Practice stands in rows of its own."""

    type = models.ForeignKey(FraudType, models.CASCADE, related_name="+", db_index=False)
    grade = models.CharField(max_length=8, choices=Grade)
    source = models.CharField(max_length=40)
    is_simulated = models.BooleanField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        abstract = True


class AlertTally(Tally):
    """The figures of `evaluation.figures`. Amounts are in yuan, minutes those from receipt to the first contact."""

    received = models.PositiveIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    reached = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    handed_over = models.PositiveIntegerField(default=0)
    decided = models.PositiveIntegerField(default=0)
    real = models.PositiveIntegerField(default=0)
    defrauded_after = models.PositiveIntegerField(default=0)
    defrauded_before = models.PositiveIntegerField(default=0)
    defrauded_unknown = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    false_alarms = models.PositiveIntegerField(default=0)
    calls_due = models.PositiveIntegerField(default=0)
    called = models.PositiveIntegerField(default=0)
    avoided = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    minutes = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    yuan_avoided = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    yuan_lost = models.DecimalField(max_digits=18, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("tally of alerts")
        verbose_name_plural = _("tallies of alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "span", "begin", "area_code", "type", "grade", "source", "is_simulated"], name="alert_tally_once"
            )
        ]
        indexes = [
            models.Index(fields=["grain", "span", "begin"], name="alert_tally_all"),
            models.Index(fields=["town_code", "grain", "span", "begin"], name="alert_tally_town"),
            models.Index(fields=["village_code", "grain", "span", "begin"], name="alert_tally_village"),
        ]


class ContactTally(Tally):
    """How many persons were first spoken to after so many minutes: what a median is found from. `step` is `figures.STEP`'s."""

    step = models.PositiveIntegerField()
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("tally of first contacts")
        verbose_name_plural = _("tallies of first contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["grain", "span", "begin", "area_code", "type", "grade", "source", "is_simulated", "step"],
                name="contact_tally_once",
            )
        ]
        indexes = [
            models.Index(fields=["grain", "span", "begin"], name="contact_tally_all"),
            models.Index(fields=["town_code", "grain", "span", "begin"], name="contact_tally_town"),
            models.Index(fields=["village_code", "grain", "span", "begin"], name="contact_tally_village"),
        ]


class PendingDay(tallies.PendingDay):
    """A day whose alerts changed."""

    class Meta:
        verbose_name = _("day of alerts to be added up")
        verbose_name_plural = _("days of alerts to be added up")


class TallyState(tallies.TallyState):
    """Of when the tallies of alerts are."""

    class Meta:
        constraints = [models.CheckConstraint(name="alert_tally_state_is_one_row", condition=models.Q(pk=1))]
