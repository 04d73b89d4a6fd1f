"""The dictionaries that decide what a report is called, what is asked, where it goes and by when. Editable without code."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField
from tongshan_portal.accounts.models import Department
from tongshan_portal.workflow.limits import Unit

from ..enums import AnswerKind, Desk, Hours, Stage, Urgency


class Category(models.Model):
    """What a report is about. Editable without code; `version` counts the edits, and a report keeps the one it was filed under."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("category above"))
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=80)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("default department")
    )
    after_photo = models.BooleanField(_("a photo afterwards is needed"), default=False)
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)
    origin = models.CharField(_("imported from"), max_length=40, blank=True, default="", editable=False)
    """The other system whose dictionary it came from; such a category keeps that system's words."""
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["code"]
        constraints = [models.CheckConstraint(name="category_not_its_own_parent", condition=~Q(parent=F("id")))]

    def __str__(self) -> str:
        return self.label_zh if (get_language() or "").startswith("zh") else self.label_en


class Keyword(models.Model):
    """A word that suggests a category; the suggestion says which word it was."""

    word = models.CharField(_("word"), max_length=30, unique=True)
    category = models.ForeignKey(Category, models.CASCADE, related_name="keywords", verbose_name=_("category"))
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("word that suggests a category")
        verbose_name_plural = _("words that suggest a category")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.word


class DispatchRule(models.Model):
    """Where a report goes by itself: the first rule that matches wins. Empty conditions match everything."""

    order = models.PositiveIntegerField(_("order"), default=100)
    name = models.CharField(_("name"), max_length=80)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"))
    area_code = AreaCodeField(_("area"), blank=True, default="")
    hours = models.CharField(_("when"), max_length=10, choices=Hours, default=Hours.ALWAYS)
    desk = models.CharField(_("desk"), max_length=12, choices=Desk)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department"))
    in_use = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("dispatch rule")
        verbose_name_plural = _("dispatch rules")
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                name="dispatch_rule_department", condition=Q(desk=Desk.DEPARTMENT, department__isnull=False) | ~Q(desk=Desk.DEPARTMENT)
            )
        ]

    def __str__(self) -> str:
        return self.name


class TimePolicy(models.Model):
    """A time limit for a stage, for a category and urgency or for all; the most exact one holds. A default says so."""

    stage = models.CharField(_("stage"), max_length=10, choices=Stage)
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("category"))
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, blank=True, default="")
    amount = models.PositiveIntegerField(_("amount"))
    unit = models.CharField(_("unit"), max_length=14, choices=Unit)
    extendable = models.PositiveIntegerField(_("extendable by at most"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=80, default="default")
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("time limit")
        verbose_name_plural = _("time limits")
        ordering = ["stage", "urgency", "id"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "category", "urgency"], name="time_policy_once", nulls_distinct=False),
            models.CheckConstraint(name="time_policy_positive", condition=Q(amount__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} · {self.amount} {self.get_unit_display()}"


class Question(models.Model):
    """Something that is asked when a report of a category, or of one below it, is filed. `choices` is [{"code", "zh", "en"}]."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="questions", verbose_name=_("category"))
    order = models.PositiveIntegerField(_("order"), default=100)
    code = models.SlugField(_("code"), max_length=40)
    label_zh = models.CharField(_("Chinese label"), max_length=80)
    label_en = models.CharField(_("English label"), max_length=120)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=AnswerKind, default=AnswerKind.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    required = models.BooleanField(_("must be answered"), default=False)
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        verbose_name = _("question of a category")
        verbose_name_plural = _("questions of categories")
        ordering = ["category", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="question_once")]

    def __str__(self) -> str:
        return self.label_zh if (get_language() or "").startswith("zh") else self.label_en
