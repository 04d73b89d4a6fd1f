"""The three counts follow the rows, whatever happens to them."""

from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from antifraud.registrations.models import FamilyMember, Registration, RegistrationTally
from tests.antifraud.registrations.conftest import FAMILY_PHONE, OTHER_PHONE, member, registration
from tests.conftest import OTHER_TOWN, VILLAGE

pytestmark = pytest.mark.django_db
ELSEWHERE = OTHER_TOWN + "201"


def tallied() -> Counter[tuple[str, str]]:
    rows = RegistrationTally.objects.unscoped("a test")
    return Counter({(row.kind, row.area_code): row.number for row in rows if row.number})


def really() -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for row in Registration.objects.unscoped("a test").filter(state="registered"):
        found["registered", row.area_code] += 1
        found["following", row.area_code] += row.follows
    for row in FamilyMember.objects.unscoped("a test").filter(counted=True):
        found["family", row.area_code] += 1
    return +found


def test_tallies_follow_rows_that_come_change_move_and_go(held):
    assert tallied() == really() == {("registered", VILLAGE): 1, ("following", VILLAGE): 1, ("family", VILLAGE): 1}
    other = registration(OTHER_PHONE, area_code=ELSEWHERE)
    member(other, "13600001111")
    assert tallied() == really()
    rows, family = Registration.objects.unscoped("a test"), FamilyMember.objects.unscoped("a test")
    rows.filter(pk=held.pk).update(area_code=ELSEWHERE)
    family.filter(registration=held).update(area_code=ELSEWHERE)
    assert tallied() == really() == {("registered", ELSEWHERE): 2, ("following", ELSEWHERE): 1, ("family", ELSEWHERE): 2}
    rows.filter(pk=held.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    family.filter(phone_index=FamilyMember.objects.get(phone_index__isnull=False, counted=True, registration=held).phone_index).update(
        counted=False
    )
    assert tallied() == really() == {("registered", ELSEWHERE): 1, ("family", ELSEWHERE): 1}
    rows.filter(pk=other.pk).update(follows=True)
    assert tallied() == really()
    family.all().delete()
    rows.all().delete()
    assert tallied() == really() == {}
    registration(FAMILY_PHONE)
    assert tallied() == really() == {("registered", VILLAGE): 1}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE registrations_registration CASCADE")
    assert tallied() == really() == {}
