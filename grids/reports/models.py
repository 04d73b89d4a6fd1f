"""Case reports (事), what belongs to one, and the dictionaries that decide where it goes and by when."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField, AreaScoped
from tongshan_portal.accounts.grants import Grant
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel.sealed import BlindIndexField, Purpose, SealedTextField
from tongshan_portal.workflow.clocks import Clock
from tongshan_portal.workflow.limits import Unit

from .enums import LIVING, Desk, Hours, Located, ReportState, Source, Stage, Urgency
from .querysets import PartQuerySet, ReportQuerySet


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
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)
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


class Report(AreaScoped):
    """One matter that somebody saw. `clock` runs for the present hop, `total` from filing to closing; their due times stand beside them.

    `desk_code` (a town, village or grid) or `department` says on whose desk it stands; `departments` keeps every department that had it.
    `key` is the sender's: the same report sent twice is one.
    """

    code = models.CharField(_("case code"), max_length=20, unique=True)
    key = models.UUIDField(unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=ReportState, default=ReportState.FILED)
    title = models.CharField(_("what happened"), max_length=120)
    text = models.TextField(_("details"), blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", verbose_name=_("category"))
    category_version = models.PositiveIntegerField(default=1)
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    source = models.CharField(_("source"), max_length=12, choices=Source)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by"))
    filed_at = models.DateTimeField(_("filed"))
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    located = models.CharField(_("how it was located"), max_length=10, choices=Located, default=Located.CHOSEN)
    contact = SealedTextField(_("who raised it"), purpose=Purpose.NAME, null=True, blank=True)
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, null=True, blank=True, indexed=True)
    phone_index = BlindIndexField(of="phone")

    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department"))
    departments = ArrayField(models.BigIntegerField(), default=list, editable=False)
    desk_code = AreaCodeField(_("desk"), blank=True, default="")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("lead"))
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("handled by"))
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verified by"))
    void_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    extension_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    extension = models.JSONField(null=True, editable=False)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name=_("merged into"))

    clock = models.JSONField(null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True)
    rung_at = models.DateTimeField(null=True, editable=False)
    climbed = models.PositiveSmallIntegerField(default=0, editable=False)
    total = models.JSONField(null=True, editable=False)
    deadline_at = models.DateTimeField(_("deadline"), null=True)
    lead_alarm_at = models.DateTimeField(null=True, editable=False)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True)
    changed_at = models.DateTimeField(_("changed"))
    closed_at = models.DateTimeField(_("closed"), null=True)

    bounces = models.PositiveSmallIntegerField(_("bounces"), default=0)
    returns = models.PositiveSmallIntegerField(_("returns"), default=0)
    rework = models.PositiveSmallIntegerField(_("rework"), default=0)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    hastened = models.PositiveSmallIntegerField(_("hastened"), default=0)
    open_orders = models.PositiveSmallIntegerField(default=0, editable=False)
    resolution = models.TextField(_("result"), blank=True)
    words = models.TextField(editable=False)
    """What the search looks through: code, title, text, address, in one normal form."""

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("case report")
        verbose_name_plural = _("case reports")
        constraints = [
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="report_closed_has_time",
                condition=Q(state=ReportState.CLOSED, closed_at__isnull=False) | Q(~Q(state=ReportState.CLOSED), closed_at__isnull=True),
            ),
            models.CheckConstraint(name="report_on_one_desk", condition=Q(department__isnull=True) | Q(desk_code="")),
            models.CheckConstraint(
                name="report_dispatched_has_desk",
                condition=~Q(state__in=[ReportState.DISPATCHED, ReportState.HANDLING]) | Q(department__isnull=False) | ~Q(desk_code=""),
            ),
            models.CheckConstraint(name="report_handling_has_lead", condition=~Q(state=ReportState.HANDLING) | Q(lead__isnull=False)),
            models.CheckConstraint(
                name="report_handler_does_not_verify",
                condition=Q(handled_by__isnull=True) | Q(verified_by__isnull=True) | ~Q(verified_by=F("handled_by")),
            ),
            models.CheckConstraint(
                name="report_merged_has_target",
                condition=Q(state=ReportState.MERGED, merged_into__isnull=False)
                | Q(~Q(state=ReportState.MERGED), merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="report_point_whole", condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__range=(-180, 180), lat__range=(-90, 90))
            ),
        ]
        indexes = [
            models.Index(fields=["-filed_at", "-id"], name="report_newest"),
            models.Index(fields=["town_code", "-filed_at", "-id"], name="report_town"),
            models.Index(fields=["village_code", "-filed_at", "-id"], name="report_village"),
            models.Index(fields=["grid_code", "-filed_at", "-id"], name="report_grid"),
            models.Index(fields=["due_at", "id"], name="report_due", condition=Q(state__in=LIVING)),
            models.Index(fields=["town_code", "due_at"], name="report_town_due", condition=Q(state__in=LIVING)),
            models.Index(fields=["rung_at"], name="report_rung", condition=Q(rung_at__isnull=False)),
            models.Index(fields=["lead_alarm_at"], name="report_alarm", condition=Q(lead_alarm_at__isnull=False)),
            models.Index(fields=["department", "state", "due_at"], name="report_department", condition=Q(department__isnull=False)),
            models.Index(fields=["desk_code", "state", "due_at"], name="report_desk", condition=~Q(desk_code="")),
            models.Index(fields=["filed_by", "-filed_at"], name="report_filed_by", condition=Q(filed_by__isnull=False)),
            models.Index(fields=["closed_at"], name="report_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["phone_index"], name="report_phone", condition=Q(phone_index__isnull=False)),
            GinIndex(fields=["departments"], name="report_departments"),
        ]

    def __str__(self) -> str:
        """The label that the ledger freezes: the code alone."""
        return self.code

    def clock_now(self) -> Clock | None:
        """The clock of the present hop."""
        return Clock.from_json(self.clock) if self.clock else None

    def total_clock(self) -> Clock | None:
        """The clock from filing to closing."""
        return Clock.from_json(self.total) if self.total else None


class ReportStep(AreaScoped):
    """One hop of the loop, never changed: who did what, from which state to which, why, and how the hop's clock stood."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps")
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_label = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    recipient = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["report", "id"], name="report_step_in_order")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.verb}"

    @property
    def was_late(self) -> bool:
        """Whether the hop that this step ended was past its due time."""
        return self.due_at is not None and self.at > self.due_at


class SupervisionOrder(AreaScoped):
    """An order (督办单) that the desk must answer in writing."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="orders")
    text = models.TextField(_("order"))
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by"))
    ordered_at = models.DateTimeField(_("ordered"))
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="order_answered_whole",
                condition=Q(answer="", answered_at__isnull=True) | Q(~Q(answer=""), answered_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.report)


class ReportGrant(Grant):
    """A grant on a report: a leader for one case, a colleague who co-handles."""

    content_object: Any = models.ForeignKey(Report, models.CASCADE, related_name="grants", verbose_name=_("report"))

    class Meta(Grant.Meta):
        verbose_name = _("grant on a report")
        verbose_name_plural = _("grants on reports")
