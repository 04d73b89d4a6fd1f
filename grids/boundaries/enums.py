"""Words of the import of boundaries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BoundaryState(models.TextChoices):
    """Where an import of boundaries stands. `check` is the dry run: everything is read and judged, nothing is written."""

    UPLOADED = "uploaded", _("to be described")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    RUNNING = "running", _("being written")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")
    FAILED = "failed", _("cannot be taken so")


TONES = {
    "uploaded": "neutral", "checking": "active", "checked": "active", "running": "active", "finished": "done", "stopped": "neutral",
    "failed": "overdue",
}  # fmt: skip
"""The colour token of each state."""

WORKING = (BoundaryState.CHECKING, BoundaryState.RUNNING)
"""The states in which a worker has something to do."""


class CodePart(models.TextChoices):
    """What stands in the attribute that holds the code."""

    WHOLE = "whole", _("the whole code (also the statistical one of 12 digits)")
    OWN = "own", _("the last three digits: the number within the area above")


class Step(models.TextChoices):
    """What the worker is doing."""

    READING = "reading", _("reading the file")
    SHAPES = "shapes", _("looking at each shape")
    NEIGHBOURS = "neighbours", _("comparing neighbours and the areas above")
    WRITING = "writing", _("writing the areas")


class Encoding(models.TextChoices):
    """What the attributes of a Shapefile are written in, where the file says it wrongly or not at all."""

    STATED = "", _("as the file says")
    GBK = "GBK", "GBK"
    UTF8 = "UTF-8", "UTF-8"


class DatumChoice(models.TextChoices):
    """What longitudes and latitudes mean: the words for `Datum`."""

    WGS84 = "wgs84", _("CGCS2000 or WGS 84")
    GCJ02 = "gcj02", _("GCJ-02 (Chinese web maps)")
    BD09 = "bd09", _("BD-09 (Baidu)")
