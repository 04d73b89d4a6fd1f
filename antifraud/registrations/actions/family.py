"""Family members: asked by one, bound by their own word."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongshan_portal.accounts.actor import Actor
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError
from tongshan_portal.kernel.identity import mobile_number
from tongshan_portal.ledger.public import record

from ..enums import BOUND, FAMILY_LIMIT, OwnConsent
from ..models import ConsentText, FamilyMember, PhoneCode, Relation
from ..settings import CODE_LASTS
from .counting import count_once
from .proving import indexes_of_proof, require_proof
from .registering import OWN, _own, members_of
from .sending import queue_message

_WORDS_ASKED = gettext_lazy(
    "The holder of %(who)s asks to protect this number from fraud. Answer yes or no on the registration page with your number."
)
_WORDS_CHILD = gettext_lazy(
    "The holder of %(who)s protects this number from fraud as a child's guardian. It can be ended on the registration page."
)


@transaction.atomic
def ask_member(
    *, actor: Actor, proof: PhoneCode | None, phone: str, relation: Relation, is_child: bool, guardian: bool, now: datetime | None = None
) -> FamilyMember:
    """Ask a family member. An adult is protected only after confirming by the own number; a child under 14 by the guardian's consent.
    (个人信息保护法 31, 未成年人保护法 72.)

    The number gets a message in either case, which says how to refuse. Raises NotAllowed, DomainError, Conflict for somebody asked before.
    """
    moment = now or clock.now()
    row, number = _own(proof, moment), mobile_number(phone, field="phone")
    if row.phone is not None and row.phone.same_as(number):
        raise DomainError(_("This is your own number: it is registered already."), field="phone")
    if is_child and not guardian:
        raise DomainError(_("For a child under 14 the guardian consents. Tick it only if you are the guardian."), field="guardian")
    if members_of(row).filter(state__in=BOUND).count() >= FAMILY_LIMIT:
        raise DomainError(_("A registration binds at most %(number)d family members.") % {"number": FAMILY_LIMIT})
    member = FamilyMember(
        registration=row, area_code=row.area_code, phone=number, relation=relation, is_child=is_child, asked_at=moment,
        state=OwnConsent.CONFIRMED if is_child else OwnConsent.ASKED, guardian_consented_at=moment if is_child else None,
        consent=ConsentText.objects.order_by("-version")[0],
    )  # fmt: skip
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError:
        raise Conflict(_("This number is in your family already."), field="phone") from None
    member.refresh_from_db()
    count_once([member.phone_index])
    words = _WORDS_CHILD if is_child else _WORDS_ASKED
    queue_message(
        phone=number, words=str(words) % {"who": row.phone.masked if row.phone else ""}, code=None, lasts=CODE_LASTS * 6, now=moment
    )
    record(actor=actor, verb="member.asked", row=member, detail={"registration": row.number, "child": is_child})
    return member


@transaction.atomic
def answer_ask(*, actor: Actor, proof: PhoneCode | None, member_id: int, answer: str, now: datetime | None = None) -> FamilyMember:
    """Say yes (`confirmed`), no (`refused`), or take a yes back (`withdrawn`), with the own number proved.

    Said twice it is said once. Raises NotAllowed, FamilyMember.DoesNotExist for somebody else's ask, DomainError for an answer out of turn.
    """
    moment = now or clock.now()
    indexes = indexes_of_proof(require_proof(proof, moment))
    rows = FamilyMember.objects.unscoped(OWN).filter(phone_index__in=indexes).select_related("registration")
    member = rows.select_for_update(of=("self",)).get(pk=member_id)
    if member.state == answer:
        return member
    turns = {OwnConsent.ASKED: {"confirmed", "refused"}, OwnConsent.CONFIRMED: {"withdrawn"}}
    if answer not in turns.get(OwnConsent(member.state), set()):
        raise DomainError(_("This question was answered already. Ask your family to ask again."))
    member.state, member.answered_at, member.counted = answer, moment, False
    member.save(update_fields=["state", "answered_at", "counted"])
    count_once([member.phone_index])
    detail = {"registration": member.registration.number, "answer": str(OwnConsent(answer).label)}
    record(actor=actor, verb="member.answered", row=member, detail=detail)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, proof: PhoneCode | None, member_id: int, now: datetime | None = None) -> None:
    """Take a member out of one's own family: the number is erased at once. Raises NotAllowed, FamilyMember.DoesNotExist."""
    row = _own(proof, now or clock.now())
    member = members_of(row).select_for_update(of=("self",)).get(pk=member_id)
    index = member.phone_index
    member.state, member.phone, member.counted = OwnConsent.ERASED, None, False
    member.save(update_fields=["state", "phone", "counted"])
    count_once([index])
    record(actor=actor, verb="member.removed", row=member, detail={"registration": row.number})
