"""Family members: at most eight, each by the own word, each number counted once."""

import pytest

from antifraud.registrations.actions import family, proving, registering
from antifraud.registrations.models import FamilyMember, Message, Registration, Relation
from antifraud.registrations.public import match_phones
from antifraud.registrations.queries.counts import counts_under
from antifraud.registrations.residents import resident
from tests.antifraud.registrations.conftest import ASKED_PHONE, FAMILY_PHONE, OTHER_PHONE, PHONE, registration
from tests.antifraud.registrations.test_erasing import prove
from tests.antifraud.registrations.test_registering import begin, enter
from tests.conftest import DISTRICT
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed

pytestmark = pytest.mark.django_db


def ask(proof, phone, is_child=False, guardian=False) -> FamilyMember:
    relation = Relation.objects.get(code="child")
    return family.ask_member(actor=resident(), proof=proof, phone=phone, relation=relation, is_child=is_child, guardian=guardian)


def answer(phone: str, member: FamilyMember, word: str) -> FamilyMember:
    return family.answer_ask(actor=resident(), proof=prove(phone), member_id=member.pk, answer=word)


def counted() -> tuple[int, int]:
    found = counts_under([DISTRICT])
    return found.registered, found.protected


@pytest.mark.parametrize(("word", "protected"), [("confirmed", True), ("refused", False)])
def test_a_member_is_protected_by_the_own_word_only(held, word, protected):
    member = ask(prove(PHONE), OTHER_PHONE)
    assert (member.state, match_phones([OTHER_PHONE])) == ("asked", [None])
    answer(OTHER_PHONE, member, word)
    assert (match_phones([OTHER_PHONE])[0] is not None, counted()) == (protected, (1, 2 + protected))


def test_a_yes_can_be_taken_back_and_is_not_given_again_by_others(held):
    member = FamilyMember.objects.get(state="confirmed")
    answer(FAMILY_PHONE, member, "withdrawn")
    assert (match_phones([FAMILY_PHONE]), counted()) == ([None], (1, 1))
    with pytest.raises(DomainError):
        answer(ASKED_PHONE, FamilyMember.objects.get(state="asked"), "withdrawn")
    proof = prove(OTHER_PHONE)
    with pytest.raises(FamilyMember.DoesNotExist):
        family.answer_ask(actor=resident(), proof=proof, member_id=FamilyMember.objects.get(state="asked").pk, answer="confirmed")
    with pytest.raises(NotAllowed):
        family.answer_ask(actor=resident(), proof=None, member_id=member.pk, answer="confirmed")
    assert FamilyMember.objects.filter(state="confirmed").count() == 0


def test_eight_members_and_no_more_until_one_is_removed(held):
    proof = prove(PHONE)
    for number in range(6):
        ask(proof, f"1350000000{number}")
    with pytest.raises(DomainError):
        ask(proof, "13500000009")
    assert FamilyMember.objects.count() == 8
    family.remove_member(actor=resident(), proof=proof, member_id=FamilyMember.objects.get(state="confirmed").pk)
    assert match_phones([FAMILY_PHONE]) == [None]
    ask(proof, "13500000009")


def test_a_child_is_protected_by_its_guardian_s_word(held):
    proof = prove(PHONE)
    with pytest.raises(DomainError) as refused:
        ask(proof, OTHER_PHONE, is_child=True)
    assert (refused.value.field, FamilyMember.objects.count()) == ("guardian", 2)
    member = ask(proof, OTHER_PHONE, is_child=True, guardian=True)
    assert (member.state, member.guardian_consented_at is not None) == ("confirmed", True)
    assert match_phones([OTHER_PHONE])[0].member_id == member.pk
    answer(OTHER_PHONE, member, "withdrawn")
    assert match_phones([OTHER_PHONE]) == [None]


def test_the_own_number_and_a_number_asked_before_are_refused(held):
    proof = prove(PHONE)
    with pytest.raises(DomainError) as own:
        ask(proof, "+86 138 0000 1234")
    with pytest.raises(Conflict) as twice:
        ask(proof, ASKED_PHONE)
    assert (own.value.field, twice.value.field, FamilyMember.objects.count()) == ("phone", "phone", 2)
    with pytest.raises(DomainError):
        ask(prove(OTHER_PHONE), "13500000001")


def test_a_member_gets_a_message_that_shows_who_asks_only_masked(held):
    from tongshan_portal.kernel.sealed import open_sealed

    ask(prove(PHONE), OTHER_PHONE)
    words = open_sealed(Message.objects.get(code=None).words)
    assert ("138****1234" in words, PHONE in words) == (True, False)


def test_a_number_counts_once_however_many_named_it(held):
    """Two families, then its own registration, then its withdrawal: the count follows."""
    other = registration(OTHER_PHONE)
    member = ask(prove(OTHER_PHONE), FAMILY_PHONE)
    answer(FAMILY_PHONE, member, "confirmed")
    assert (counted(), FamilyMember.objects.filter(counted=True).count()) == ((2, 3), 1)
    enter(begin(phone=FAMILY_PHONE))
    assert (counted(), FamilyMember.objects.filter(counted=True).count()) == ((3, 3), 0)
    assert match_phones([FAMILY_PHONE])[0].member_id is None
    registering.withdraw_own(actor=resident(), proof=prove(FAMILY_PHONE))
    assert (counted(), match_phones([FAMILY_PHONE])[0].registration_id) == ((2, 3), held.pk)
    registering.withdraw_own(actor=resident(), proof=prove(PHONE))
    assert (counted(), match_phones([FAMILY_PHONE])[0].registration_id) == ((1, 2), other.pk)
    assert Registration.objects.filter(state="registered").count() == 1


def test_the_code_that_proves_a_member_s_number_registers_nobody(held):
    proof = prove(ASKED_PHONE)
    assert (proof.registration, Registration.objects.unscoped("a test").count()) == (None, 1)
    assert proving.require_proof(proof, proof.used_at) == proof
