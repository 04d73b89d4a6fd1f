"""Recording by hand and from files: who may, once each, sealed, in a grid in force."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from shapely import box

from grids.areas.models import Area
from grids.areas.writing import write_shapes
from grids.elements.actions import recording as actions
from grids.elements.imports import FacilityImporter, HouseholdImporter, OrganisationImporter
from grids.elements.models import Address, Facility, Household, Organisation
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, VILLAGE
from tests.grids.elements.conftest import CONTACT, PHONE, WHERE
from tongshan_portal.exchange.importers import ImportContext, Outcome, Row
from tongshan_portal.kernel import clock, ids
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.kernel.sealed import matching
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


def test_a_household_is_kept_sealed_and_stands_in_the_ledger_without_a_name(held):
    with connection.cursor() as cursor:
        cursor.execute("select concat(contact, phone, number) from elements_household")
        stored = cursor.fetchone()[0]
    assert (CONTACT in stored, PHONE in stored) == (False, False)
    entry = LedgerEntry.objects.filter(verb="element.recorded", object_type="elements.household").get()
    assert (entry.object_label, entry.area_code, CONTACT in str(entry.detail)) == (held["household"].number, GRID, False)
    assert Household.objects.filter(matching(Household, "phone", "138 0000 1234")).get() == held["household"]


@pytest.mark.parametrize("who", ["colleague", "other_town_officer", "duty_officer", "mediator", "system_admin", "stranger"])
@pytest.mark.parametrize("element", ["household", "place"])
def test_nobody_records_outside_the_own_area_or_without_the_role(cast, actor, who, element):
    fields = {"size": 1} if element == "household" else {"name": "甲", "kind": "shop"}
    with pytest.raises(NotAllowed):
        actions.record_element(actor=actor(cast[who]), element=element, **WHERE, **fields)
    assert (Household.objects.count(), Address.objects.count(), LedgerEntry.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("code", [VILLAGE, GRID + "777"])
def test_elements_stand_in_a_grid_in_force(cast, actor, code):
    with pytest.raises(DomainError) as refused:
        actions.record_element(actor=actor(cast["town_officer"]), element="place", **WHERE | {"area_code": code}, name="甲", kind="shop")
    assert refused.value.field == "area"


def test_what_is_collected_already_is_said_with_day_and_person(held, cast, actor):
    Organisation.objects.update(credit_code="91320312MA1ABCDE12", collected_on=date(2026, 1, 31))
    with pytest.raises(DomainError, match="2026-01-31.*worker|worker.*2026-01-31") as refused:
        actions.record_element(
            actor=actor(cast["worker"]), element="organisation", **WHERE, name="又一家", kind="enterprise", credit_code="91320312MA1ABCDE12"
        )
    assert (refused.value.field, Organisation.objects.count()) == ("credit_code", 1)


@pytest.mark.parametrize("fields", [{"needs": ["errands"]}, {"size": 0}, {"size": 100}], ids=["needs without a day", "nobody", "too many"])
def test_the_database_refuses_what_the_rules_forbid(areas, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Household.objects.create(number="X", area_code=GRID, collected_on=date(2026, 1, 1), **fields)


def rows(importer, *given):
    blank = {column.name: None for column in importer.columns}
    return [Row(number, {**blank, **values}) for number, values in enumerate(given, start=1)]


@pytest.fixture
def context():
    return ImportContext(ids.new_uuid(), clock.now())


ONE = {"number": "H1", "area_code": GRID, "address": "3组12号", "contact": CONTACT, "phone": PHONE, "size": 3}


def test_a_file_that_says_what_is_held_changes_nothing(director, actor, context):
    importer, who = HouseholdImporter(), actor(director)
    first = importer.write_batch(who, rows(importer, ONE, {"number": "H2", "area_code": GRID}), context)
    before = list(Household.objects.values())
    again = importer.write_batch(who, rows(importer, ONE, {"number": "H2", "area_code": GRID}), context)
    assert (dict(first), dict(again)) == ({Outcome.CREATED: 2}, {Outcome.UNCHANGED: 2})
    assert list(Household.objects.values("pk", "number")) == [{"pk": row["id"], "number": row["number"]} for row in before]


@pytest.mark.parametrize(
    "change",
    [{"phone": "13800009999"}, {"contact": "李"}, {"contact": None}, {"size": 4}, {"address": "3组13号"}, {"area_code": NEXT_GRID},
     {"needs": ("errands",), "needs_agreed_on": date(2026, 1, 1)}],
    ids=str,
)  # fmt: skip
def test_any_difference_is_a_change_of_the_same_household(director, actor, context, change):
    importer, who = HouseholdImporter(), actor(director)
    importer.write_batch(who, rows(importer, ONE), context)
    held = Household.objects.get().pk
    assert dict(importer.write_batch(who, rows(importer, {**ONE, **change}), context)) == {Outcome.CHANGED: 1}
    assert Household.objects.get().pk == held


def test_a_row_with_a_point_alone_finds_its_grid(director, actor, context):
    write_shapes([(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1))], source="test", at=clock.now())
    importer = HouseholdImporter()
    given = rows(importer, {"number": "1", "lon": 117.15, "lat": 34.05}, {"number": "2", "lon": 110.0, "lat": 30.0}, {"number": "3"})
    problems = importer.validate_batch(actor(director), given, context)
    assert (given[0]["area_code"], sorted(problems)) == (NEXT_GRID, [2, 3])


@pytest.mark.parametrize("who", ["town_officer", "other_town_officer"])
def test_rows_outside_the_own_areas_are_handed_back(cast, actor, context, who):
    Area.objects.create(code=OTHER_TOWN + "201", name="他村")
    Area.objects.create(code=OTHER_TOWN + "201001", name="他格")
    importer = HouseholdImporter()
    given = rows(
        importer,
        {"number": "1", "area_code": GRID},
        {"number": "2", "area_code": OTHER_TOWN + "201001"},
        {"number": "3", "area_code": VILLAGE},
    )
    problems = importer.validate_batch(actor(cast[who]), given, context)
    assert sorted(problems) == ([2, 3] if who == "town_officer" else [1, 3])


def test_needs_without_the_day_of_agreement_are_handed_back(director, actor, context):
    importer = HouseholdImporter()
    given = rows(
        importer, {**ONE, "needs": ("errands",)}, {**ONE, "number": "2", "needs": ("errands",), "needs_agreed_on": date(2026, 1, 1)}
    )
    assert list(importer.validate_batch(actor(director), given, context)) == [1]


def test_facilities_come_from_a_file_and_are_idempotent(director, actor, context):
    importer = FacilityImporter()
    given = {"number": "F1", "name": "3号消火栓", "kind": "hydrant", "area_code": GRID, "address": "3组", "sensor_id": "S-9"}
    first, again = (dict(importer.write_batch(actor(director), rows(importer, given), context)) for _ in range(2))
    assert (first, again) == (
        {Outcome.CREATED: 1, Outcome.CHANGED: 0, Outcome.UNCHANGED: 0},
        {Outcome.CREATED: 0, Outcome.CHANGED: 0, Outcome.UNCHANGED: 1},
    )
    assert Facility.objects.get().sensor_id == "S-9"


@pytest.mark.parametrize(("column", "cell", "value"), [
    ("kind", "企业", "enterprise"), ("kind", "Enterprise", "enterprise"), ("kind", "enterprise", "enterprise"), ("kind", "公司", None),
    ("credit_code", "91320312MA1MXXXX1X", None), ("lon", "117.2", 117.2), ("lon", "200", None),
])  # fmt: skip
def test_cells_are_read_or_refused_with_a_sentence(db, column, cell, value):
    parse = OrganisationImporter().column(column).parse
    if value is None:
        with pytest.raises(DomainError):
            parse(cell)
    else:
        assert parse(cell) == value
