"""Registering, correcting, withdrawing, erasing: as easily one way as the other."""

import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grids.areas.codes import Level
from grids.areas.models import Area
from tongshan_portal.accounts.actor import Actor
from tongshan_portal.accounts.policy import can
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.kernel.identity import mobile_number
from tongshan_portal.ledger.public import record
from tongshan_portal.live.public import publish

from ..enums import LIVE, ConsentBasis, Origin, OwnConsent, Purpose, State
from ..models import ConsentText, FamilyMember, PhoneCode, Registration, RegistrationPoint
from ..phones import indexes_of
from ..settings import PENDING_KEPT, WITHDRAWN_KEPT
from ..workflow import STEPS
from .counting import count_once
from .proving import indexes_of_proof, make_code, require_proof

OWN = "the proved number is the key to its own row"


def members_of(row: Registration) -> QuerySet[FamilyMember]:
    """The family of a registration whose own door was passed."""
    return FamilyMember.objects.unscoped("the registration's own door was passed; its family lies in the same area").filter(
        registration=row
    )


def new_number() -> str:
    """A number for people to name a registration by; it says nothing of anybody."""
    return f"B-{secrets.token_hex(6).upper()}"


def require_community(area_code: str) -> None:
    """People live in a village or community in force. Raises DomainError."""
    if len(area_code) != Level.VILLAGE or not Area.objects.filter(pk=area_code, valid_to=None).exists():
        raise DomainError(_("Choose a village or community."), field="area")


@transaction.atomic
def begin_registration(
    *,
    actor: Actor,
    phone: str,
    area_code: str,
    point: RegistrationPoint | None,
    name: str,
    follows: bool,
    consent_version: int,
    tells_family: bool = False,
    now: datetime | None = None,
) -> PhoneCode:
    """Take down what was agreed to and send the code that completes it. Sent twice, it is one; a number that is registered gets a code too.

    Nobody learns from the answer whether the number is known. Raises DomainError for a wrong number, place or outdated consent text.
    """
    moment, number = now or clock.now(), mobile_number(phone, field="phone")
    require_community(area_code)
    consent = ConsentText.objects.order_by("-version").first()
    if consent is None or consent.version != consent_version:
        raise DomainError(_("The text has changed meanwhile. Please read it again."), field="agreed")
    held = Registration.objects.unscoped(OWN).filter(phone_index__in=indexes_of(number), state__in=LIVE)
    row = held.select_for_update(of=("self",)).first()
    chosen = {
        "area_code": area_code, "point": point, "name": name or None, "follows": follows, "tells_family": tells_family, "consent": consent,
        "consented_at": moment,
    }  # fmt: skip
    if row is None:
        row = _create(number, chosen, moment)
    elif row.state == State.PENDING:
        for field, value in chosen.items():
            setattr(row, field, value)
        row.save(update_fields=list(chosen))
    return make_code(phone=number, purpose=Purpose.REGISTER, registration=row, now=moment)


def _create(phone: str, chosen: dict, now: datetime) -> Registration:
    origin = Origin.QR if chosen["point"] is not None else Origin.WEB
    row = Registration(number=new_number(), phone=phone, origin=origin, consent_basis=ConsentBasis.ONLINE, created_at=now, **chosen)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This was sent twice at the same moment. Please try again.")) from None
    row.refresh_from_db()
    return row


def _own(proof: PhoneCode | None, now: datetime) -> Registration:
    """The live registration of the proved number, locked. Raises NotAllowed, DomainError when there is none."""
    indexes = indexes_of_proof(require_proof(proof, now))
    rows = Registration.objects.unscoped(OWN).filter(phone_index__in=indexes, state=State.REGISTERED)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise DomainError(_("This number is not registered."))
    return row


@transaction.atomic
def correct_registration(
    *,
    actor: Actor,
    proof: PhoneCode | None,
    area_code: str,
    name: str,
    follows: bool,
    tells_family: bool = False,
    now: datetime | None = None,
) -> Registration:
    """Correct one's own registration; an empty name takes the name away. The family moves along. Raises NotAllowed, DomainError."""
    row = _own(proof, now or clock.now())
    require_community(area_code)
    changed = []
    if area_code != row.area_code:
        row.area_code = area_code
        changed.append("area")
        members_of(row).update(area_code=area_code)
    if not (row.name.same_as(name) if row.name is not None else not name):
        row.name = name or None
        changed.append("name")
    if follows != row.follows:
        row.follows = follows
        changed.append("follows")
    if tells_family != row.tells_family:
        row.tells_family = tells_family
        changed.append("tells_family")
    if changed:
        row.save(update_fields=["area_code", "name", "follows", "tells_family"])
        record(actor=actor, verb="registration.corrected", row=row, detail={"fields": ", ".join(changed)})
    return row


@transaction.atomic
def withdraw_own(*, actor: Actor, proof: PhoneCode | None, now: datetime | None = None) -> Registration:
    """Withdraw one's own registration: from this moment nothing is matched. Raises NotAllowed, DomainError."""
    moment = now or clock.now()
    return _withdraw(actor, _own(proof, moment), "withdraw_own", _("the holder withdrew"), moment)


@transaction.atomic
def withdraw_registration(*, actor: Actor, registration_id: int, reason: str, now: datetime | None = None) -> Registration:
    """Withdraw a registration because its holder asked. Raises NotAllowed, InvalidTransition, DomainError without a reason."""
    row = Registration.objects.locked(pk=registration_id)
    moment = now or clock.now()
    STEPS.step(row, "withdraw", may=lambda name, one: can(actor, name, one), actor_id=actor.user_id, given={"reason": reason})
    return _withdraw(actor, row, "withdraw", reason.strip(), moment)


def _withdraw(actor: Actor, row: Registration, verb: str, reason: str, now: datetime) -> Registration:
    row.state, row.withdrawn_at = STEPS.find(row.state, verb).target(row.state), now
    row.tells_family = False
    row.save(update_fields=["state", "withdrawn_at", "tells_family"])
    _end_family(row, now)
    record(actor=actor, verb="registration.withdrawn", row=row, reason=reason)
    publish(topic="registrations", kind="registration.withdrawn", area_code=row.area_code, line={"area": row.area_code})
    return row


def _end_family(row: Registration, now: datetime) -> None:
    """Members are bound by the registration: with it they end, and other families of theirs count instead."""
    members = list(members_of(row).filter(state__in=["asked", "confirmed"]))
    members_of(row).filter(pk__in=[one.pk for one in members]).update(state=OwnConsent.WITHDRAWN, counted=False, answered_at=now)
    count_once([row.phone_index, *(one.phone_index for one in members)])


@transaction.atomic
def erase_own(*, actor: Actor, proof: PhoneCode | None, now: datetime | None = None) -> int:
    """Erase everything kept of the proved number: registrations, live or withdrawn, and its places in families; answers how many rows.

    Counts remain. The proof itself ends with it. Raises NotAllowed.
    """
    moment = now or clock.now()
    given = require_proof(proof, moment)
    indexes = indexes_of_proof(given)
    rows = Registration.objects.unscoped(OWN).filter(phone_index__in=indexes).select_for_update(of=("self",))
    done = [erase(actor=actor, row=row, now=moment) for row in rows.order_by("pk")]
    members = FamilyMember.objects.unscoped(OWN).filter(phone_index__in=indexes)
    for member in members.order_by("pk"):
        done.append(1)
        record(actor=actor, verb="member.removed", area_code=member.area_code, detail={"registration": str(member.registration)})
    members.update(state=OwnConsent.ERASED, phone=None, counted=False)
    PhoneCode.objects.filter(phone_index__in=indexes).delete()
    return len(done)


def erase(*, actor: Actor, row: Registration, now: datetime) -> int:
    """Empty a locked row of everything personal, with its family and its codes. Within the caller's transaction."""
    indexes = [row.phone_index]
    if row.state in LIVE:
        _end_family(row, now)
    row.state = STEPS.find(row.state, "erase").target(row.state)
    row.phone = row.name = row.external_id = None
    row.erased_at = now
    row.save(update_fields=["state", "phone", "name", "external_id", "erased_at"])
    members_of(row).update(state=OwnConsent.ERASED, phone=None, counted=False)
    PhoneCode.objects.filter(registration=row).delete()
    count_once(indexes)
    record(actor=actor, verb="registration.erased", row=row)
    return 1


def erase_old(*, actor: Actor, now: datetime, limit: int = 500) -> int:
    """For the sweep: erase what was withdrawn thirty days ago, and what nobody confirmed within a day."""
    rows = Registration.objects.unscoped("the sweep keeps the consent text's promise for everybody")
    withdrawn = rows.filter(state=State.WITHDRAWN, withdrawn_at__lt=now - WITHDRAWN_KEPT).order_by("pk").values_list("pk", flat=True)
    pending = rows.filter(state=State.PENDING, created_at__lt=now - PENDING_KEPT).order_by("pk").values_list("pk", flat=True)
    done = 0
    for pk in [*withdrawn[:limit], *pending[:limit]]:
        with transaction.atomic():
            row = Registration.objects.locked(pk=pk)
            if row.state in (State.WITHDRAWN, State.PENDING):
                done += erase(actor=actor, row=row, now=now)
    return done


def forget_codes(*, now: datetime, after: timedelta) -> int:
    """For the sweep: delete codes and their messages, and messages that are done."""
    from ..models import Message  # noqa: PLC0415 - only here

    number = PhoneCode.objects.filter(created_at__lt=now - after).delete()[0]
    return number + Message.objects.filter(created_at__lt=now - after).exclude(state="waiting").delete()[0]
