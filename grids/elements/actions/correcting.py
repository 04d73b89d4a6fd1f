"""Correcting what was collected: one person proposes, another decides, and only then it changes."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can, require
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.public import record

from ..enums import CorrectionState
from ..models import KINDS, Correction, Element
from ..workflow import CORRECTION_STEPS
from .recording import RECORD, refuse_taken, require_ground, standard_address

CORRECTABLE = {
    "household": ("area", "address", "contact", "phone", "size", "needs", "needs_agreed_on"),
    "place": ("area", "address", "name", "kind"),
    "facility": ("area", "address", "name", "kind", "sensor_id"),
    "organisation": ("area", "address", "name", "kind", "credit_code"),
}


def differences(row: Element, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What of `given` differs from the row. An empty sealed field means "as it is"."""
    changed: dict[str, Any] = {}
    for name in CORRECTABLE[kind]:
        if name not in given:
            continue
        value, held = given[name], _held(row, name)
        if name in ("contact", "phone"):
            if value and not (held is not None and held.same_as(value)):
                changed[name] = value
        elif (value or None) != (held or None):
            changed[name] = value
    return changed


def _held(row: Element, name: str) -> Any:
    if name == "area":
        return row.area_code
    if name == "address":
        return row.address.text if row.address else ""
    return getattr(row, name)


@transaction.atomic
def propose_correction(
    *, actor: Actor, kind: str, element_id: int, given: Mapping[str, Any], reason: str, now: datetime | None = None
) -> Correction:
    """Propose other values for an element. Nothing changes until somebody else confirms.

    Raises NotAllowed, DomainError when nothing differs or the reason is missing, Conflict when a correction waits already.
    """
    row = KINDS[kind].objects.locked(pk=element_id)
    require(actor, RECORD[kind], row)
    if not reason.strip():
        raise DomainError(_("Say why it has to be corrected: whoever decides reads it."), field="reason")
    changed = differences(row, kind, given)
    if not changed:
        raise DomainError(_("Nothing differs from what is held."))
    if "area" in changed:
        require_ground(changed["area"])
    try:
        with transaction.atomic():
            correction = Correction.objects.create(
                area_code=row.area_code,
                kind=kind,
                element_id=row.pk,
                label=str(row),
                fields=list(changed),
                content=json.dumps(changed, default=str, ensure_ascii=False),
                reason=reason.strip(),
                proposed_by_id=actor.user_id,
                proposed_at=now or clock.now(),
            )
    except IntegrityError:
        raise Conflict(_("A correction of this is waiting for a decision already.")) from None
    record(actor=actor, verb="correction.proposed", row=correction, reason=reason.strip(), detail={"fields": ", ".join(changed)})
    return correction


@transaction.atomic
def decide_correction(*, actor: Actor, correction_id: int, verb: str, reason: str = "", now: datetime | None = None) -> Correction:
    """Confirm (`confirm`) or reject (`reject`, with a reason) what somebody else proposed; confirming changes the element.

    Raises NotAllowed (also to whoever proposed it), InvalidTransition once it was decided, DomainError.
    """
    row = Correction.objects.locked(pk=correction_id)

    def may(name: str, subject: Any) -> Any:
        return can(actor, name, subject)

    step = CORRECTION_STEPS.step(row, verb, may=may, actor_id=actor.user_id, given={"reason": reason})
    row.state, row.decided_by_id, row.answer = step.target(row.state), actor.user_id, reason.strip()
    row.decided_at = now or clock.now()
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    if row.state == CorrectionState.CONFIRMED:
        _apply(row)
    detail = {"fields": ", ".join(row.fields)}
    record(actor=actor, verb=f"correction.{row.state}", row=row, reason=reason.strip(), detail=detail)
    return row


def content_of(correction: Correction) -> dict[str, Any]:
    """What a correction says, field by field, for whoever decides; pages show sealed fields of it masked."""
    return json.loads(open_sealed(correction.content))


def _apply(correction: Correction) -> None:
    """Write what was confirmed; collected by whoever proposed it, on the day of the decision."""
    element = KINDS[correction.kind].objects.locked(pk=correction.element_id)
    changed = content_of(correction)
    area_code = changed.pop("area", element.area_code)
    require_ground(area_code)
    text = changed.pop("address", element.address.text if element.address else "")
    held = element.address
    element.address = standard_address(area_code=area_code, text=text, lon=held.lon if held else None, lat=held.lat if held else None)
    element.area_code = area_code
    for name, value in changed.items():
        setattr(element, name, element._meta.get_field(name).to_python(value))
    refuse_taken(element, changed)
    assert correction.decided_at is not None
    element.collected_on, element.collected_by_id = timezone.localdate(correction.decided_at), correction.proposed_by_id
    element.save()
