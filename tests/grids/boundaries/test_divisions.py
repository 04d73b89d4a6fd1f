"""Areas from a table: the real list of divisions loads without a touch, and what contradicts itself is handed back."""

import io
from collections import Counter

import pytest
from django.utils import translation

from grids.areas.codes import Level, level_of
from grids.areas.models import Area
from grids.boundaries.divisions import Divisions
from tests.conftest import DISTRICT, TOWN, VILLAGE
from tests.grids.boundaries.conftest import DATA
from tongshan_portal.exchange.actions import imports
from tongshan_portal.exchange.models import BadRow, ImportRun
from tongshan_portal.exchange.worker import run_import
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def load(admin):
    """Runs a table through the import as the officer would: upload, suggested columns, check, start."""

    def run(content: bytes) -> ImportRun:
        found = imports.upload_import(actor=admin, kind=Divisions(), file=io.BytesIO(content), name="areas.csv", size=len(content))
        imports.check_import(actor=admin, run_id=found.pk, mapping=found.mapping)
        run_import(found.pk)
        imports.start_import(actor=admin, run_id=found.pk)
        run_import(found.pk)
        found.refresh_from_db()
        return found

    return run


def test_the_real_divisions_load_without_a_touch_duplicate_names_and_all(load):
    path = DATA / "tongshan_divisions.csv"
    if not path.exists():
        pytest.skip("the real list of divisions is not here")
    Area.objects.exclude(pk=DISTRICT).delete()
    run = load(path.read_bytes())
    levels = Counter(level_of(code) for code in Area.objects.values_list("pk", flat=True))
    assert (run.state, run.bad_rows, levels) == ("finished", 0, {Level.DISTRICT: 1, Level.TOWN: 29, Level.VILLAGE: 320})
    names = Counter(Area.objects.filter(level=Level.VILLAGE).values_list("name", flat=True))
    assert max(names.values()) > 1
    again = load(path.read_bytes())
    assert (again.unchanged_rows, again.created_rows, again.changed_rows) == (350, 0, 0)


def test_every_new_area_and_every_new_name_stands_in_the_ledger(load):
    load(f"code,name\n{TOWN},柳新街道\n{VILLAGE}009,第009网格\n".encode())
    assert LedgerEntry.objects.get(verb="area.renamed", area_code=TOWN).detail == {"changed": {"name": ["柳新镇", "柳新街道"]}}
    assert LedgerEntry.objects.filter(verb="area.added").values_list("area_code", flat=True).get() == VILLAGE + "009"


def test_an_area_may_stand_before_the_one_above_it(load):
    run = load("区划代码,名称\n320312999001,新村\n320312999,新镇\n".encode())
    assert (run.created_rows, run.bad_rows) == (2, 0)


BAD = {
    "unknown parent": (f"{TOWN}999001,x,,", f"There is no area {TOWN}999 in force to put {TOWN}999001 into."),
    "child of a bad row": ("320312999001,x,,", "There is no area 320312999 in force to put 320312999001 into."),
    "parent contradicts": (f"{VILLAGE},x,320312119000,", f"The area above {VILLAGE} is {TOWN} by its code, not 320312119."),
    "level contradicts": (f"{VILLAGE},x,,township", f"{VILLAGE} is a code of the level “village”."),
    "no code": ("12345,x,,", "area code: “12345” is no area code: those have 6, 9, 12, 15 or 18 digits."),
    "unknown level": (f"{VILLAGE},x,,planet", "level: “planet” is no level: district, town, village, grid, micro-grid."),
}


@pytest.mark.parametrize("case", BAD)
def test_a_row_that_contradicts_the_net_is_handed_back_with_the_reason(load, case):
    row, sentence = BAD[case]
    before = list(Area.objects.order_by("pk").values_list("pk", "name"))
    run = load(f"code,name,parent,level\n{row}\n".encode())
    assert (run.bad_rows, BadRow.objects.get(run=run).reasons) == (1, [sentence])
    assert list(Area.objects.order_by("pk").values_list("pk", "name")) == before
