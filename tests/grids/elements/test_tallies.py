"""Tallies follow the rows, whatever happens to them; rows of a retired area are found and counted under its successor."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from grids.areas.codes import Level
from grids.areas.models import Area, Succession
from grids.elements import queries
from grids.elements.models import ElementTally, Household
from tests.conftest import GRID, NEXT_GRID, TOWN, VILLAGE

pytestmark = pytest.mark.django_db
HEIR = VILLAGE + "009"


def tallied() -> Counter[str]:
    rows = ElementTally.objects.unscoped("a test").filter(kind="household")
    return Counter({row.area_code: row.number for row in rows if row.number})


def really() -> Counter[str]:
    return Counter(Household.objects.unscoped("a test").values_list("area_code", flat=True))


def household(number: int, area_code: str) -> Household:
    return Household(number=f"P{number}", area_code=area_code, collected_on=date(2026, 1, 1))


@pytest.fixture
def households(areas) -> list[Household]:
    return Household.objects.bulk_create(
        [*(household(number, GRID) for number in range(3)), *(household(number, NEXT_GRID) for number in range(3, 5))]
    )


def test_tallies_follow_rows_that_come_move_and_go(households):
    assert tallied() == really() == {GRID: 3, NEXT_GRID: 2}
    rows = Household.objects.unscoped("a test")
    rows.filter(pk__in=[one.pk for one in households[:2]]).update(area_code=NEXT_GRID)
    assert tallied() == really() == {GRID: 1, NEXT_GRID: 4}
    rows.filter(area_code=NEXT_GRID).update(size=2)
    assert tallied() == really()
    rows.filter(pk=households[0].pk).delete()
    assert tallied() == really() == {GRID: 1, NEXT_GRID: 3}
    household(0, GRID).save()
    assert tallied() == really() == {GRID: 2, NEXT_GRID: 3}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE elements_household")
    assert tallied() == really() == {}


@pytest.fixture
def merged(households):
    """Both grids became one."""
    Area.objects.create(code=HEIR, name="新网格", valid_from=date(2026, 2, 1))
    Area.objects.filter(pk__in=[GRID, NEXT_GRID]).update(valid_to=date(2026, 1, 31))
    Succession.objects.bulk_create(Succession(predecessor_id=old, successor_id=HEIR, on=date(2026, 2, 1)) for old in (GRID, NEXT_GRID))


def test_rows_of_a_retired_grid_are_counted_under_its_successor_and_its_town(merged, cast, actor):
    reader = actor(cast["duty_officer"])
    for code in (HEIR, VILLAGE, TOWN):
        assert [fact.number for fact in queries.facts_of(reader, code) if "household" in fact.href] == [5]
    assert queries.households_by_area(reader, Level.GRID, VILLAGE) == {HEIR: 5}


def test_rows_of_a_retired_grid_are_listed_under_its_successor(merged, cast, client):
    client.force_login(cast["town_officer"])
    page = client.get(reverse("elements:list", args=["household"]), {"area": HEIR})
    assert sorted(row.number for row in page.context["page"].rows) == [f"P{number}" for number in range(5)]
