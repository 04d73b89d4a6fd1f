"""Changes of the net: who may, what becomes of codes, names, grounds and history."""

from datetime import date

import pytest
import shapely
from shapely import box

from grids.areas import succession
from grids.areas.models import Area, AreaShape, Succession
from grids.areas.writing import write_shapes
from grids.net import actions
from grids.net.actions import NewArea
from grids.net.hanging import hanging_on
from tests.conftest import GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.models import Posting
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 1)
NEW = VILLAGE + "003"
WEST, EAST = box(117.0, 34.0, 117.1, 34.1), box(117.1, 34.0, 117.2, 34.1)


@pytest.fixture
def administrator(cast, actor):
    write_shapes([(GRID, WEST), (NEXT_GRID, EAST)], source="test", at=clock.now())
    return actor(cast["system_admin"])


def world():
    """All that a refused action must leave as it was."""
    return (
        list(Area.objects.order_by("pk").values_list("pk", "name", "valid_to")),
        list(Succession.objects.values_list("predecessor", "successor")),
        LedgerEntry.objects.count(),
    )


CHANGES = {
    "rename": lambda actor: actions.rename_area(actor=actor, code=GRID, name="新名"),
    "retire": lambda actor: actions.retire_area(actor=actor, code=GRID, on=ON),
    "merge": lambda actor: actions.merge_areas(actor=actor, codes=[GRID, NEXT_GRID], into=NewArea(NEW, "合并网格"), on=ON),
    "split": lambda actor: actions.split_area(
        actor=actor,
        code=GRID,
        into=[NewArea(NEW, "甲", box(117.0, 34.0, 117.05, 34.1)), NewArea(VILLAGE + "004", "乙", box(117.05, 34.0, 117.1, 34.1))],
        on=ON,
    ),
    "move": lambda actor: actions.move_area(actor=actor, code=VILLAGE, to=OTHER_TOWN + "201", on=ON),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("who", ["worker", "town_officer", "duty_officer", "security_admin", "auditor", "stranger"])
def test_only_a_system_administrator_changes_the_net(cast, actor, administrator, who, change):
    before = world()
    with pytest.raises(NotAllowed):
        CHANGES[change](actor(cast[who]))
    assert world() == before


@pytest.mark.parametrize(
    ("change", "verb"),
    [("rename", "area.renamed"), ("retire", "area.retired"), ("merge", "area.merged"), ("split", "area.split"), ("move", "area.moved")],
)
def test_every_change_stands_in_the_ledger_once(administrator, change, verb):
    CHANGES[change](administrator)
    assert list(LedgerEntry.objects.values_list("verb", "actor_id")) == [(verb, administrator.user_id)]


def test_merged_areas_end_the_day_before_and_give_their_ground(administrator):
    merged = CHANGES["merge"](administrator)
    assert (merged.pk, merged.valid_from, merged.valid_to) == (NEW, ON, None)
    assert set(Area.objects.filter(pk__in=[GRID, NEXT_GRID]).values_list("valid_to", flat=True)) == {date(2026, 11, 30)}
    ground = shapely.geometry.shape(AreaShape.objects.get(pk=NEW).geometry)
    assert ground.equals(shapely.union_all([WEST, EAST]))


def test_history_is_reached_from_successor_and_from_the_new_town(administrator):
    CHANGES["merge"](administrator)
    CHANGES["move"](administrator)
    succession.kept.forget()
    assert succession.reaching(OTHER_TOWN + "201003") == [GRID, NEXT_GRID, NEW, OTHER_TOWN + "201003"]
    assert succession.reaching(OTHER_TOWN) == [VILLAGE, OTHER_TOWN]
    assert succession.reaching(TOWN) == [TOWN]


def test_moved_village_takes_all_below_it_along(administrator):
    CHANGES["move"](administrator)
    present = Area.objects.filter(valid_to=None).order_by("pk").values_list("pk", flat=True)
    moved = OTHER_TOWN + "201"
    assert list(present) == ["320312", TOWN, OTHER_TOWN, moved, moved + "001", moved + "002"]
    assert AreaShape.objects.filter(area__code__startswith=moved).count() == 2


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        (lambda actor: actions.rename_area(actor=actor, code=GRID, name="  "), DomainError),
        (lambda actor: actions.rename_area(actor=actor, code=VILLAGE + "777", name="无"), DomainError),
        (lambda actor: actions.retire_area(actor=actor, code=VILLAGE, on=ON), DomainError),
        (lambda actor: actions.merge_areas(actor=actor, codes=[GRID], into=NewArea(NEW, "甲"), on=ON), DomainError),
        (lambda actor: actions.merge_areas(actor=actor, codes=[GRID, NEXT_GRID], into=NewArea(GRID, "甲"), on=ON), DomainError),
        (
            lambda actor: actions.merge_areas(actor=actor, codes=[GRID, NEXT_GRID], into=NewArea(OTHER_TOWN + "201001", "甲"), on=ON),
            DomainError,
        ),
        (lambda actor: actions.move_area(actor=actor, code=GRID, to=VILLAGE + "009", on=ON), DomainError),
        (lambda actor: actions.move_area(actor=actor, code=GRID, to="320312119999001", on=ON), DomainError),
        (
            lambda actor: actions.split_area(
                actor=actor, code=GRID, into=[NewArea(NEW, "甲", WEST), NewArea(VILLAGE + "004", "乙", WEST)], on=ON
            ),
            DomainError,
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(administrator, attempt, error):
    before = world()
    with pytest.raises(error) as refused:
        attempt(administrator)
    assert refused.value.field is not None
    assert world() == before


def test_retired_area_is_not_changed_again(administrator):
    CHANGES["retire"](administrator)
    before = world()
    with pytest.raises(Conflict):
        CHANGES["rename"](administrator)
    assert world() == before


def test_preview_counts_what_hangs_on_an_area_and_below_it(cast):
    assert [(str(entry.kind), entry.count) for entry in hanging_on([VILLAGE])] == [
        (str(Area._meta.verbose_name_plural), 2),
        (str(Posting._meta.verbose_name_plural), 2),
    ]
    assert [entry.count for entry in hanging_on([GRID])] == [1]
