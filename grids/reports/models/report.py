"""The report itself."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField, AreaScoped
from tongshan_portal.accounts.grants import Grant
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel.sealed import BlindIndexField, Purpose, SealedTextField
from tongshan_portal.workflow.clocks import Clock

from ..enums import DONE_STATES, LIVING, SOMEBODY_WAITS, Located, ReportState, Satisfaction, Source, Urgency
from ..querysets import ReportQuerySet
from .dictionaries import Category

KEY_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Characters that nobody confuses when they are read out."""


SELDOM = ("lead", "handled_by", "verified_by", "void_asked_by", "extension_asked_by", "deferral_asked_by", "merged_into", "claimed_by")
"""References that a new report lacks: their indexes hold only the rows that have them, so that filing does not write eight more entries."""

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
"""Where what has no due time stands in a list by due time: at its end."""


def new_follow_key() -> str:
    """The secret half of the resident's address: eight characters, 39 bits, never shown in lists, events or the ledger."""
    return "".join(secrets.choice(KEY_LETTERS) for _ in range(8))


class Report(AreaScoped):
    """One matter that somebody saw. `clock` runs for the present hop, `total` from filing to closing; their due times stand beside them.

    `desk_code` (a town, village or grid) or `department` says on whose desk it stands; `departments` keeps every department that had it.
    `key` is the sender's: the same report sent twice is one. `origin` and `external_id` are another system's name and its own number.
    `follow_key` opens the resident's page; `answer` is what the resident reads there.
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
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("filed by"), db_index=False
    )
    filed_at = models.DateTimeField(_("filed"))
    lon = models.FloatField(_("longitude"), null=True)
    lat = models.FloatField(_("latitude"), null=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    located = models.CharField(_("how it was located"), max_length=10, choices=Located, default=Located.CHOSEN)
    contact = SealedTextField(_("who raised it"), purpose=Purpose.NAME, null=True, blank=True)
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, null=True, blank=True, indexed=True)
    phone_index = BlindIndexField(of="phone")
    answers = models.JSONField(_("answers"), default=dict, editable=False)
    origin = models.CharField(_("system it came from"), max_length=40, blank=True, default="")
    external_id = models.CharField(_("number there"), max_length=80, blank=True, default="")
    follow_key = models.CharField(max_length=8, default=new_follow_key, editable=False)
    is_synthetic = models.BooleanField(_("synthetic"), default=False, editable=False)

    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department"), db_index=False)
    departments = ArrayField(models.BigIntegerField(), default=list, editable=False)
    desk_code = AreaCodeField(_("desk"), blank=True, default="")
    lead = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("lead"), db_index=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("handled by"), db_index=False
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("verified by"), db_index=False
    )
    void_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    extension_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    extension = models.JSONField(null=True, editable=False)
    deferral_asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    deferral = models.JSONField(null=True, editable=False)
    deferred_until = models.DateTimeField(_("deferred until"), null=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged", verbose_name=_("merged into"), db_index=False)

    clock = models.JSONField(null=True, editable=False)
    due_at = models.DateTimeField(_("due"), null=True)
    sort_due = models.GeneratedField(
        expression=Coalesce("due_at", Value(NEVER, models.DateTimeField())), output_field=models.DateTimeField(), db_persist=True
    )
    """`due_at`, never null: the order of what needs somebody, with what stands still at its end."""
    rung_at = models.DateTimeField(null=True, editable=False)
    climbed = models.PositiveSmallIntegerField(default=0, editable=False)
    total = models.JSONField(null=True, editable=False)
    deadline_at = models.DateTimeField(_("deadline"), null=True)
    lead_alarm_at = models.DateTimeField(null=True, editable=False)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True)
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False, db_index=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    changed_at = models.DateTimeField(_("changed"))
    closed_at = models.DateTimeField(_("closed"), null=True)
    archive_at = models.DateTimeField(_("to be filed away"), null=True)
    worked_minutes = models.PositiveIntegerField(_("working time in minutes"), null=True, editable=False)
    """Hours of service between filing and closing."""

    bounces = models.PositiveSmallIntegerField(_("bounces"), default=0)
    returns = models.PositiveSmallIntegerField(_("returns"), default=0)
    rework = models.PositiveSmallIntegerField(_("rework"), default=0)
    reopened = models.PositiveSmallIntegerField(_("reopened"), default=0)
    extensions = models.PositiveSmallIntegerField(_("extensions"), default=0)
    deferrals = models.PositiveSmallIntegerField(_("deferrals"), default=0)
    hastened = models.PositiveSmallIntegerField(_("hastened"), default=0)
    open_orders = models.PositiveSmallIntegerField(default=0, editable=False)
    open_parts = models.PositiveSmallIntegerField(default=0, editable=False)
    """Sub-tasks and co-handlings that are not done."""
    co_handlers = models.JSONField(default=dict, editable=False)
    """The desks of open co-handlings with their state: {"department:3": "asked"}; policies and worklists read it without a join."""
    assignees = ArrayField(models.BigIntegerField(), default=list, editable=False)
    """Who has an open sub-task, once for each."""
    photos_before = models.PositiveSmallIntegerField(default=0, editable=False)
    photos_after = models.PositiveSmallIntegerField(default=0, editable=False)
    resolution = models.TextField(_("result"), blank=True)
    answer = models.TextField(_("answer to the resident"), blank=True)
    contacted_at = models.DateTimeField(_("resident last reached"), null=True)
    rating = models.CharField(_("rating"), max_length=12, choices=Satisfaction, blank=True, default="")
    rating_text = models.TextField(_("what the resident adds"), blank=True, default="")
    rated_at = models.DateTimeField(_("rated"), null=True)
    words = models.TextField(editable=False, db_collation="C")
    """What the search looks through: code, title, text, address, in one normal form."""

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("case report")
        verbose_name_plural = _("case reports")
        constraints = [
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(
                name="report_closed_has_time",
                condition=Q(state__in=DONE_STATES, closed_at__isnull=False) | Q(~Q(state__in=DONE_STATES), closed_at__isnull=True),
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
            models.UniqueConstraint(fields=["origin", "external_id"], name="report_external_once", condition=~Q(origin="")),
            models.CheckConstraint(
                name="report_rated_whole", condition=Q(rating="", rated_at__isnull=True) | Q(~Q(rating=""), rated_at__isnull=False)
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
            models.Index(fields=["sort_due", "id"], name="report_sort_due", condition=Q(state__in=LIVING)),
            models.Index(
                fields=["category", "village_code", "-closed_at"], name="report_alike_village", condition=Q(closed_at__isnull=False)
            ),
            models.Index(fields=["category", "town_code", "-closed_at"], name="report_alike_town", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["category", "-closed_at"], name="report_alike", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["rung_at"], name="report_rung", condition=Q(rung_at__isnull=False)),
            models.Index(fields=["lead_alarm_at"], name="report_alarm", condition=Q(lead_alarm_at__isnull=False)),
            models.Index(fields=["department", "state", "due_at"], name="report_department", condition=Q(department__isnull=False)),
            models.Index(fields=["desk_code", "state", "due_at"], name="report_desk", condition=~Q(desk_code="")),
            models.Index(fields=["filed_by", "-filed_at"], name="report_filed_by", condition=Q(filed_by__isnull=False)),
            models.Index(fields=["closed_at"], name="report_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["deadline_at"], name="report_deadline", condition=Q(deadline_at__isnull=False)),
            models.Index(fields=["rated_at"], name="report_rated", condition=Q(rated_at__isnull=False)),
            models.Index(fields=["phone_index"], name="report_phone", condition=Q(phone_index__isnull=False)),
            models.Index(fields=["deferred_until"], name="report_deferred", condition=Q(deferred_until__isnull=False)),
            models.Index(fields=["archive_at"], name="report_to_archive", condition=Q(state=ReportState.CLOSED)),
            models.Index(fields=["id"], name="report_with_parts", condition=Q(open_parts__gt=0)),
            models.Index(fields=["lon", "lat"], name="report_point", condition=Q(lon__isnull=False)),
            GinIndex(fields=["departments"], name="report_departments"),
            *(models.Index(fields=[name], name=f"report_{name}", condition=Q(**{f"{name}__isnull": False})) for name in SELDOM),
        ]

    def __str__(self) -> str:
        """The label that the ledger freezes: the code alone."""
        return self.code

    @property
    def somebody_waits(self) -> bool:
        """Whether a person outside waits for an answer."""
        return self.source in SOMEBODY_WAITS or self.phone is not None

    def clock_now(self) -> Clock | None:
        """The clock of the present hop."""
        return Clock.from_json(self.clock) if self.clock else None

    def total_clock(self) -> Clock | None:
        """The clock from filing to closing."""
        return Clock.from_json(self.total) if self.total else None


class ReportGrant(Grant):
    """A grant on a report: a leader for one case, a colleague who co-handles."""

    content_object: Any = models.ForeignKey(Report, models.CASCADE, related_name="grants", verbose_name=_("report"))

    class Meta(Grant.Meta):
        verbose_name = _("grant on a report")
        verbose_name_plural = _("grants on reports")
