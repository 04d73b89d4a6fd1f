"""Whose number a warning is about."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antifraud.registrations.models import FamilyMember, Registration
from antifraud.registrations.public import Match, match_phones
from tests.antifraud.registrations.conftest import ASKED_PHONE, FAMILY_PHONE, OTHER_PHONE, PHONE, member, registration
from tests.conftest import OTHER_TOWN, VILLAGE
from tongshan_portal.accounts.guard import guarded

pytestmark = pytest.mark.django_db


def test_numbers_are_matched_in_their_order_and_in_any_way_of_writing(held):
    confirmed = FamilyMember.objects.get(state="confirmed")
    own = Match(held.pk, None, VILLAGE, "试验村")
    with guarded():
        found = match_phones(["+86 138-0000-1234", OTHER_PHONE, FAMILY_PHONE, ASKED_PHONE, "", "不是号码", PHONE])
    assert found == [own, None, Match(held.pk, confirmed.pk, VILLAGE, "试验村"), None, None, None, own]


@pytest.mark.parametrize("state", ["pending_verification", "withdrawn", "erased"])
def test_only_what_is_registered_is_matched(areas, state):
    from tongshan_portal.kernel import clock

    row = registration(
        None if state == "erased" else PHONE, "R-1", state=state, withdrawn_at=clock.now(),
        erased_at=clock.now() if state == "erased" else None,
    )  # fmt: skip
    member(row, FAMILY_PHONE)
    assert match_phones([PHONE, FAMILY_PHONE]) == [None, None]


def test_the_own_registration_goes_before_a_familys_and_of_two_families_the_one_that_counts(held):
    other = registration(OTHER_PHONE, area_code=OTHER_TOWN + "201")
    member(other, PHONE, counted=False)
    member(other, FAMILY_PHONE, counted=False)
    counted = FamilyMember.objects.get(counted=True)
    found = match_phones([PHONE, FAMILY_PHONE])
    assert [(match.registration_id, match.member_id) for match in found] == [(held.pk, None), (held.pk, counted.pk)]


def test_a_thousand_numbers_take_two_statements(held):
    phones = [f"1350000{number:04d}" for number in range(999)] + [PHONE]
    match_phones(phones[-1:])
    with CaptureQueriesContext(connection) as asked:
        found = match_phones(phones)
    assert (len(asked), sum(match is not None for match in found), found[-1].registration_id) == (2, 1, held.pk)
    assert match_phones([]) == []


def test_a_key_that_is_being_replaced_is_looked_under_as_well(held, settings):
    settings.SEAL_INDEX_KEYS = f"i2:hmacsm3:{'QUFB' * 12},{settings.SEAL_INDEX_KEYS}"
    assert match_phones([PHONE])[0].registration_id == held.pk
    registration(OTHER_PHONE)
    assert match_phones([OTHER_PHONE])[0] is not None
    assert Registration.objects.unscoped("a test").count() == 2
