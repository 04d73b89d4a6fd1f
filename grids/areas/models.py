"""The net: one row per area, and the columns that every scoped row carries."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Length, Substr
from django.utils.translation import gettext_lazy as _

from .codes import Level

AREA_CODE = RegexValidator(r"^\d{6}(\d{3}){0,4}$", _("An area code has 6, 9, 12, 15 or 18 digits."))


class AreaCodeField(models.CharField):
    """An area code: immutable text in the C collation, so that a prefix is a range."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 18)
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("validators", [AREA_CODE])
        super().__init__(*args, **kwargs)


class Area(models.Model):
    """A district, town, village, grid or micro-grid. Names are labels, never keys: two towns may share one."""

    code = AreaCodeField(_("area code"), primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    level = models.GeneratedField(
        expression=Length("code"), output_field=models.PositiveSmallIntegerField(_("level"), choices=Level), db_persist=True
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="area_code_shape", condition=models.Q(code__regex=r"^\d{6}(\d{3}){0,4}$")),
        ]

    def __str__(self) -> str:
        return self.name


class AreaScoped(models.Model):
    """A row that belongs to an area. The database derives the codes of the levels above, so that a page under any area is one equality.

    `hangs`: whether rows of the kind are somebody's records, which are shown before an area changes; a tally of such rows is none.
    """

    hangs = True

    area_code = AreaCodeField(_("area"))
    town_code = models.GeneratedField(expression=Substr("area_code", 1, 9), output_field=AreaCodeField(max_length=9), db_persist=True)
    village_code = models.GeneratedField(expression=Substr("area_code", 1, 12), output_field=AreaCodeField(max_length=12), db_persist=True)
    grid_code = models.GeneratedField(expression=Substr("area_code", 1, 15), output_field=AreaCodeField(max_length=15), db_persist=True)

    class Meta:
        abstract = True


class AreaShape(models.Model):
    """The ground of an area: GeoJSON in degrees of CGCS2000, apart from the area's row so that lists stay light."""

    area = models.OneToOneField(Area, models.PROTECT, primary_key=True, related_name="shape", verbose_name=_("area"))
    geometry = models.JSONField(_("geometry"), help_text=_("A GeoJSON Polygon or MultiPolygon, longitude first, in degrees."))
    label_lon = models.FloatField()
    label_lat = models.FloatField()
    source = models.CharField(_("source"), max_length=200, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("shape of an area")
        verbose_name_plural = _("shapes of areas")
        constraints = [
            models.CheckConstraint(name="area_shape_is_polygon", condition=models.Q(geometry__type__in=["Polygon", "MultiPolygon"])),
            models.CheckConstraint(
                name="area_shape_label_in_range",
                condition=models.Q(label_lon__range=(-180, 180)) & models.Q(label_lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.area)


class Succession(models.Model):
    """`successor` took over (part of) `predecessor` on a day. Codes are never used again, so history stays under the old one."""

    predecessor = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("predecessor"))
    successor = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("successor"))
    on = models.DateField(_("on"))

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint("predecessor", "successor", name="succession_once"),
            models.CheckConstraint(name="succession_of_another", condition=~models.Q(predecessor=models.F("successor"))),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"


class Edition(models.Model):
    """One row: the number of the net's present edition. Every change of areas, shapes or successions makes a new one (by trigger)."""

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(name="edition_is_one_row", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(self.number)
