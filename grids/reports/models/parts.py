"""What belongs to one report and is reached through it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaCodeField, AreaScoped
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.long_work import private_storage
from tongshan_portal.kernel import ids

from ..enums import OPEN_CO_HANDLING, CoHandlingState, Moment, Satisfaction
from ..querysets import PartQuerySet
from .report import Report


class ReportStep(AreaScoped):
    """One hop of the loop, never changed: who did what, from which state to which, why, and how the hop's clock stood."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="steps", db_index=False)  # `report_step_in_order` begins with it
    verb = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)  # nobody is looked for
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
    due_at = models.DateTimeField(_("to be answered by"), null=True)
    escalated_at = models.DateTimeField(null=True, editable=False)
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
        indexes = [models.Index(fields=["due_at"], name="order_due", condition=Q(answered_at__isnull=True, escalated_at__isnull=True))]

    def __str__(self) -> str:
        return str(self.report)


def photo_path(_photo: "Photo", _name: str) -> str:
    """A random name: what the sender called the file is not kept."""
    return f"photos/{ids.new_uuid().hex}.jpg"


class Photo(AreaScoped):
    """A picture of the matter, before or after: decoded and written anew, so that nothing of the device or the place stays in it."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="photos")
    key = models.UUIDField(unique=True)
    moment = models.CharField(_("when"), max_length=6, choices=Moment)
    file = models.FileField(upload_to=photo_path, storage=private_storage)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="photo_moment_known", condition=Q(moment__in=Moment.values))]

    def __str__(self) -> str:
        return f"{self.report} {self.moment}"


class CoHandling(AreaScoped):
    """Another desk that was asked to take part (协同): it accepts or refuses; the lead stays who it is."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="co_handlings")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name=_("department"))
    desk_code = AreaCodeField(_("desk"), blank=True, default="")
    text = models.TextField(_("what is asked"))
    state = models.CharField(_("state"), max_length=8, choices=CoHandlingState, default=CoHandlingState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), blank=True)
    result = models.TextField(_("result"), blank=True)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("co-handling")
        verbose_name_plural = _("co-handlings")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="co_handling_on_one_desk",
                condition=Q(department__isnull=False, desk_code="") | Q(Q(department__isnull=True), ~Q(desk_code="")),
            ),
            models.CheckConstraint(name="co_handling_refused_with_reason", condition=~Q(state=CoHandlingState.REFUSED) | ~Q(reason="")),
            models.CheckConstraint(name="co_handling_done_with_result", condition=~Q(state=CoHandlingState.DONE) | ~Q(result="")),
            models.UniqueConstraint(
                fields=["report", "department", "desk_code"],
                name="co_handling_open_once",
                condition=Q(state__in=OPEN_CO_HANDLING),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["department", "state"], name="co_handling_department", condition=Q(department__isnull=False)),
            models.Index(fields=["desk_code", "state"], name="co_handling_desk", condition=~Q(desk_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.department or self.desk_code}"

    @property
    def key(self) -> str:
        """Its desk, as `Report.co_handlers` and the forms name it."""
        return f"department:{self.department_id}" if self.department_id is not None else f"desk:{self.desk_code}"


class SubTask(AreaScoped):
    """A piece of the work that the desk gives to one person; the report is fed back when all are done."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="sub_tasks")
    text = models.TextField(_("what is to be done"))
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who does it"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"), null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True)
    result = models.TextField(_("result"), blank=True)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("sub-task")
        verbose_name_plural = _("sub-tasks")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="sub_task_done_whole", condition=Q(done_at__isnull=True, result="") | Q(Q(done_at__isnull=False), ~Q(result=""))
            )
        ]
        indexes = [models.Index(fields=["assignee"], name="sub_task_open", condition=Q(done_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.report} {self.assignee}"


class ReturnCall(AreaScoped):
    """An attempt to reach whoever raised it (回访)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="return_calls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reached = models.BooleanField(_("reached"))
    satisfaction = models.CharField(_("what the resident says"), max_length=12, choices=Satisfaction, blank=True, default="")
    note = models.TextField(_("note"), blank=True)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("return call")
        verbose_name_plural = _("return calls")
        ordering = ["id"]
        constraints = [models.CheckConstraint(name="return_call_says_when_reached", condition=Q(reached=True) | Q(satisfaction=""))]

    def __str__(self) -> str:
        return str(self.report)


class Rating(AreaScoped):
    """What a resident said of one result, when: it stays when the report is opened again and its own rating is empty once more.

    Words that she adds stand in the report and in the return call, where they can be erased.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="ratings")
    at = models.DateTimeField()
    word = models.CharField(_("what the resident says"), max_length=12, choices=Satisfaction)

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["id"]
        indexes = [models.Index(fields=["at"], name="rating_at")]

    def __str__(self) -> str:
        return str(self.report)


class ReportLink(AreaScoped):
    """What a report became or belongs to: another report, a dispute, an alert, a topic. `kind` is a word, `address` leads there."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="links")
    kind = models.SlugField(max_length=30)
    label = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    hangs = False

    class Meta:
        verbose_name = _("link of a report")
        verbose_name_plural = _("links of reports")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "address"], name="report_link_once")]

    def __str__(self) -> str:
        return self.label
