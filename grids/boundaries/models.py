"""One file of boundaries on its way into the net."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tongshan_portal.exchange.long_work import Run, private_storage
from tongshan_portal.kernel import ids

from .enums import TONES, WORKING, BoundaryState, Step

SUFFIXES = (".geojson", ".json", ".zip", ".gpkg")


def boundary_path(instance: "BoundaryImport", filename: str) -> str:
    """A random name; of the sender's name only a known ending is kept, which GDAL likes to see."""
    ending = next((suffix for suffix in SUFFIXES if filename.lower().endswith(suffix)), "")
    return f"boundaries/{ids.new_uuid().hex}{ending}"


class BoundaryImport(Run):
    """A file with the areas of one level. All of it is written, or nothing.

    `choice` is what the person said of the file (see judging.Choice). `refusals`, `findings`: lists of `{row, code, words, lon, lat}`;
    `sketch` is GeoJSON, coarse and bounded, for the map of the preview.
    """

    state = models.CharField(_("state"), max_length=12, choices=BoundaryState, default=BoundaryState.UPLOADED)
    file = models.FileField(storage=private_storage, upload_to=boundary_path, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_size = models.BigIntegerField(_("size"))
    fields = ArrayField(models.TextField())
    features = models.PositiveIntegerField(_("features"))
    stated_crs = models.CharField(max_length=60, blank=True)
    choice = models.JSONField(default=dict)
    step = models.CharField(max_length=12, choices=Step, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_areas = models.PositiveIntegerField(_("new"), default=0)
    changed_areas = models.PositiveIntegerField(_("changed"), default=0)
    unchanged_areas = models.PositiveIntegerField(_("unchanged"), default=0)
    left_areas = models.PositiveIntegerField(_("not in the file, left as they are"), default=0)
    refusals = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    sketch = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("import of boundaries")
        verbose_name_plural = _("imports of boundaries")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(name="boundaries_state_known", condition=models.Q(state__in=BoundaryState.values)),
            models.CheckConstraint(
                name="boundaries_finished_has_time",
                condition=~models.Q(state__in=[BoundaryState.FINISHED, BoundaryState.STOPPED]) | models.Q(finished_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["created_by", "-created_at"], name="boundaries_mine"),
                   models.Index(fields=["state"], name="boundaries_working", condition=models.Q(state__in=WORKING))]  # fmt: skip

    def __str__(self) -> str:
        """The label that the ledger freezes: never the name of the file."""
        return f"boundaries {str(self.pk)[-12:]}"

    @property
    def tone(self) -> str:
        """The colour token of the state."""
        return TONES[self.state]
