"""Registrations from files: one per number, the newest consent wins, and the same file again writes nothing."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.utils import timezone

from antifraud.registrations.actions.importing import NEWER, OTHER, TWICE, WITHDREW, Given, import_registrations
from antifraud.registrations.models import FamilyMember, Registration
from antifraud.registrations.public import match_phones
from tests.antifraud.registrations.conftest import FAMILY_PHONE, NAME, OTHER_PHONE, PHONE
from tests.antifraud.registrations.test_tallies import really, tallied
from tests.conftest import OTHER_TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.exchange.importers import Outcome, importer
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db
ELSEWHERE = OTHER_TOWN + "201"


@pytest.fixture
def officer(person, actor):
    return actor(person("officer", Role.ANTIFRAUD_OFFICER))


def given(external_id="A-1", phone=OTHER_PHONE, **fields) -> Given:
    values = {"name": NAME, "area_code": VILLAGE, "consented_on": date(2025, 6, 30), "consent_basis": "paper", "follows": True} | fields
    return Given(external_id=external_id, phone=phone, **values)


def bring(officer, *rows: Given):
    outcome, merged = import_registrations(actor=officer, rows=rows, now=clock.now())
    return +outcome, dict(merged)


def test_a_file_is_written_once_and_the_same_file_again_changes_nothing(officer):
    rows = [given(), given("A-2", "13600001111", name="", follows=False)]
    assert bring(officer, *rows) == ({Outcome.CREATED: 2}, {})
    before = list(
        Registration.objects.order_by("external_id").values_list("number", "state", "area_code", "origin", "external_id", "consent_basis")
    )
    assert [line[1:] for line in before] == [("registered", VILLAGE, "import", f"A-{n}", "paper") for n in (1, 2)]
    assert bring(officer, *rows) == ({Outcome.UNCHANGED: 2}, {})
    after = list(
        Registration.objects.order_by("external_id").values_list("number", "state", "area_code", "origin", "external_id", "consent_basis")
    )
    assert after == before
    row = Registration.objects.get(external_id="A-1")
    assert (row.phone.same_as(OTHER_PHONE), row.name.same_as(NAME), timezone.localdate(row.consented_at)) == (True, True, date(2025, 6, 30))
    assert match_phones([OTHER_PHONE])[0].registration_id == row.pk
    assert tallied() == really()


def test_of_one_number_twice_in_a_file_the_newest_consent_wins(officer):
    rows = [
        given("A-1", consented_on=date(2025, 7, 1)),
        given("A-2", consented_on=date(2024, 1, 1)),
        given("A-3", consented_on=date(2025, 8, 1)),
    ]
    outcome, merged = bring(officer, *rows)
    assert (outcome, merged) == ({Outcome.CREATED: 1, Outcome.UNCHANGED: 2}, {"A-1": TWICE, "A-2": TWICE})
    assert Registration.objects.get().external_id == "A-3"


@pytest.mark.parametrize(
    ("day", "reason", "area"),
    [(date(2025, 1, 1), NEWER, VILLAGE), (date(2025, 6, 30), None, ELSEWHERE), (date(2025, 7, 1), None, ELSEWHERE)],
)
def test_of_what_is_held_and_a_file_the_newest_consent_wins(officer, day, reason, area):
    bring(officer, given())
    first = Registration.objects.get()
    outcome, merged = bring(officer, given(area_code=ELSEWHERE, consented_on=day))
    assert merged == ({"A-1": reason} if reason else {})
    assert outcome == Counter({Outcome.UNCHANGED if reason else Outcome.CHANGED: 1})
    row = Registration.objects.get()
    assert (row.pk, row.number, row.created_at, row.registered_at, row.area_code) == (
        first.pk, first.number, first.created_at, first.registered_at, area,
    )  # fmt: skip
    assert tallied() == really()


def test_a_number_that_changed_in_the_source_changes_here(officer):
    bring(officer, given())
    assert bring(officer, given(phone="13600001111", consented_on=date(2025, 9, 1)))[0] == {Outcome.CHANGED: 1}
    assert (match_phones([OTHER_PHONE]), match_phones(["13600001111"])[0] is not None) == ([None], True)
    assert bring(officer, given("A-9")) == ({Outcome.CREATED: 1}, {})
    assert bring(officer, given("A-9", phone="13600001111", consented_on=date(2025, 9, 2)))[1] == {"A-9": OTHER}


def test_who_withdrew_after_the_consent_stays_withdrawn_and_a_newer_consent_renews(officer):
    bring(officer, given())
    moment = timezone.make_aware(datetime(2025, 12, 1, 9))
    Registration.objects.update(state="withdrawn", withdrawn_at=moment)
    assert bring(officer, given()) == ({Outcome.UNCHANGED: 1}, {"A-1": WITHDREW})
    assert bring(officer, given("A-7", consented_on=date(2025, 12, 1)))[1] == {"A-7": WITHDREW}
    assert (Registration.objects.get().state, match_phones([OTHER_PHONE])) == ("withdrawn", [None])
    assert bring(officer, given(consented_on=date(2025, 12, 2)))[0] == {Outcome.CHANGED: 1}
    row = Registration.objects.get()
    assert (row.state, row.withdrawn_at, match_phones([OTHER_PHONE])[0].registration_id) == ("registered", None, row.pk)


def test_a_family_member_who_comes_in_by_file_counts_once_and_the_family_moves_along(held, officer):
    outcome, _merged = bring(officer, given("A-1", FAMILY_PHONE), given("A-2", PHONE, area_code=ELSEWHERE, consented_on=clock.today()))
    assert outcome == {Outcome.CREATED: 1, Outcome.CHANGED: 1}
    assert FamilyMember.objects.filter(counted=True).count() == 0
    assert set(FamilyMember.objects.unscoped("a test").values_list("area_code", flat=True)) == {ELSEWHERE}
    assert tallied() == really()


def test_only_anti_fraud_officers_bring_registrations(areas, cast, actor):
    for who in ("duty_officer", "town_officer", "system_admin"):
        with pytest.raises(NotAllowed):
            bring(actor(cast[who]), given())
    assert Registration.objects.unscoped("a test").count() == 0


def test_the_importer_asks_for_the_basis_and_a_community_in_scope(person, actor, areas):
    from types import SimpleNamespace

    from tongshan_portal.exchange.importers import Row

    kind, here = importer("antifraud_registrations"), actor(person("town", Role.ANTIFRAUD_OFFICER, VILLAGE[:9]))
    context = SimpleNamespace(cache={}, now=clock.now(), results=[])
    codes = [VILLAGE, ELSEWHERE, "320312106999", VILLAGE]
    rows = [Row(number, {"area_code": code, "consented_on": date(2025, 1, 1)}) for number, code in enumerate(codes, 1)]
    rows[3].values["consented_on"] = date(2999, 1, 1)
    assert list(kind.validate_batch(here, rows, context)) == [2, 3, 4]
    required = [column.name for column in kind.columns if column.required]
    assert required == ["external_id", "phone", "area_code", "consented_on", "consent_basis"]


def test_the_demo_is_the_same_when_it_is_loaded_again(person, areas, settings):
    from django.core.management import call_command

    settings.DEMO_MODE = True
    person("officer", Role.ANTIFRAUD_OFFICER)
    loaded = []
    for _turn in range(2):
        call_command("demo_registrations", verbosity=0)
        loaded.append(sorted(Registration.objects.unscoped("a test").values_list("number", "area_code", "external_id")))
    rows = loaded[1]
    assert loaded[0] == rows
    assert 7 <= len(rows) <= 17
    assert {area for _number, area, _external_id in rows} == {VILLAGE}
    assert match_phones(["0516-00000000"])[0] is not None
    assert tallied() == really()
