"""Words of the intake."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Algorithm(models.TextChoices):
    """How a system signs. Each system has one, so that nobody can talk the portal into a weaker one."""

    SHA256 = "hmac-sha256", _("HMAC-SHA256")
    SM3 = "hmac-sm3", _("HMAC-SM3 (GB/T 32905)")
