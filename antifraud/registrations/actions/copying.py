"""A copy of one's own data (个人信息保护法 45): the one place where the holder sees them in the clear."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from grids.areas.names import name_of
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record

from ..enums import BOUND, State
from ..models import FamilyMember, PhoneCode, Registration
from .proving import indexes_of_proof, require_proof
from .registering import OWN, members_of


def _moment(value: datetime | None) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


@transaction.atomic
def copy_own(*, actor: Actor, proof: PhoneCode | None, now: datetime | None = None) -> dict[str, Any]:
    """Everything kept of the proved number, in names that stay the same whatever the language. Numbers of others stay masked.

    Raises NotAllowed.
    """
    moment = now or clock.now()
    given = require_proof(proof, moment)
    indexes = indexes_of_proof(given)
    rows = Registration.objects.unscoped(OWN).filter(phone_index__in=indexes).exclude(state=State.PENDING)
    registrations = [_registration(row) for row in rows.select_related("consent", "point").order_by("pk")]
    asks = FamilyMember.objects.unscoped(OWN).filter(phone_index__in=indexes, state__in=BOUND).select_related("registration", "relation")
    for row in rows:
        record(actor=actor, verb="registration.copied", row=row)
    return {
        "made_at": _moment(moment),
        "phone": open_sealed(given.phone),
        "registrations": registrations,
        "asked_by": [
            {
                "phone": one.registration.phone.masked if one.registration.phone else None,
                "relation": one.relation.code,
                "state": one.state,
                "asked_at": _moment(one.asked_at),
                "answered_at": _moment(one.answered_at),
                "guardian_consented_at": _moment(one.guardian_consented_at),
            }
            for one in asks.order_by("pk")
        ],
    }


def _registration(row: Registration) -> dict[str, Any]:
    return {
        "number": row.number,
        "state": row.state,
        "community": {"code": row.area_code, "name": name_of(row.area_code)},
        "name": open_sealed(row.name) if row.name is not None else None,
        "follows_notices": row.follows,
        "family_may_be_asked_to_call": row.tells_family,
        "origin": row.origin,
        "registration_point": row.point.label if row.point else None,
        "consent": {"version": row.consent.version if row.consent else None, "basis": row.consent_basis, "at": _moment(row.consented_at)},
        "registered_at": _moment(row.registered_at),
        "withdrawn_at": _moment(row.withdrawn_at),
        "family": [
            {
                "phone": one.phone.masked if one.phone else None,
                "relation": one.relation.code,
                "under_14": one.is_child,
                "state": one.state,
                "asked_at": _moment(one.asked_at),
                "answered_at": _moment(one.answered_at),
            }
            for one in members_of(row).select_related("relation")
        ],
    }


def own_name(*, proof: PhoneCode | None, now: datetime | None = None) -> str:
    """The name of the proved number's registration, for the form that corrects it; empty where there is none. Raises NotAllowed."""
    indexes = indexes_of_proof(require_proof(proof, now or clock.now()))
    row = Registration.objects.unscoped(OWN).filter(phone_index__in=indexes, state=State.REGISTERED).first()
    return open_sealed(row.name) if row is not None and row.name is not None else ""
