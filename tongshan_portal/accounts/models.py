"""People, departments, and the postings that give them a role in an area between two dates."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from grids.areas.models import AreaScoped

from .enums import Role
from .querysets import PostingQuerySet


class User(AbstractUser):
    """A person who signs in. There is no self-registration; what the person may do follows from postings alone."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=60, blank=True)
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Department(models.Model):
    """A department of the district (dictionary, edited by administrators)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Posting(AreaScoped):
    """A role in an area (and a department) from a day until another, both included."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40, choices=Role)
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, verbose_name=_("department"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                name="posting_dates_in_order",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.area_code}"
