"""The dictionaries: fraud types with what to say and to look for, what follows from a grade, and limits that protect the resident."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..enums import Channel, Goes, Grade

FAMILY_WORDS = "【金钟罩】请尽快给绑定号码{who}的家人打个电话。如需解除绑定，请到注册页面办理。"
ADVICE_WORDS = "【反诈提醒】{advice}如有疑问请拨打110，不要向陌生账户转账。"
"""Wordings of the portal, in the residents' language; to be confirmed by the police like everything else here."""


def says_nothing_else(words: str) -> None:
    """The message to a family names whom to call, and has no other part that could be filled in. Raises ValidationError."""
    if "{who}" not in words or "{" in words.replace("{who}", ""):
        raise ValidationError(_("The message names whom to call by {who}, and nothing else is filled in."))


def in_chinese() -> bool:
    """Whether the reader's language is Chinese."""
    return (get_language() or "").startswith("zh")


class FraudType(models.Model):
    """A kind of fraud: its name as the police use it, what to say at the door, what to look for, what to advise. One line each."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    order = models.PositiveIntegerField(_("order"), default=100)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=80)
    script_zh = models.TextField(_("what to say, Chinese"), blank=True)
    script_en = models.TextField(_("what to say, English"), blank=True)
    checklist_zh = models.TextField(_("at the door, Chinese"), blank=True, help_text=_("One item per line."))
    checklist_en = models.TextField(_("at the door, English"), blank=True, help_text=_("One item per line."))
    advice_zh = models.TextField(_("advice, Chinese"), blank=True)
    advice_en = models.TextField(_("advice, English"), blank=True)
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("fraud type")
        verbose_name_plural = _("fraud types")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.label_zh if in_chinese() else self.label_en

    @property
    def script(self) -> str:
        return self.script_zh if in_chinese() else self.script_en

    @property
    def checklist(self) -> list[str]:
        """What to look for and to do at the door, item by item."""
        return [line.strip() for line in (self.checklist_zh if in_chinese() else self.checklist_en).splitlines() if line.strip()]

    @property
    def advice(self) -> str:
        return self.advice_zh if in_chinese() else self.advice_en


class GradePolicy(models.Model):
    """What follows from a grade: how many minutes to each step, who goes, how. None is official until the police confirm it."""

    grade = models.CharField(_("grade"), max_length=8, choices=Grade, unique=True)
    contact_minutes = models.PositiveIntegerField(_("minutes to the first contact"), validators=[MinValueValidator(1)])
    outcome_minutes = models.PositiveIntegerField(_("minutes from there to the outcome"), validators=[MinValueValidator(1)])
    check_minutes = models.PositiveIntegerField(_("minutes to the check"), validators=[MinValueValidator(1)])
    return_call_minutes = models.PositiveIntegerField(_("minutes to the return call"), validators=[MinValueValidator(1)])
    warning_minutes = models.PositiveIntegerField(_("the assignee is reminded so many minutes before"), default=0)
    escalation_minutes = models.PositiveIntegerField(_("the duty officer hears of it so many minutes after"), default=10)
    goes = models.CharField(_("who goes"), max_length=18, choices=Goes)
    channel = models.CharField(_("how"), max_length=8, choices=Channel)
    is_confirmed = models.BooleanField(_("confirmed by the police"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("grade policy")
        verbose_name_plural = _("grade policies")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="grade_policy_known", condition=Q(grade__in=Grade.values, goes__in=Goes.values)),
            models.CheckConstraint(
                name="grade_policy_positive",
                condition=Q(contact_minutes__gte=1, outcome_minutes__gte=1, check_minutes__gte=1, return_call_minutes__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return str(Grade(self.grade).label)


class AlertPolicy(models.Model):
    """One row: what holds for all grades. Defaults of the portal, to be confirmed by the police."""

    join_hours = models.PositiveIntegerField(_("hours within which a further warning only counts"), default=24)
    calls_per_day = models.PositiveIntegerField(_("calls to one person a day, at most"), default=5)
    quiet_from = models.TimeField(_("no attempt from"), default="21:00")
    quiet_until = models.TimeField(_("no attempt until"), default="08:00")
    snooze_hours = models.PositiveIntegerField(_("hours an alert may be snoozed, at most"), default=24)
    claim_minutes = models.PositiveIntegerField(
        _("minutes for which the next one is kept for whoever took it"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    wave_hours = models.PositiveIntegerField(
        _("hours between two alerts of one wave, at most"), default=6, validators=[MinValueValidator(1), MaxValueValidator(72)]
    )
    wave_from = models.PositiveIntegerField(_("so many alerts are a wave"), default=3, validators=[MinValueValidator(2)])
    messages_per_day = models.PositiveIntegerField(_("messages to one person, or to one family, a day, at most"), default=1)
    tell_family = models.BooleanField(_("ask the family to call, where the person agreed"), default=True)
    family_words = models.CharField(
        _("message to the family"), max_length=140, default=FAMILY_WORDS, validators=[says_nothing_else],
        help_text=_("{who} stands for the masked number of the person. Nothing of the warning belongs here."),
    )  # fmt: skip
    advice_words = models.CharField(
        _("message to the person"), max_length=140, default=ADVICE_WORDS, help_text=_("{advice} stands for the advice of the fraud type.")
    )
    desk_always_open = models.BooleanField(_("the anti-fraud desk is open round the clock"), default=False)
    is_confirmed = models.BooleanField(_("confirmed by the police"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("limits of alerts")
        verbose_name_plural = _("limits of alerts")
        constraints = [models.CheckConstraint(name="alert_policy_is_one_row", condition=Q(pk=1))]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
