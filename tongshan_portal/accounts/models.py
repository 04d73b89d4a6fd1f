"""People, departments, and the postings that give them a role in an area between two dates."""

from collections import defaultdict
from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped
from tongshan_portal.kernel.sealed import Purpose, SealedTextField

from .enums import ADMINISTRATORS, NEEDS_DEPARTMENT, ROLES, Role
from .grants import Grant
from .querysets import PostingQuerySet, UserQuerySet


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        """A person who can sign in; without a password, not yet. There is no superuser: rights come from postings alone."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person who signs in. There is no self-registration; what the person may do follows from postings and grants alone."""

    username = models.CharField(
        _("sign-in name"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("This sign-in name is taken.")},
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    phone = SealedTextField(_("phone"), purpose=Purpose.PHONE, null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)
    date_joined = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS = ["name"]

    # Django's own permissions have no part here: nothing that asks them is ever allowed.
    is_staff = False
    is_superuser = False

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Never: ask `accounts.policy.can()`."""
        return False

    def has_perms(self, perm_list, obj: models.Model | None = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Department(models.Model):
    """A department of the district (dictionary, edited by administrators)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    is_default = models.BooleanField(
        _("default entry"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Came with the portal and was not confirmed by the district yet."),
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


def _level_condition() -> Q:
    """That the area of a posting is of a level its role may be given at: the roles of each set of levels, as one pattern per set."""
    by_levels: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for role, facts in ROLES.items():
        by_levels[tuple(sorted(facts.levels))].append(role.value)
    condition = Q()
    for levels, roles in sorted(by_levels.items()):
        pattern = "|".join(rf"\d{{{level}}}" for level in levels)
        condition |= Q(role__in=sorted(roles), area_code__regex=f"^({pattern})$")
    return condition


_SPAN = Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange", output_field=DateRangeField())


class Posting(AreaScoped):
    """A role in an area (and a department) from a day until another, both included. Never deleted: an ended posting is history."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40, choices=Role)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    granted_through = ("accounts.user", "user_id")
    """A grant opens all postings of one person, wherever they are."""

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        indexes = [
            models.Index("town_code", F("id").desc(), name="posting_by_town"),
            models.Index("village_code", F("id").desc(), name="posting_by_village"),
            models.Index("grid_code", F("id").desc(), name="posting_by_grid"),
            models.Index("area_code", F("id").desc(), name="posting_by_area"),
        ]
        constraints = [
            models.CheckConstraint(name="posting_dates_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="posting_level_fits_role", condition=_level_condition()),
            models.CheckConstraint(
                name="posting_has_department", condition=~Q(role__in=sorted(NEEDS_DEPARTMENT)) | Q(department__isnull=False)
            ),
            ExclusionConstraint(
                name="posting_given_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("area_code", RangeOperators.EQUAL),
                    (Coalesce("department_id", 0), RangeOperators.EQUAL),
                    (_SPAN, RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="posting_one_administrator",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (_SPAN, RangeOperators.OVERLAPS),
                ],
                condition=Q(role__in=sorted(ADMINISTRATORS)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.area_code}"

    def state_on(self, day: date) -> str:
        """`future`, `in_force` or `ended` on a day."""
        if self.starts_on > day:
            return "future"
        return "ended" if self.ends_on is not None and self.ends_on < day else "in_force"


class PersonGrant(Grant):
    """A grant on a person: her postings may be seen wherever they are, for example by whoever looks into a complaint."""

    content_object = models.ForeignKey(User, models.CASCADE, related_name="grants_on", verbose_name=_("on whom"))

    class Meta(Grant.Meta):
        verbose_name = _("grant on a person")
        verbose_name_plural = _("grants on people")
