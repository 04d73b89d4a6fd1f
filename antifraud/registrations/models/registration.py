"""金钟罩 registrations: who wants to be warned, with the family members who confirmed it themselves."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped
from tongshan_portal.kernel.sealed import BlindIndexField, SealedTextField
from tongshan_portal.kernel.sealed import Purpose as Kind

from ..enums import LIVE, ConsentBasis, Origin, OwnConsent, State
from ..querysets import MemberQuerySet, PointQuerySet, RegistrationQuerySet, TallyQuerySet
from .consent import ConsentText, Relation

INDEX_SPACE = "antifraud.phone"
"""Numbers of registrations, family members and warnings are matched with one another, and with nothing else."""


def _by_area(name: str) -> list[models.Index]:
    return [models.Index(fields=[f"{level}_code", "-id"], name=f"{name}_{level}") for level in ("town", "village")]


class RegistrationPoint(AreaScoped):
    """A registration code of an officer or a unit: scanning it leads to the registration, which remembers by whose code it came."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    label = models.CharField(_("officer or unit"), max_length=80)
    in_use = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, verbose_name=_("created by"))

    objects = PointQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration point")
        verbose_name_plural = _("registration points")
        ordering = ["-id"]
        indexes = _by_area("bell_point")
        constraints = [models.CheckConstraint(name="bell_point_code_shape", condition=Q(code__regex=r"^[2-9A-HJ-NP-Z]{6,12}$"))]

    def __str__(self) -> str:
        return self.code


class Registration(AreaScoped):
    """One number that its holder wants protected, in the community where the holder really lives or works.

    A number has at most one registration that is live. What was erased keeps area, times and counts, and nothing of a person.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    phone = SealedTextField(_("phone"), purpose=Kind.PHONE, null=True, blank=True, indexed=True, index_space=INDEX_SPACE)
    phone_index = BlindIndexField(of="phone")
    name = SealedTextField(_("name"), purpose=Kind.NAME, null=True, blank=True)
    follows = models.BooleanField(_("follows notices"), default=False)
    tells_family = models.BooleanField(_("the family may be asked to call"), default=False, db_default=False)
    point = models.ForeignKey(
        RegistrationPoint, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("registration point")
    )
    consent = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", null=True, verbose_name=_("consent text"))
    consent_basis = models.CharField(_("basis of the consent"), max_length=12, choices=ConsentBasis, default=ConsentBasis.ONLINE)
    consented_at = models.DateTimeField(_("consented"))
    state = models.CharField(_("state"), max_length=24, choices=State, default=State.PENDING)
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.QR)
    external_id = models.CharField(_("number in the file"), max_length=60, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("begun"))
    registered_at = models.DateTimeField(_("registered"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    erased_at = models.DateTimeField(_("erased"), null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["-id"]
        indexes = [
            *_by_area("registration"),
            models.Index(fields=["phone_index"], name="registration_phone"),
            models.Index(fields=["state", "created_at"], name="registration_pending", condition=Q(state=State.PENDING)),
            models.Index(fields=["withdrawn_at"], name="registration_withdrawn", condition=Q(state=State.WITHDRAWN)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["phone_index"], condition=Q(state__in=LIVE), name="registration_phone_once"),
            models.CheckConstraint(name="registration_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(name="registration_live_has_phone", condition=~Q(state__in=LIVE) | Q(phone__isnull=False)),
            models.CheckConstraint(name="registration_has_times", condition=(
                (~Q(state=State.REGISTERED) | Q(registered_at__isnull=False)) & (~Q(state=State.WITHDRAWN) | Q(withdrawn_at__isnull=False))
            )),
            models.CheckConstraint(name="registration_erased_is_empty", condition=(
                ~Q(state=State.ERASED) | Q(phone__isnull=True, name__isnull=True, external_id__isnull=True, erased_at__isnull=False)
            )),
            models.CheckConstraint(
                name="registration_online_saw_text", condition=~Q(consent_basis=ConsentBasis.ONLINE) | Q(consent__isnull=False)
            ),
            models.CheckConstraint(name="registration_in_village", condition=Q(area_code__regex=r"^\d{12}$")),
        ]  # fmt: skip

    def __str__(self) -> str:
        """The label that the ledger freezes: never a name or number of a phone."""
        return self.number


class FamilyMember(AreaScoped):
    """A family member whom a registration asks to bind. Protected only by the member's own word, or by the guardian's for a child.

    `counted`: whether this row is the one that protects its number. A number that is registered itself, or was confirmed in two families,
    counts once.
    """

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="family", verbose_name=_("registration"))
    phone = SealedTextField(_("phone"), purpose=Kind.PHONE, null=True, blank=True, indexed=True, index_space=INDEX_SPACE)
    phone_index = BlindIndexField(of="phone")
    relation = models.ForeignKey(Relation, models.PROTECT, related_name="+", verbose_name=_("relation"))
    is_child = models.BooleanField(_("under 14"), default=False)
    state = models.CharField(_("own consent"), max_length=12, choices=OwnConsent, default=OwnConsent.ASKED)
    counted = models.BooleanField(default=False)
    consent = models.ForeignKey(ConsentText, models.PROTECT, related_name="+", verbose_name=_("consent text"))
    guardian_consented_at = models.DateTimeField(_("guardian consented"), null=True)
    asked_at = models.DateTimeField(_("asked"))
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("family member")
        verbose_name_plural = _("family members")
        ordering = ["id"]
        indexes = [models.Index(fields=["phone_index"], name="bell_member_phone")]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "phone_index"], condition=Q(state__in=["asked", "confirmed"]), name="bell_member_once"
            ),
            models.UniqueConstraint(fields=["phone_index"], condition=Q(counted=True), name="bell_member_counted_once"),
            models.CheckConstraint(name="bell_member_state_known", condition=Q(state__in=OwnConsent.values)),
            models.CheckConstraint(name="bell_member_counted_confirmed", condition=Q(counted=False) | Q(state=OwnConsent.CONFIRMED)),
            models.CheckConstraint(
                name="bell_member_answered",
                condition=Q(state__in=["asked", "erased", "withdrawn"])
                | Q(answered_at__isnull=False)
                | Q(guardian_consented_at__isnull=False),
            ),
            models.CheckConstraint(name="bell_child_has_guardian", condition=Q(is_child=False) | Q(guardian_consented_at__isnull=False)),
            models.CheckConstraint(name="bell_member_erased_is_empty", condition=~Q(state=OwnConsent.ERASED) | Q(phone__isnull=True)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.pk}"  # type: ignore[attr-defined]


class RegistrationTally(AreaScoped):
    """How many are counted in an area: kept by triggers, so that three counts cost the same for ten registrations and for a million."""

    hangs = False

    kind = models.CharField(_("kind"), max_length=12)
    number = models.IntegerField(_("number"), default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of registrations")
        verbose_name_plural = _("tallies of registrations")
        constraints = [models.UniqueConstraint(fields=["kind", "area_code"], name="registration_tally_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.area_code}: {self.number}"
