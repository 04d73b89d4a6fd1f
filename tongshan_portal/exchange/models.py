"""Runs of imports and exports: rows with a state, so that a killed worker loses nothing and repeats nothing."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import ids
from tongshan_portal.kernel.sealed import SealedTextField

from .enums import WORKING, ExportState, FileFormat, ImportState
from .intake.models import OutsideSystem, UsedNonce
from .querysets import RunQuerySet
from .storage import export_path, import_path, private_storage

__all__ = ["BadRow", "ExportRun", "ImportChunk", "ImportRun", "OutsideSystem", "ResultRow", "Run", "SavedMapping", "UsedNonce"]


class Run(models.Model):
    """What imports and exports share: whose it is, and the signs of life of the worker that has it.

    `worker` is a fencing token: whoever claims the run writes a new one, and a worker that finds another's stops. `attempts` counts claims
    since the last progress.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_uuid, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    created_at = models.DateTimeField(_("since"))
    language = models.CharField(max_length=10)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    worker = models.UUIDField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        abstract = True


class ImportRun(Run):
    """One file on its way in. `position` is how many rows are dealt with, committed together with what was written (`chunks`: which)."""

    importer = models.CharField(max_length=60)
    state = models.CharField(_("state"), max_length=12, choices=ImportState, default=ImportState.UPLOADED)
    file = models.FileField(storage=private_storage, upload_to=import_path, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.BigIntegerField(_("size"))
    format = models.CharField(max_length=10, choices=FileFormat)
    encoding = models.CharField(max_length=20, blank=True)
    delimiter = models.CharField(max_length=1, blank=True)
    header = ArrayField(models.TextField())
    mapping = models.JSONField(default=dict)
    staged_rows = models.PositiveIntegerField(null=True)
    position = models.PositiveIntegerField(default=0)
    created_rows = models.PositiveIntegerField(_("new"), default=0)
    changed_rows = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_rows = models.PositiveIntegerField(_("unchanged"), default=0)
    good_rows = models.PositiveIntegerField(_("good"), default=0)
    bad_rows = models.PositiveIntegerField(_("handed back"), default=0)
    empty_rows = models.PositiveIntegerField(_("empty"), default=0)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=models.Q(state__in=ImportState.values)),
            models.CheckConstraint(
                name="import_finished_has_time",
                condition=~models.Q(state__in=[ImportState.FINISHED, ImportState.STOPPED]) | models.Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="import_rows_add_up",
                condition=models.Q(position=models.F("good_rows") + models.F("bad_rows") + models.F("empty_rows")),
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-created_at"], name="import_mine"),
                   models.Index(fields=["state"], name="import_working", condition=models.Q(state__in=WORKING))]  # fmt: skip

    def __str__(self) -> str:
        """The label that the ledger freezes: never the name of the file, which may be a person's."""
        return f"{self.importer} {str(self.pk)[-12:]}"


class ImportChunk(models.Model):
    """A stretch of rows that was written: the key that makes writing it twice impossible."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="chunks")
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    good_rows = models.PositiveIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "first_row"], name="import_chunk_once")]

    def __str__(self) -> str:
        return f"{self.first_row}–{self.last_row}"


class BadRow(models.Model):
    """A row that is handed back, with its cells as they came and the sentences why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="returned")
    number = models.PositiveIntegerField()
    cells = ArrayField(models.TextField())
    reasons = ArrayField(models.TextField())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_bad_row_once")]

    def __str__(self) -> str:
        return str(self.number)


class ResultRow(models.Model):
    """A line of the result file (an initial password, say), sealed; deleted when it has been fetched."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="results")
    number = models.PositiveIntegerField()
    content = SealedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_result_once")]

    def __str__(self) -> str:
        return str(self.number)


class SavedMapping(models.Model):
    """A named mapping of one person: column name → heading."""

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    importer = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=60)
    headings = models.JSONField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["created_by", "importer", "name"], name="saved_mapping_once")]

    def __str__(self) -> str:
        return self.name


class ExportRun(Run):
    """One list on its way out."""

    exporter = models.CharField(max_length=60)
    state = models.CharField(_("state"), max_length=12, choices=ExportState, default=ExportState.RUNNING)
    filters = models.TextField(blank=True)
    format = models.CharField(max_length=10, choices=[(FileFormat.CSV, "CSV"), (FileFormat.XLSX, "XLSX")])
    plain = models.BooleanField(default=False)
    reason = models.TextField(_("reason"), blank=True)
    expected_rows = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    file = models.FileField(storage=private_storage, upload_to=export_path, blank=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="export_state_known", condition=models.Q(state__in=ExportState.values)),
            models.CheckConstraint(name="export_plain_has_reason", condition=models.Q(plain=False) | ~models.Q(reason="")),
            models.CheckConstraint(
                name="export_ready_has_file",
                condition=~models.Q(state=ExportState.READY) | (~models.Q(file="") & models.Q(expires_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-created_at"], name="export_mine"),
                   models.Index(fields=["state"], name="export_working", condition=models.Q(state="running"))]  # fmt: skip

    def __str__(self) -> str:
        return self.exporter
