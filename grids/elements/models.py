"""人、地、物、组织: households, places, facilities, organisations, each collected once, and the standard addresses they stand at."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped
from tongshan_portal.kernel.sealed import BlindIndexField, Purpose, SealedTextField

from .enums import CorrectionState, Dictionary
from .querysets import CorrectionQuerySet, ElementQuerySet, HouseholdQuerySet


def _by_area(name: str) -> list[models.Index]:
    """A page under any area is one equality on one of these, in the order of the list."""
    return [
        models.Index(fields=[column, "-id"], name=f"{name}_{column.removesuffix('_code')}")
        for column in ("town_code", "village_code", "grid_code")
    ]


class Term(models.Model):
    """A word of a dictionary. Defaults came with the portal and are labelled so: none of them is an official list."""

    dictionary = models.CharField(_("dictionary"), max_length=20, choices=Dictionary)
    code = models.SlugField(_("code"), max_length=40)
    label_zh = models.CharField(_("Chinese label"), max_length=60)
    label_en = models.CharField(_("English label"), max_length=60)
    in_use = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("default of the portal"), default=False, editable=False)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["dictionary", "id"]
        constraints = [models.UniqueConstraint(fields=["dictionary", "code"], name="term_once")]

    def __str__(self) -> str:
        return self.label_zh if (get_language() or "").startswith("zh") else self.label_en


class Address(AreaScoped):
    """A standard address in a grid or micro-grid, down to the room. `key` is its normal form: the same place typed twice is one row."""

    text = models.CharField(_("address"), max_length=200)
    key = models.CharField(max_length=200, editable=False)
    building = models.CharField(_("building"), max_length=10, blank=True)
    unit = models.CharField(_("unit"), max_length=10, blank=True)
    room = models.CharField(_("room"), max_length=10, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(fields=["area_code", "key"], name="address_once"),
            models.CheckConstraint(
                name="address_point_whole",
                condition=models.Q(lon__isnull=True, lat__isnull=True) | models.Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Element(AreaScoped):
    """What every element has: a number of its own, where it stands, when and by whom it was collected."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    address = models.ForeignKey(Address, models.PROTECT, related_name="+", null=True, verbose_name=_("address"))
    collected_on = models.DateField(_("collected on"))
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("collected by"))

    class Meta:
        abstract = True


class Household(Element):
    """A household: the least that a service needs. The contact is sealed; needs are kept only when the household agreed to it.

    A phone number can be matched exactly, because people call from one; a name cannot be searched for at all.
    """

    contact = SealedTextField(_("contact"), purpose=Purpose.NAME, null=True, blank=True)
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, null=True, blank=True, indexed=True)
    phone_index = BlindIndexField(of="phone")
    size = models.PositiveSmallIntegerField(_("people"), null=True, blank=True)
    needs = ArrayField(models.CharField(max_length=40), verbose_name=_("service needs"), default=list, blank=True)
    needs_agreed_on = models.DateField(_("agreed to on"), null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.CheckConstraint(name="household_needs_agreed", condition=models.Q(needs=[]) | models.Q(needs_agreed_on__isnull=False)),
            models.CheckConstraint(name="household_size_possible", condition=models.Q(size__isnull=True) | models.Q(size__range=(1, 99))),
        ]
        indexes = [*_by_area("household"), models.Index(fields=["phone_index"], name="household_phone")]

    def __str__(self) -> str:
        """The label that the ledger freezes: never a name."""
        return self.number


class Place(Element):
    """A place: a market, a school, a building site."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=40)

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        indexes = _by_area("place")

    def __str__(self) -> str:
        return self.name


class Facility(Element):
    """A thing: a hydrant, a camera, a manhole; `sensor_id` where a device speaks for it."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=40)
    sensor_id = models.CharField(_("sensor"), max_length=60, null=True, blank=True, unique=True)

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("facility")
        verbose_name_plural = _("facilities")
        indexes = _by_area("facility")

    def __str__(self) -> str:
        return self.name


class Organisation(Element):
    """An organisation, known by its unified social credit code (GB 32100-2015) where it has one."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=40)
    credit_code = models.CharField(_("credit code"), max_length=18, null=True, blank=True, unique=True)

    objects = ElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = _by_area("organisation")

    def __str__(self) -> str:
        return self.name


class ElementTally(AreaScoped):
    """How many elements of a kind stand in an area: kept by triggers, so that a count over a town asks no element."""

    hangs = False

    kind = models.CharField(_("kind"), max_length=20)
    number = models.PositiveIntegerField(_("number"), default=0)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of elements")
        verbose_name_plural = _("tallies of elements")
        constraints = [models.UniqueConstraint(fields=["kind", "area_code"], name="element_tally_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code}: {self.number}"


class Correction(AreaScoped):
    """A change to something collected before: one person proposes it, another decides. What it says is sealed, as it may hold a contact."""

    kind = models.CharField(_("kind"), max_length=20)
    element_id = models.BigIntegerField()
    label = models.CharField(_("element"), max_length=100)
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("fields"))
    content = SealedTextField(_("content"))
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=12, choices=CorrectionState, default=CorrectionState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("decided by"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "element_id"], condition=models.Q(state="proposed"), name="correction_one_open"),
            models.CheckConstraint(name="correction_state_known", condition=models.Q(state__in=CorrectionState.values)),
            models.CheckConstraint(
                name="correction_decided_by_another",
                condition=models.Q(state="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="proposed") & models.Q(decided_at__isnull=False) & ~models.Q(decided_by=models.F("proposed_by"))
                   & models.Q(decided_by__isnull=False)),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["area_code"], name="correction_open", condition=models.Q(state="proposed"))]

    def __str__(self) -> str:
        return self.label


KINDS: dict[str, Any] = {"household": Household, "place": Place, "facility": Facility, "organisation": Organisation}
"""The elements by the word that addresses and corrections use."""
