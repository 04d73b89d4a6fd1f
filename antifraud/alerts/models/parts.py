"""What belongs to one alert and is reached through it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField

from ..enums import Channel, EscalationTo, Goes, Reached, TaskState
from ..querysets import PartQuerySet
from .alert import FraudAlert


class AlertStep(models.Model):
    """One verb of the loop, never changed: who did what, from which state to which, why, and how the clock stood."""

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=14)
    to_state = models.CharField(max_length=14)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=120)
    reason = models.TextField(blank=True)
    recipient = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["alert", "id"], name="alert_step_in_order")]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.verb}"

    @property
    def was_late(self) -> bool:
        """Whether the step that ended a stage came past its due time."""
        return self.due_at is not None and self.at > self.due_at


class DissuasionTask(models.Model):
    """That a desk, or a person, was asked to dissuade somebody (劝阻), and what she said to it."""

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="tasks")
    goes = models.CharField(_("who goes"), max_length=18, choices=Goes)
    desk_code = AreaCodeField(_("desk"))
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to"))
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OFFERED)
    offered_at = models.DateTimeField(_("offered"))
    due_at = models.DateTimeField(_("due"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("dissuasion task")
        verbose_name_plural = _("dissuasion tasks")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["alert"], name="task_one_open", condition=Q(state__in=[TaskState.OFFERED, TaskState.ACCEPTED])),
            models.CheckConstraint(
                name="task_accepted_by_somebody",
                condition=~Q(state=TaskState.ACCEPTED) | Q(assignee__isnull=False, accepted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="task_ended_has_time",
                condition=Q(state__in=[TaskState.OFFERED, TaskState.ACCEPTED], ended_at__isnull=True)
                | Q(state__in=[TaskState.PASSED_ON, TaskState.DONE], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.state}"


class Attempt(models.Model):
    """One attempt to reach the person. `beyond_limits` says why it was made outside the limits that protect her; empty: within them.

    What the portal sent has no outcome but “sent”; `messages` are its rows in the outbox of the registrations, which say how far they got.
    """

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="attempts")
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    reached = models.CharField(_("reached"), max_length=14, choices=Reached)
    identity_checked = models.BooleanField(_("identity checked"), default=False)
    notes = models.TextField(_("notes"), blank=True)
    beyond_limits = models.CharField(_("why outside the limits"), max_length=500, blank=True, default="")
    messages = models.JSONField(default=list, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["id"]
        indexes = [models.Index(fields=["alert", "at"], name="attempt_of_alert")]
        constraints = [
            models.CheckConstraint(name="attempt_words_known", condition=Q(channel__in=Channel.values, reached__in=Reached.values)),
            models.CheckConstraint(name="attempt_by_somebody", condition=Q(by__isnull=False) | Q(reached=Reached.SENT)),
            models.CheckConstraint(
                name="attempt_identity_of_reached", condition=Q(identity_checked=False) | Q(reached__in=["yes", "refused"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.channel} {self.reached}"


class Escalation(models.Model):
    """That somebody else was turned to: the family, the officer, the bank (payment stop, 止付), the criminal police."""

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="escalations")
    to = models.CharField(_("to whom"), max_length=8, choices=EscalationTo)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    reason = models.TextField(_("reason"))

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("turning to somebody else")
        verbose_name_plural = _("turnings to somebody else")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.to}"


class ReturnCall(models.Model):
    """A call after the outcome was confirmed: does it hold?"""

    alert = models.ForeignKey(FraudAlert, models.CASCADE, related_name="return_calls")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    reached = models.BooleanField(_("reached"))
    is_safe = models.BooleanField(_("the outcome holds"), null=True)
    notes = models.TextField(_("notes"), blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("return call")
        verbose_name_plural = _("return calls")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="alert_call_says_when_reached", condition=Q(reached=True) | Q(is_safe__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} {self.at:%Y-%m-%d}"
