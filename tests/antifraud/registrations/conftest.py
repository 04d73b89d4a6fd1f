"""One registration in the village, with two family members of whom one confirmed."""

import pytest

from antifraud.registrations.actions.registering import new_number
from antifraud.registrations.models import ConsentText, FamilyMember, Registration, Relation
from tests.conftest import VILLAGE
from tongshan_portal.kernel import clock

PHONE, OTHER_PHONE, FAMILY_PHONE, ASKED_PHONE = "13800001234", "13900005678", "13700001111", "13700002222"
NAME = "王秀英"


def registration(phone: str | None, number: str = "", **fields) -> Registration:
    """A registration as a row, registered unless the fields say otherwise."""
    now = clock.now()
    given = {"area_code": VILLAGE, "state": "registered", "registered_at": now, "consent": ConsentText.objects.first(), **fields}
    return Registration.objects.create(number=number or new_number(), phone=phone, consented_at=now, created_at=now, **given)


def member(of: Registration, phone: str, **fields) -> FamilyMember:
    """A family member as a row, who confirmed unless the fields say otherwise."""
    now = clock.now()
    given = {"state": "confirmed", "answered_at": now, "counted": fields.get("state", "confirmed") == "confirmed", **fields}
    return FamilyMember.objects.create(
        registration=of, area_code=of.area_code, phone=phone, relation=Relation.objects.first(), consent=of.consent, asked_at=now, **given
    )


@pytest.fixture
def held(areas) -> Registration:
    """The registration; its family is confirmed by FAMILY_PHONE and only asked for ASKED_PHONE."""
    row = registration(PHONE, name=NAME, follows=True)
    member(row, FAMILY_PHONE)
    member(row, ASKED_PHONE, state="asked", answered_at=None)
    return row
