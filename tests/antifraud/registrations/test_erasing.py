"""What is erased is gone: the rows are searched for it."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection

from antifraud.registrations.actions import proving, registering
from antifraud.registrations.models import FamilyMember, Message, PhoneCode, Registration, RegistrationTally
from antifraud.registrations.phones import indexes_of
from antifraud.registrations.residents import resident
from antifraud.registrations.settings import CODES_KEPT
from tests.antifraud.registrations.conftest import FAMILY_PHONE, NAME, OTHER_PHONE, PHONE, member, registration
from tests.antifraud.registrations.test_registering import enter
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock

pytestmark = pytest.mark.django_db


def everything() -> str:
    """All rows of the app and of the ledger as text."""
    tables = [model._meta.db_table for model in apps.get_app_config("registrations").get_models()] + ["ledger_ledgerentry"]
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} AS t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def prove(phone: str):
    return enter(proving.ask_code(actor=resident(), phone=phone))


def traces_of(held_index: str, stored: list[str]) -> list[bool]:
    text = everything()
    return [PHONE in text, NAME in text, held_index in text, *(one in text for one in stored)]


def test_erasing_leaves_area_and_times_and_nothing_of_the_person(held):
    other = registration(OTHER_PHONE)
    member(other, PHONE, counted=False)
    stored = [Registration.objects.get(pk=held.pk).phone.stored, Registration.objects.get(pk=held.pk).name.stored]
    proof = prove(PHONE)
    assert traces_of(indexes_of(PHONE)[0], stored)[2:] == [True, True, True]
    registering.erase_own(actor=resident(), proof=proof)
    assert traces_of(indexes_of(PHONE)[0], stored) == [False] * 5
    row = Registration.objects.get(pk=held.pk)
    assert (row.state, row.phone, row.phone_index, row.name, row.area_code) == ("erased", None, None, None, held.area_code)
    assert set(FamilyMember.objects.unscoped("a test").values_list("state", "phone_index")) == {("erased", None)}
    assert indexes_of(FAMILY_PHONE)[0] not in everything()
    tally = RegistrationTally.objects.unscoped("a test").filter(kind__in=["registered", "family"]).values_list("kind", "number")
    assert dict(tally) == {"registered": 1, "family": 0}


def test_somebody_else_s_registration_stays_when_a_member_erases(held):
    registering.erase_own(actor=resident(), proof=prove(FAMILY_PHONE))
    assert Registration.objects.get().state == "registered"
    assert indexes_of(FAMILY_PHONE)[0] not in everything()


def test_thirty_days_after_a_withdrawal_and_a_day_without_a_code_the_sweep_erases(held):
    now = clock.now()
    withdrawn = registration(OTHER_PHONE, state="withdrawn", withdrawn_at=now - timedelta(days=30, seconds=1))
    fresh = registration("13900000001", state="withdrawn", withdrawn_at=now - timedelta(days=29))
    registration("13900000002", state="pending_verification", registered_at=None)
    Registration.objects.unscoped("a test").filter(state="pending_verification").update(created_at=now - timedelta(days=1, seconds=1))
    young = registration("13900000003", state="pending_verification", registered_at=None)
    part = system_actor("registrations_sweep")
    assert (registering.erase_old(actor=part, now=now), registering.erase_old(actor=part, now=now)) == (2, 0)
    states = dict(Registration.objects.unscoped("a test").values_list("pk", "state"))
    assert (states[withdrawn.pk], states[fresh.pk], states[young.pk], states[held.pk]) == (
        "erased", "withdrawn", "pending_verification", "registered",
    )  # fmt: skip


def test_codes_and_their_messages_are_forgotten_after_a_day(held):
    now = clock.now()
    prove(PHONE)
    assert registering.forget_codes(now=now, after=CODES_KEPT) == 0
    registering.forget_codes(now=now + timedelta(days=1, minutes=1), after=CODES_KEPT)
    assert (PhoneCode.objects.count(), Message.objects.count()) == (0, 0)
