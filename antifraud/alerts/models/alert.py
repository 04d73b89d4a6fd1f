"""The alert: what we work on for one person and one type of fraud."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField, AreaScoped
from tongshan_portal.kernel.sealed import BlindIndexField, Purpose, SealedTextField
from tongshan_portal.workflow.calendar import local
from tongshan_portal.workflow.clocks import Clock

from ..enums import DECIDED, LIVING, OPEN, AlertState, Goes, Grade, MatchKind, MoneyWent, Outcome, Stage
from ..querysets import AlertQuerySet
from .dictionaries import FraudType

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Characters that nobody confuses when they are read out."""
INDEX_SPACE = "antifraud.phone"
"""The space in which the numbers of warnings and of registrations can be matched with one another."""


def new_code(now: datetime) -> str:
    """The code of an alert: the day, and eight characters that cannot be guessed."""
    number, letters = secrets.randbits(40), []
    for _place in range(8):
        number, letter = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[letter])
    return f"FA{local(now):%y%m%d}-{''.join(letters)}"


FAMILY_WAITS = Q(rank=0, registration_id__isnull=False, family_told_at__isnull=True, contacted_at__isnull=True, state__in=OPEN)
"""Alerts of the high grade whose registered person nobody has spoken to, and about which no family was asked to call."""


class FraudAlert(AreaScoped):
    """One person, one type of fraud, as long as it is open; every further warning is counted in it.

    `phone`, `name`, `address` are sealed; `phone_index` is who the person is. `goes` and `desk_code` say on whose desk the dissuasion
    stands (a grid, village, town or district), `assignee` whose it is by name. `stage` is what the clock is about. Amounts are in yuan.
    """

    code = models.CharField(_("code"), max_length=20, unique=True)
    state = models.CharField(_("state"), max_length=14, choices=AlertState, default=AlertState.NEW)
    grade = models.CharField(_("grade"), max_length=8, choices=Grade)
    rank = models.PositiveSmallIntegerField(editable=False)
    type = models.ForeignKey(FraudType, models.PROTECT, related_name="+", verbose_name=_("type"))
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, indexed=True, index_space=INDEX_SPACE)
    phone_index = BlindIndexField(of="phone")
    name = SealedTextField(_("name"), purpose=Purpose.NAME, null=True, blank=True)
    address = SealedTextField(_("address"), purpose=Purpose.ADDRESS, null=True, blank=True)
    match_kind = models.CharField(_("how the place was found"), max_length=12, choices=MatchKind)
    registration_id = models.BigIntegerField(null=True, editable=False)
    member_id = models.BigIntegerField(null=True, editable=False)
    source = models.CharField(_("source"), max_length=40)
    claimed = models.CharField(_("claimed sender or site"), max_length=120, blank=True, default="")
    warnings_joined = models.PositiveIntegerField(_("warnings"), default=1)
    first_warning_at = models.DateTimeField(_("first warning"))
    last_warning_at = models.DateTimeField(_("last warning"))
    received_at = models.DateTimeField(_("received"))
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="repeats", verbose_name=_("earlier alert of the person"))
    is_simulated = models.BooleanField(_("simulated"), default=False, editable=False)

    goes = models.CharField(_("who goes"), max_length=18, choices=Goes, blank=True, default="")
    desk_code = AreaCodeField(_("desk"), blank=True, default="")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("assigned to"))
    with_duty = models.BooleanField(_("came while the desk was closed"), default=False, editable=False)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True)
    snooze_reason = models.CharField(_("why it is snoozed"), max_length=500, blank=True, default="")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name=_("merged into"))

    stage = models.CharField(max_length=12, choices=Stage, blank=True, default="", editable=False)
    clock = models.JSONField(null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True)
    rung_at = models.DateTimeField(null=True, editable=False)
    climbed = models.PositiveSmallIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"))

    attempts_made = models.PositiveIntegerField(_("attempts"), default=0)
    contacted_at = models.DateTimeField(_("first reached"), null=True)
    # Kept by a trigger (migration `tallies`) for the figures: a further warning or a reopening changes them no more.
    contact_due_at = models.DateTimeField(_("first contact due"), null=True, editable=False)
    first_contact_at = models.DateTimeField(_("first contact ever"), null=True, editable=False)
    contact_minutes = models.PositiveIntegerField(_("minutes to the first contact"), null=True, editable=False)
    family_told_at = models.DateTimeField(_("family asked to call"), null=True, editable=False)
    return_calls_made = models.PositiveSmallIntegerField(default=0, editable=False)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome, blank=True, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"), null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("checked by"))
    checked_at = models.DateTimeField(_("checked"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    amount_at_risk = models.DecimalField(_("amount at risk"), max_digits=14, decimal_places=2, null=True)
    amount_transferred = models.DecimalField(_("amount transferred"), max_digits=14, decimal_places=2, null=True)
    money_went = models.CharField(_("when the money went"), max_length=7, choices=MoneyWent, blank=True, default="")
    money_went_at = models.DateTimeField(_("time of the transfer"), null=True)
    amount_stopped = models.DecimalField(_("amount stopped"), max_digits=14, decimal_places=2, null=True)
    loss_avoided = models.DecimalField(_("loss avoided"), max_digits=14, decimal_places=2, null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("fraud alert")
        verbose_name_plural = _("fraud alerts")
        constraints = [
            models.UniqueConstraint(fields=["phone_index", "type"], name="alert_open_once", condition=Q(state__in=OPEN)),
            models.CheckConstraint(name="alert_state_known", condition=Q(state__in=AlertState.values)),
            models.CheckConstraint(
                name="alert_rank_is_the_grades",
                condition=Q(grade=Grade.HIGH, rank=0) | Q(grade=Grade.MEDIUM, rank=1) | Q(grade=Grade.LOW, rank=2),
            ),
            models.CheckConstraint(
                name="alert_assigned_has_desk",
                condition=~Q(state__in=[AlertState.ASSIGNED, AlertState.BEING_REACHED, AlertState.SNOOZED])
                | (~Q(goes="") & ~Q(desk_code="")),
            ),
            models.CheckConstraint(
                name="alert_being_reached_has_assignee", condition=~Q(state=AlertState.BEING_REACHED) | Q(assignee__isnull=False)
            ),
            models.CheckConstraint(
                name="alert_snoozed_has_end",
                condition=Q(state=AlertState.SNOOZED, snoozed_until__isnull=False) & ~Q(snooze_reason="")
                | ~Q(state=AlertState.SNOOZED) & Q(snoozed_until__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_outcome_has_recorder",
                condition=Q(outcome="", recorded_by__isnull=True, recorded_at__isnull=True)
                | ~Q(outcome="") & Q(recorded_by__isnull=False, recorded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="alert_decided_by_another",
                condition=Q(state__in=DECIDED, checked_by__isnull=False, checked_at__isnull=False)
                & ~Q(outcome="")
                & ~Q(checked_by=F("recorded_by"))
                | ~Q(state__in=DECIDED) & Q(checked_by__isnull=True, checked_at__isnull=True),
            ),
            # Nothing counts as avoided before a second person said so.
            models.CheckConstraint(name="alert_loss_avoided_is_checked", condition=Q(loss_avoided__isnull=True) | Q(state__in=DECIDED)),
            models.CheckConstraint(
                name="alert_closed_has_time",
                condition=Q(state=AlertState.CLOSED, closed_at__isnull=False) | ~Q(state=AlertState.CLOSED) & Q(closed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_merged_has_target",
                condition=Q(state=AlertState.MERGED, merged_into__isnull=False) | ~Q(state=AlertState.MERGED) & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_amounts_possible",
                condition=(Q(amount_at_risk__isnull=True) | Q(amount_at_risk__gte=0))
                & (Q(amount_transferred__isnull=True) | Q(amount_transferred__gte=0))
                & (Q(amount_stopped__isnull=True) | Q(amount_stopped__gte=0))
                & (Q(loss_avoided__isnull=True) | Q(loss_avoided__gte=0, loss_avoided__lte=F("amount_stopped"))),
            ),
            # Of money that went somebody said when, or that nobody knows; of money that did not go, nothing.
            models.CheckConstraint(
                name="alert_money_says_when",
                condition=Q(amount_transferred__gt=0, amount_transferred__isnull=False, money_went__in=MoneyWent.values)
                | (Q(amount_transferred__isnull=True) | Q(amount_transferred__lte=0)) & Q(money_went="", money_went_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["rank", "due_at", "id"], name="alert_urgency", condition=Q(state__in=LIVING)),
            models.Index(fields=["town_code", "-received_at", "-id"], name="alert_town"),
            models.Index(fields=["village_code", "-received_at", "-id"], name="alert_village"),
            models.Index(fields=["grid_code", "-received_at", "-id"], name="alert_grid"),
            models.Index(fields=["-received_at", "-id"], name="alert_newest"),
            models.Index(fields=["phone_index", "-received_at"], name="alert_person"),
            models.Index(fields=["assignee", "state"], name="alert_assignee", condition=Q(assignee__isnull=False)),
            models.Index(fields=["desk_code", "goes", "state"], name="alert_desk", condition=~Q(desk_code="") & Q(assignee__isnull=True)),
            models.Index(fields=["rung_at"], name="alert_rung", condition=Q(rung_at__isnull=False)),
            models.Index(fields=["snoozed_until"], name="alert_snoozed", condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["checked_at"], name="alert_checked", condition=Q(checked_at__isnull=False)),
            models.Index(fields=["source", "outcome"], name="alert_source", condition=~Q(outcome="")),
            models.Index(fields=["received_at"], name="alert_family_waits", condition=FAMILY_WAITS),
        ]

    def __str__(self) -> str:
        """The label that the ledger freezes: the code alone."""
        return self.code

    def clock_now(self) -> Clock | None:
        """The clock of the present stage."""
        return Clock.from_json(self.clock) if self.clock else None
