"""The default dictionaries, written where there are none yet. The ten types are the police's of 2023, all else the portal's."""

from typing import Any

from django.db import router, transaction

from .models import AlertPolicy, FraudType, GradePolicy
from .texts import TYPES

GRADES = (
    # grade, first contact, outcome, check, return call (minutes), reminded before, duty officer after, who goes, how
    ("high", 10, 60, 240, 3 * 1440, 3, 5, "community_police", "visit"),
    ("medium", 30, 240, 1440, 3 * 1440, 10, 30, "grid_worker", "visit"),
    ("low", 120, 1440, 1440, 7 * 1440, 30, 120, "grid_worker", "call"),
)
_FIELDS = (
    "grade", "contact_minutes", "outcome_minutes", "check_minutes", "return_call_minutes", "warning_minutes", "escalation_minutes", "goes",
    "channel",
)  # fmt: skip


@transaction.atomic
def write_defaults(**signal: Any) -> None:
    """After a migration: fill dictionaries that are empty. What an administrator changed is left alone."""
    using = signal.get("using", "default")
    if not router.allow_migrate_model(using, FraudType):
        return
    if not FraudType.objects.using(using).exists():
        FraudType.objects.bulk_create(FraudType(order=place * 10, is_default=True, **words) for place, words in enumerate(TYPES, start=1))
    if not GradePolicy.objects.using(using).exists():
        GradePolicy.objects.bulk_create(GradePolicy(**dict(zip(_FIELDS, line, strict=True))) for line in GRADES)
    AlertPolicy.objects.using(using).get_or_create(pk=1)
