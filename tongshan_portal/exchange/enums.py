"""Words of the exchange: the forms of a file, the states of a run."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileFormat(models.TextChoices):
    """What a file is, by its content."""

    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    GEOJSON = "geojson", "GeoJSON"


class ImportState(models.TextChoices):
    """Where an import stands. `check` is the dry run: every row is read and judged, nothing is written."""

    UPLOADED = "uploaded", _("columns to be confirmed")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("ready to start")
    RUNNING = "running", _("being imported")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")


class ExportState(models.TextChoices):
    """Where an export stands."""

    RUNNING = "running", _("being written")
    READY = "ready", _("ready to fetch")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("deleted after its time")


TONES = {
    "uploaded": "neutral", "checking": "active", "checked": "active", "running": "active", "paused": "soon",
    "finished": "done", "ready": "done", "stopped": "neutral", "failed": "overdue", "expired": "neutral",
}  # fmt: skip
"""The colour token of each state: the words of the design system."""

WORKING = (ImportState.CHECKING, ImportState.RUNNING)
"""The states in which a worker has something to do."""
