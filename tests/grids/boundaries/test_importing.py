"""Boundaries from files: what is written, what is refused with which sentence and place, and that it is all or nothing."""

import json
from datetime import date, timedelta

import numpy as np
import pytest
import shapely
from django.utils import timezone, translation
from shapely import Point, Polygon, box

from grids.areas import locating
from grids.areas.codes import Level
from grids.areas.models import Area, AreaShape
from grids.areas.shapes.coordinates import Datum, wgs84_to_gcj02
from grids.boundaries import actions, sweep, worker
from grids.boundaries.enums import CodePart
from grids.boundaries.judging import Choice
from grids.boundaries.models import BoundaryImport
from grids.boundaries.worker import run_boundaries
from tests.conftest import DISTRICT, GRID, NEXT_GRID, VILLAGE
from tests.grids.areas.test_reading import projected, write
from tests.grids.boundaries.conftest import DATA, GRIDS, NEW
from tongshan_portal.kernel import queues
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.workflow.tables import InvalidTransition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def net():
    """Everything of the net, to see that nothing changed."""
    return lambda: (
        list(Area.objects.order_by("pk").values_list("pk", "name", "valid_to")),
        list(AreaShape.objects.order_by("pk").values_list("pk", "geometry")),
    )


def counts(run: BoundaryImport) -> tuple[int, int, int, int]:
    return run.created_areas, run.changed_areas, run.unchanged_areas, run.left_areas


def words(rows) -> list[str]:
    return [row["words"] for row in rows]


def written(run: BoundaryImport, admin, **given) -> BoundaryImport:
    actions.start_boundaries(actor=admin, run_id=run.pk, **given)
    run_boundaries(run.pk)
    run.refresh_from_db()
    return run


def test_a_file_is_previewed_and_nothing_is_written(checked, make_file, net):
    before = net()
    run = checked(make_file(NEW.items()))
    assert (run.state, counts(run), run.refusals, run.findings) == ("checked", (0, 2, 0, 0), [], [])
    assert net() == before
    assert [one["id"] for one in run.sketch["features"]] == [GRID, NEXT_GRID]


def test_a_started_import_moves_the_border_and_points_find_their_grid_anew(checked, make_file, admin):
    assert locating.locate(117.09, 34.05).code == GRID
    run = written(checked(make_file(NEW.items())), admin)
    locating.kept.forget()
    assert (run.state, run.file.name, locating.locate(117.09, 34.05).code) == ("finished", "", NEXT_GRID)
    assert list(LedgerEntry.objects.filter(verb="area.redrawn").order_by("area_code").values_list("area_code", flat=True)) == [
        GRID,
        NEXT_GRID,
    ]
    assert LedgerEntry.objects.get(verb="areas.imported").detail == {"new": 0, "changed": 2, "unchanged": 0, "level": 15}


def test_the_same_file_again_changes_nothing(checked, make_file, admin, net):
    written(checked(make_file(NEW.items())), admin)
    before = net()
    again = checked(make_file(NEW.items()))
    assert counts(again) == (0, 0, 2, 0)
    written(again, admin)
    assert net() == before


def test_new_areas_and_names_are_counted_apart(checked, make_file, admin):
    third = box(117.1, 34.05, 117.2, 34.1)
    rows = [(NEXT_GRID, box(117.1, 34.0, 117.2, 34.05)), (VILLAGE + "003", third)]
    run = checked(make_file(rows), name_field="")
    assert words(run.refusals) == ["The name is missing."]  # a new area needs one
    run = checked(make_file(rows))
    assert (counts(run), run.findings) == ((1, 1, 0, 1), [])
    written(run, admin)
    assert Area.objects.get(pk=VILLAGE + "003").name == "第003网格"
    assert LedgerEntry.objects.filter(verb="area.added").values_list("area_code", "object_label").get() == (VILLAGE + "003", "第003网格")


CODES = {
    "number under the parent of an attribute": {"code_field": "number", "code_part": CodePart.OWN, "parent_field": "above"},
    "number under one parent for all": {"code_field": "number", "code_part": CodePart.OWN, "parent_code": VILLAGE},
    "whole code, parent checked": {"parent_field": "above"},
}


@pytest.mark.parametrize("case", CODES)
def test_codes_are_read_as_the_file_writes_them(checked, make_file, case):
    path = make_file(NEW.items())
    collection = json.loads(path.read_text("utf-8"))
    for feature in collection["features"]:
        feature["properties"]["number"] = float(feature["properties"]["code"][-3:])
    path.write_text(json.dumps(collection), encoding="utf-8")
    assert counts(checked(path, **CODES[case])) == (0, 2, 0, 0)


def test_statistical_codes_of_towns_are_understood(checked, make_file):
    rows = [("320312106000", box(117.0, 34.0, 117.2, 34.1)), ("320312119000", box(117.2, 34.0, 117.4, 34.1))]
    run = checked(make_file(rows), level=Level.TOWN)
    assert (counts(run), run.refusals) == ((0, 2, 0, 0), [])


BOW_TIE = Polygon([(117.0, 34.0), (117.08, 34.1), (117.08, 34.0), (117.0, 34.1)])
RING_OF_THREE = {"type": "Polygon", "coordinates": [[[117.0, 34.0], [117.08, 34.1], [117.0, 34.0]]]}
RIGHT = (NEXT_GRID, NEW[NEXT_GRID])
MEND = "Choose to mend it, or correct the file."
REFUSED = {
    "unknown parent": (
        [("320312999001001", box(117, 34, 117.1, 34.1))],
        {},
        "There is no area 320312999001 in force to put 320312999001001 into.",
        1,
    ),
    "code of another level": ([(VILLAGE, box(117, 34, 117.1, 34.1))], {}, f"“{VILLAGE}” is no code of the level “grid”.", 1),
    "no code": ([("", box(117, 34, 117.1, 34.1))], {}, "The code is missing.", 1),
    "repeated code": ([RIGHT, RIGHT], {}, f"The code {NEXT_GRID} stands in feature 2 as well.", 1),
    "no geometry": ([RIGHT, (GRID, None)], {}, f"第001网格 {GRID} has no ground.", 2),
    "broken ring": (
        [RIGHT, (GRID, RING_OF_THREE)],
        {},
        f"The geometry of 第001网格 {GRID} is broken: Too few points in geometry component[117 34].",
        2,
    ),
    "a point": ([RIGHT, (GRID, Point(117.1, 34.05))], {}, f"第001网格 {GRID} is a Point, not a polygon.", 2),
    "heights": ([RIGHT, (GRID, shapely.force_3d(NEW[GRID], 30.0))], {}, f"第001网格 {GRID} carries heights, which are left out. {MEND}", 2),
    "crossing border": ([RIGHT, (GRID, BOW_TIE)], {}, f"The border of 第001网格 {GRID} crosses itself at 117.04000, 34.05000. {MEND}", 2),
    "another parent": (
        [RIGHT],
        {"parent_code": "320312106202"},
        f"The area above {NEXT_GRID} is {VILLAGE} by its code, not 320312106202.",
        1,
    ),
    "far away": ([RIGHT, (GRID, box(118.0, 35.0, 118.1, 35.1))], {}, f"{GRID} lies wholly outside {VILLAGE}, the area above: its", 2),
    "number too long": ([RIGHT], {"code_part": CodePart.OWN, "parent_code": VILLAGE}, f"“{NEXT_GRID}” is no number from 1 to 999.", 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_feature_that_cannot_be_taken_refuses_the_file_with_reason_and_place(checked, make_file, admin, net, case):
    rows, changes, sentence, number = REFUSED[case]
    before = net()
    run = checked(make_file(rows), **changes)
    first = run.refusals[0]
    assert (run.state, first["row"]) == ("checked", number)
    assert first["words"].startswith(sentence)
    with pytest.raises(DomainError, match="or nothing"):
        actions.start_boundaries(actor=admin, run_id=run.pk, accept=True)
    assert net() == before


def moved(datum: Datum):
    assert datum is Datum.GCJ02
    return [(code, shapely.transform(shape, wgs84_to_gcj02)) for code, shape in NEW.items()]


def test_a_file_shifted_by_a_web_maps_datum_is_refused_and_taken_when_the_datum_is_stated(checked, make_file):
    path = make_file(moved(Datum.GCJ02))
    run = checked(path)
    assert (run.refusals[0]["row"], words(run.refusals)[0]) == (
        0,
        "The shapes lie a few hundred metres off the areas above; read as GCJ-02 they fit. Choose GCJ-02.",
    )
    stated = checked(path, datum=Datum.GCJ02)
    assert (stated.refusals, counts(stated)) == ([], (0, 2, 0, 0))


def test_swapped_axes_are_named_with_the_first_place(checked, make_file):
    run = checked(make_file([(code, shapely.transform(shape, lambda points: points[:, ::-1])) for code, shape in NEW.items()]))
    assert (run.state, run.error) == ("failed", "Feature 1 starts at 34, 117: latitude and longitude are swapped (2 features).")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_feet_without_a_system_need_one_and_metres_said_to_be_degrees_are_refused(admin, checked, tmp_path, grounds):
    shapes = np.array(list(NEW.values()), dtype=object)
    silent = write(tmp_path / "feet.gpkg", projected(shapes, "EPSG:4548"), None, "GPKG")
    with silent.open("rb") as file:
        run = actions.upload_boundaries(actor=admin, file=file, name="feet.gpkg", size=10)
    with pytest.raises(DomainError) as refused:
        actions.check_boundaries(actor=admin, run_id=run.pk, choice=Choice(code_field="name"))
    assert (refused.value.field, run.stated_crs) == ("crs", "")
    wrong = checked(silent, Choice(code_field="name", crs="EPSG:4490"))
    assert (wrong.state, wrong.error.split(":")[0]) == ("failed", "Feature 1 starts at 500000, 3.76366e+06")


def test_an_unknown_system_is_named(admin, make_file):
    path = make_file(NEW.items())
    with path.open("rb") as file:
        run = actions.upload_boundaries(actor=admin, file=file, name="a.geojson", size=10)
    for text in ("EPSG:999999", "Beijing", "EPSG:"):
        with pytest.raises(DomainError, match="no known coordinate system"):
            actions.check_boundaries(actor=admin, run_id=run.pk, choice=Choice(code_field="code", crs=text))


NOT_BOUNDARIES = {
    "text": (b"code,name\n1,2\n", "no GeoJSON"),
    "broken JSON": (b'{"type": "FeatureCollection", "features": [', "cannot be read"),
    "no features": (b'{"type": "FeatureCollection", "features": []}', "no features"),
}


@pytest.mark.parametrize("case", NOT_BOUNDARIES)
def test_what_holds_no_boundaries_is_refused_at_the_door_and_not_kept(admin, tmp_path, private_folder, case):
    content, sentence = NOT_BOUNDARIES[case]
    path = tmp_path / "a.geojson"
    path.write_bytes(content)
    with path.open("rb") as file, pytest.raises(DomainError, match=sentence) as refused:
        actions.upload_boundaries(actor=admin, file=file, name="a.geojson", size=len(content))
    assert str(private_folder) not in str(refused.value)
    assert (BoundaryImport.objects.count(), list(private_folder.rglob("*.*"))) == (0, [])


def test_a_file_of_two_hundred_megabytes_is_refused_before_it_is_read(admin, tmp_path):
    with pytest.raises(DomainError, match="The file has 200 MB; at most 100 MB can be read"):
        actions.upload_boundaries(actor=admin, file=None, name="a.geojson", size=200 * 2**20)  # type: ignore[arg-type]


def test_a_crossing_border_and_heights_are_mended_when_that_is_chosen(checked, make_file, admin):
    lobes = Polygon([(117.0, 34.0), (117.08, 34.0), (117.08, 34.1), (117.0, 34.1), (117.0, 34.09), (117.001, 34.1), (117.0, 34.08)])
    assert not lobes.is_valid
    run = checked(make_file([RIGHT, (GRID, shapely.force_3d(lobes, 5.0))]), mend=True)
    assert run.refusals == []
    written(run, admin, accept=True)
    kept = shapely.geometry.shape(AreaShape.objects.get(pk=GRID).geometry)
    assert (kept.is_valid, kept.has_z) == (True, False)


def test_overlaps_gaps_and_ground_beyond_are_found_with_size_and_place_and_must_be_accepted(checked, make_file, admin, net):
    rows = [(GRID, box(117.0, 34.0, 117.12, 34.09)), (NEXT_GRID, box(117.1, 34.0, 117.21, 34.1))]
    before = net()
    run = checked(make_file(rows))
    assert {(one["fault"], one["code"]) for one in run.findings} == {("outside_parent", NEXT_GRID), ("overlap", GRID), ("gap", GRID)}
    assert all("lon" in one for one in run.findings)
    with pytest.raises(DomainError) as refused:
        actions.start_boundaries(actor=admin, run_id=run.pk)
    assert (refused.value.field, net()) == ("accept", before)
    assert written(run, admin, accept=True).state == "finished"
    assert LedgerEntry.objects.get(verb="boundary_import.started").detail["accepted"] == 3


def test_areas_that_the_file_does_not_bring_are_neighbours_too(checked, make_file):
    run = checked(make_file([(GRID, box(117.0, 34.0, 117.15, 34.1))]))
    assert [(one["fault"], one["code"]) for one in run.findings] == [("overlap", GRID)]
    assert counts(run) == (0, 1, 0, 1)


def test_retired_codes_are_not_used_again(checked, make_file):
    Area.objects.filter(pk=NEXT_GRID).update(valid_to=date(2026, 1, 1))
    run = checked(make_file(NEW.items()))
    assert words(run.refusals) == [f"The area {NEXT_GRID} is retired: codes are never used again."]


@pytest.mark.parametrize("who", ["worker", "town_officer", "duty_officer", "security_admin", "auditor", "stranger"])
def test_only_system_administrators_bring_boundaries(cast, actor, grounds, make_file, private_folder, who):
    path = make_file(NEW.items())
    with path.open("rb") as file, pytest.raises(NotAllowed):
        actions.upload_boundaries(actor=actor(cast[who]), file=file, name="a.geojson", size=10)
    assert (BoundaryImport.objects.count(), LedgerEntry.objects.filter(verb__startswith="boundar").count()) == (0, 0)


def test_the_net_that_changed_since_the_check_is_judged_anew(checked, make_file, admin, net):
    run = checked(make_file(NEW.items()))
    actions.start_boundaries(actor=admin, run_id=run.pk)
    Area.objects.filter(pk=NEXT_GRID).update(valid_to=date(2026, 1, 1))
    before = net()
    run_boundaries(run.pk)
    run.refresh_from_db()
    assert (run.state, run.error, net()) == ("failed", f"The area {NEXT_GRID} is retired: codes are never used again.", before)


def test_started_twice_it_runs_once_and_stopped_it_writes_nothing(checked, make_file, admin, net, sent):
    run = checked(make_file(NEW.items()))
    actions.start_boundaries(actor=admin, run_id=run.pk)
    with pytest.raises(InvalidTransition):
        actions.start_boundaries(actor=admin, run_id=run.pk)
    before = net()
    actions.stop_boundaries(actor=admin, run_id=run.pk)
    run_boundaries(run.pk)
    run.refresh_from_db()
    assert (run.state, run.file.name, net()) == ("stopped", "", before)


def test_a_worker_that_dies_while_writing_leaves_nothing_and_the_next_one_writes_all(
    checked, make_file, admin, net, monkeypatch, sent, django_capture_on_commit_callbacks
):
    run = checked(make_file(NEW.items()))
    actions.start_boundaries(actor=admin, run_id=run.pk)
    before = net()

    class Killed(BaseException):
        pass

    def killed(*args, **kwargs):
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(worker, "_finish", killed)  # after every row was written, before the commit
        run_boundaries(run.pk)
    assert net() == before
    run_boundaries(run.pk)  # the dead worker's sign of life is fresh: nobody takes its work yet
    assert BoundaryImport.objects.get(pk=run.pk).state == "running"
    BoundaryImport.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=10))
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep.wake_stalled() == 1
    assert sent == [(queues.RUN_BOUNDARIES, {"run_id": str(run.pk)})]
    run_boundaries(run.pk)
    run.refresh_from_db()
    assert (run.state, net() == before) == ("finished", False)


def test_a_person_sees_only_files_of_ones_own(checked, make_file, person, actor):
    run = checked(make_file(NEW.items()))
    other = actor(person("other_admin", "system_admin", DISTRICT))
    with pytest.raises(BoundaryImport.DoesNotExist):
        actions.stop_boundaries(actor=other, run_id=run.pk)


def test_wards_of_another_district_load_with_their_district(checked, admin):
    path = DATA / "boston_wards.geojson"
    if not path.exists():
        pytest.skip("the real wards are not here")
    choice = Choice(
        level=Level.TOWN,
        code_field="WARD",
        code_part=CodePart.OWN,
        parent_code="250251",
        district_name="Boston",
        name_field="WARD",
        name_prefix="Ward ",
        mend=True,
    )
    run = checked(path, choice)
    assert (run.refusals, counts(run)) == ([], (run.features, 0, 0, 0))
    run = written(run, admin, accept=True)
    assert (run.state, run.error) == ("finished", "")
    wards = Area.objects.filter(code__startswith="250251", level=Level.TOWN)
    shapes = [shapely.geometry.shape(shape.geometry) for shape in AreaShape.objects.filter(area__in=wards)]
    assert (wards.count(), wards.get(pk="250251005").name, all(shape.is_valid for shape in shapes)) == (run.features, "Ward 5", True)
    assert Area.objects.get(pk="250251").name == "Boston"


def test_files_that_no_import_speaks_of_are_swept_away_when_they_are_old(private_folder, make_file, checked, monkeypatch):
    run = checked(make_file(NEW.items()))
    stray = private_folder / "boundaries" / "stray.zip"
    stray.write_bytes(b"x")
    sweep.erase_old()
    assert stray.exists()
    later = timezone.now() + timedelta(hours=2)
    monkeypatch.setattr("tongshan_portal.kernel.clock.now", lambda: later)
    sweep.erase_old()
    run.refresh_from_db()
    assert (stray.exists(), bool(run.file)) == (False, True)


def test_grids_of_the_choice_are_kept_for_the_next_file(admin):
    actions.save_choice(actor=admin, name="surveyors", choice=GRIDS)
    saved = actions.save_choice(actor=admin, name="surveyors", choice=GRIDS)
    assert Choice.of(saved.headings) == GRIDS
