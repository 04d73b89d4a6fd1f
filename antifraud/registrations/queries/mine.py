"""What is kept of a number that was proved: shown to its holder, and to nobody else."""

from dataclasses import dataclass

from grids.areas.names import path_of

from ..actions.proving import indexes_of_proof
from ..actions.registering import members_of
from ..enums import BOUND, FAMILY_LIMIT, MEMBER_TONES, OwnConsent, State
from ..models import FamilyMember, PhoneCode, Registration

_WHY = "the proved number is the key to its own rows"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A family member as the holder of the registration sees it."""

    pk: int
    phone: str
    relation: str
    is_child: bool
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class AskLine:
    """A family that asked for, or has, the proved number."""

    pk: int
    who: str
    state: str
    is_asked: bool
    is_confirmed: bool
    by_guardian: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything kept of a number."""

    phone: str
    registration: Registration | None
    path: list[tuple[str, str]]
    family: list[MemberLine]
    asks: list[AskLine]
    may_ask: bool


def mine(proof: PhoneCode) -> Mine:
    """What is kept of the number that was proved; three queries."""
    indexes = indexes_of_proof(proof)
    rows = Registration.objects.unscoped(_WHY).filter(phone_index__in=indexes).select_related("consent", "point")
    found = sorted(rows, key=lambda row: (row.state == State.REGISTERED, row.pk))
    row = found[-1] if found and found[-1].state != State.PENDING else None
    family = list(members_of(row).filter(state__in=["asked", "confirmed", "refused"]).select_related("relation")) if row else []
    asks = (
        FamilyMember.objects.unscoped(_WHY).filter(phone_index__in=indexes, state__in=BOUND).select_related("registration").order_by("pk")
    )
    return Mine(
        phone=proof.phone.masked,
        registration=row,
        path=path_of(row.area_code) if row else [],
        family=[
            MemberLine(
                one.pk, one.phone.masked if one.phone else "", str(one.relation), one.is_child,
                str(OwnConsent(one.state).label), MEMBER_TONES[OwnConsent(one.state)],
            )
            for one in family
        ],
        asks=[
            AskLine(
                one.pk,
                one.registration.phone.masked if one.registration.phone else "",
                str(OwnConsent(one.state).label),
                one.state == OwnConsent.ASKED,
                one.state == OwnConsent.CONFIRMED,
                one.guardian_consented_at is not None,
            )
            for one in asks
        ],
        may_ask=row is not None and row.state == State.REGISTERED and sum(one.state in BOUND for one in family) < FAMILY_LIMIT,
    )  # fmt: skip
