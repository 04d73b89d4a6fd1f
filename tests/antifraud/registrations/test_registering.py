"""From the code on the poster to a protected number: consent, proof, idempotence, and nothing learnt by asking."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from antifraud.registrations import limits
from antifraud.registrations.actions import points, proving, registering
from antifraud.registrations.models import ConsentText, FamilyMember, Message, PhoneCode, Registration
from antifraud.registrations.public import match_phones
from antifraud.registrations.residents import resident
from tests.antifraud.registrations.conftest import NAME, OTHER_PHONE, PHONE
from tests.conftest import GRID, TOWN, VILLAGE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.kernel.sealed import open_sealed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


def begin(phone=PHONE, now=None, **fields) -> PhoneCode:
    given = {"area_code": VILLAGE, "point": None, "name": "", "follows": False, "consent_version": 1} | fields
    return registering.begin_registration(actor=resident(), phone=phone, now=now, **given)


def sent(code: PhoneCode) -> str:
    """The digits that the message carries."""
    return re.findall(r"\d{6}", open_sealed(Message.objects.get(code=code).words))[0]


def enter(code: PhoneCode, digits: str | None = None, now=None) -> PhoneCode:
    return proving.enter_code(actor=resident(), code_id=code.pk, code=digits or sent(code), now=now)


def rows() -> list[tuple]:
    return list(Registration.objects.unscoped("a test").order_by("pk").values_list("state", "area_code", "follows"))


def test_a_number_is_protected_when_its_holder_entered_the_code_and_not_before(areas):
    code = begin(name=NAME, follows=True)
    assert (match_phones([PHONE]), rows()) == ([None], [("pending_verification", VILLAGE, True)])
    proof = enter(code)
    row = Registration.objects.get()
    assert (row.state, row.consent.version, row.name.same_as(NAME), row.phone.same_as(PHONE)) == ("registered", 1, True, True)
    assert match_phones([PHONE])[0].registration_id == row.pk
    assert proof.used_at is not None
    entry = LedgerEntry.objects.get(verb="registration.confirmed")
    assert (entry.object_label, entry.ip, PHONE in str(entry.detail)) == (row.number, None, False)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"phone": "12345"}, "phone"), ({"area_code": GRID}, "area"), ({"area_code": TOWN}, "area"), ({"consent_version": 7}, "agreed")],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(areas, wrong, field):
    with pytest.raises(DomainError) as refused:
        begin(**wrong)
    assert (refused.value.field, rows(), PhoneCode.objects.count(), Message.objects.count()) == (field, [], 0, 0)


def test_sent_twice_it_is_one_registration_with_what_was_said_last(areas):
    now = clock.now()
    first = begin(now=now, follows=False)
    second = begin(now=now + timedelta(seconds=61), follows=True)
    assert rows() == [("pending_verification", VILLAGE, True)]
    with pytest.raises(DomainError):
        enter(first, now=now + timedelta(seconds=62))
    enter(second, now=now + timedelta(seconds=62))
    assert rows() == [("registered", VILLAGE, True)]


def test_nobody_learns_whether_a_number_is_registered(held):
    """A stranger who tries a registered and an unknown number sees the same, and changes nothing of the registered one."""
    before = rows()
    known, unknown = begin(phone=PHONE, follows=False), begin(phone=OTHER_PHONE)
    assert [(code.purpose, code.expires_at - code.created_at) for code in (known, unknown)] == [("register", timedelta(minutes=10))] * 2
    assert [Message.objects.filter(code=code).count() for code in (known, unknown)] == [1, 1]
    assert rows()[:1] == before


def test_looking_is_the_same_for_a_number_that_is_not_known(held):
    for phone in (PHONE, OTHER_PHONE):
        code = proving.ask_code(actor=resident(), phone=phone)
        assert (code.purpose, Message.objects.filter(code=code).count()) == ("manage", 1)


def test_codes_end_after_ten_minutes(areas):
    now = clock.now()
    code = begin(now=now)
    with pytest.raises(DomainError):
        enter(code, now=now + timedelta(minutes=10))
    assert rows()[0][0] == "pending_verification"


def test_five_wrong_guesses_end_a_code_even_for_the_right_one(areas):
    code = begin()
    right = sent(code)
    wrong = "000000" if right != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(DomainError) as refused:
            enter(code, wrong)
        assert (str(left) in str(refused.value), PhoneCode.objects.get().attempts) == (True, 5 - left)
    with pytest.raises(DomainError):
        enter(code, right)
    assert rows()[0][0] == "pending_verification"


def test_a_code_works_once(areas):
    code = begin()
    right = sent(code)
    enter(code, right)
    with pytest.raises(DomainError):
        enter(code, right)


def test_a_code_is_not_in_its_row(areas):
    code = begin()
    with_code = sent(code)
    stored = list(PhoneCode.objects.values_list("code_hash", "phone_index").get())
    assert (any(with_code in value for value in stored), len(stored[0])) == (False, 64)


def test_codes_are_a_minute_apart_and_ten_a_day(areas):
    now = clock.now()
    begin(now=now)
    with pytest.raises(DomainError) as refused:
        begin(now=now + timedelta(seconds=59))
    assert refused.value.field == "phone"
    for minute in range(1, 10):
        begin(now=now + timedelta(minutes=2 * minute))
    with pytest.raises(DomainError):
        begin(now=now + timedelta(minutes=30))
    begin(now=now + timedelta(days=1, seconds=1))
    assert PhoneCode.objects.count() == 11


def test_a_proof_opens_for_half_an_hour(held):
    now = clock.now()
    proof = enter(proving.ask_code(actor=resident(), phone=PHONE, now=now), now=now)
    registering.correct_registration(
        actor=resident(), proof=proof, area_code=VILLAGE, name="", follows=False, now=now + timedelta(minutes=29)
    )
    assert (Registration.objects.get().name, rows()) == (None, [("registered", VILLAGE, False)])
    with pytest.raises(NotAllowed):
        registering.withdraw_own(actor=resident(), proof=proof, now=now + timedelta(minutes=30))
    with pytest.raises(NotAllowed):
        registering.withdraw_own(actor=resident(), proof=None)
    assert rows()[0][0] == "registered"


def test_withdrawing_ends_the_match_at_once_with_the_family(held):
    proof = enter(proving.ask_code(actor=resident(), phone=PHONE))
    agreed = {"area_code": VILLAGE, "name": NAME, "follows": True, "tells_family": True}
    assert registering.correct_registration(actor=resident(), proof=proof, **agreed).tells_family
    assert not registering.withdraw_own(actor=resident(), proof=proof).tells_family
    assert match_phones([PHONE, "13700001111"]) == [None, None]
    assert set(FamilyMember.objects.unscoped("a test").values_list("state", "counted")) == {("withdrawn", False)}
    with pytest.raises(DomainError):
        registering.withdraw_own(actor=resident(), proof=proof)


def test_consent_texts_have_versions_and_a_published_one_stays(cast, actor):
    texts = {f"{name}_{tongue}": f"{name} {tongue}" for name in points.TEXTS for tongue in ("zh", "en")}
    with pytest.raises(NotAllowed):
        points.publish_consent(actor=actor(cast["security_admin"]), **texts)
    code = begin()
    second = points.publish_consent(actor=actor(cast["system_admin"]), **texts)
    assert (second.version, second.is_default) == (2, False)
    enter(code)
    assert Registration.objects.get().consent.version == 1
    with pytest.raises(DomainError):
        begin(phone=OTHER_PHONE)
    begin(phone=OTHER_PHONE, consent_version=2)
    with pytest.raises(InternalError), transaction.atomic():
        ConsentText.objects.filter(version=1).update(purpose_zh="改了")
    with pytest.raises(DomainError):
        points.publish_consent(actor=actor(cast["system_admin"]), **(texts | {"contact_en": " "}))
    assert ConsentText.objects.count() == 2


def test_the_database_keeps_one_live_registration_for_a_number(held):
    with pytest.raises(IntegrityError), transaction.atomic():
        Registration.objects.create(
            number="R-2", phone=PHONE, area_code=VILLAGE, consent=held.consent, consented_at=clock.now(), created_at=clock.now()
        )


def test_limits_hold_for_an_address_and_not_for_its_neighbour(monkeypatch):
    monkeypatch.setattr(limits, "SPACE", f"test-{clock.now().timestamp()}")
    for _turn in range(10):
        limits.count("code", "10.0.0.1")
    with pytest.raises(limits.TooOften):
        limits.count("code", "10.0.0.1")
    limits.count("code", "10.0.0.2")
    limits.count("guess", "10.0.0.1")
    same_line = {limits.network_of(address) for address in ("2001:db8::1", "2001:db8::ffff:2")}
    assert (same_line, limits.network_of("10.0.0.1")) == ({"2001:db8::/64"}, "10.0.0.1")
