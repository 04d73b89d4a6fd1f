"""Registration points, consent texts and relations: what officers and administrators set up."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import Place, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.ledger.public import record

from ..models import ConsentText, RegistrationPoint, Relation

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without what the eye takes for something else."""
CODE_LENGTH = 8
TEXTS = ("handler", "purpose", "data", "retention", "rights", "contact")


@transaction.atomic
def create_point(*, actor: Actor, area_code: str, label: str, now: datetime | None = None) -> RegistrationPoint:
    """Set up a registration code for an officer or unit in a town, village or grid of the actor's. Raises NotAllowed, DomainError."""
    require(actor, "registration_points.change", Place(area_code))
    if (
        len(area_code) not in (Level.DISTRICT, Level.TOWN, Level.VILLAGE, Level.GRID)
        or not Area.objects.filter(pk=area_code, valid_to=None).exists()
    ):
        raise DomainError(_("Choose an area that is in force."), field="area")
    row = RegistrationPoint(
        code="".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH)),
        area_code=area_code,
        label=label.strip(),
        created_at=now or clock.now(),
        created_by_id=actor.user_id,
    )
    row.save(force_insert=True)
    record(actor=actor, verb="registration_point.created", row=row, detail={"label": row.label})
    return row


@transaction.atomic
def switch_point(*, actor: Actor, point_id: int, in_use: bool) -> RegistrationPoint:
    """Close a point, or open it again; saying it twice is saying it once. Raises NotAllowed."""
    row = RegistrationPoint.objects.locked(pk=point_id)
    require(actor, "registration_points.change", row)
    if row.in_use != in_use:
        row.in_use = in_use
        row.save(update_fields=["in_use"])
        record(actor=actor, verb="registration_point.opened" if in_use else "registration_point.closed", row=row)
    return row


@transaction.atomic
def publish_consent(*, actor: Actor, now: datetime | None = None, **texts: str) -> ConsentText:
    """Publish the next version, in both languages: `handler_zh`, `handler_en`, … of every part. Raises NotAllowed, DomainError."""
    require(actor, "consent_texts.publish")
    for name in TEXTS:
        for tongue in ("zh", "en"):
            if not texts.get(f"{name}_{tongue}", "").strip():
                raise DomainError(_("A consent text says every part in both languages."), field=f"{name}_{tongue}")
    latest = ConsentText.objects.select_for_update().order_by("-version").first()
    row = ConsentText(version=(latest.version if latest else 0) + 1, published_at=now or clock.now(), **texts)
    row.save(force_insert=True)
    record(actor=actor, verb="consent_text.published", row=row, detail={"version": row.version})
    return row


@transaction.atomic
def keep_relation(*, actor: Actor, code: str, label_zh: str, label_en: str, in_use: bool = True) -> Relation:
    """Add a relation, or give one other words. Raises NotAllowed."""
    require(actor, "relations.change")
    fields = {"label_zh": label_zh, "label_en": label_en, "in_use": in_use, "is_default": False}
    row, _created = Relation.objects.update_or_create(code=code, defaults=fields)
    record(actor=actor, verb="relation.changed", row=row)
    return row
