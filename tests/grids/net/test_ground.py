"""Drawing a ground in the admin: findings are shown before anything is saved, and saving is the action."""

import json

import pytest
import shapely
from shapely import box

from grids.areas.models import AreaShape
from grids.areas.shapes.validation import Fault
from grids.net import findings
from tests.conftest import GRID
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db
ADDRESS = f"/admin/areas/areashape/{GRID}/change/"
SAME = box(117.0, 34.0, 117.1, 34.1)
BOW = shapely.Polygon([(117.0, 34.0), (117.1, 34.1), (117.1, 34.0), (117.0, 34.1)])


def drawn(shape, **more) -> dict:
    return {"ground": shapely.to_geojson(shape), "source": "实地勘界", **more}


def held():
    return shapely.geometry.shape(AreaShape.objects.get(pk=GRID).geometry)


def test_the_widget_shows_the_ground_without_any_inline_script(client, cast, grounds):
    client.force_login(cast["system_admin"])
    page = client.get(ADDRESS).content.decode()
    assert (page.count("data-ground="), "leaflet/leaflet.forms.js" in page, "js/ground.js" in page) == (1, True, True)
    assert "<script>" not in page


def test_a_ground_without_findings_is_saved_and_stands_in_the_ledger(client, cast, grounds):
    client.force_login(cast["system_admin"])
    slanted = shapely.Polygon([(117.0, 34.0), (117.1, 34.0), (117.1, 34.1), (117.05, 34.1), (117.0, 34.1)])
    assert client.post(ADDRESS, drawn(slanted)).status_code == 302
    assert shapely.get_num_coordinates(held()) == 6
    assert list(LedgerEntry.objects.values_list("verb", "area_code")) == [("area.redrawn", GRID)]


@pytest.mark.parametrize(
    ("shape", "faults"),
    [
        (box(117.0, 34.0, 117.12, 34.1), [Fault.OVERLAP]),
        (box(117.0, 34.0, 117.09, 34.1), [Fault.GAP]),
        (box(116.9, 34.0, 117.1, 34.1), [Fault.OUTSIDE_PARENT]),
    ],
)
def test_overlap_gap_and_overreach_are_listed_and_saved_only_when_accepted(client, cast, grounds, shape, faults):
    client.force_login(cast["system_admin"])
    assert [one.fault for one in findings.findings_of(GRID, shape)] == faults
    answer = client.post(ADDRESS, drawn(shape))
    assert (answer.status_code, len(answer.context["errors"][0]), held().equals(SAME)) == (200, 1, True)
    about = json.loads(answer.content.decode().split('id="ground-about" type="application/json">')[1].split("</script>")[0])
    assert [one["properties"]["fault"] for one in about["findings"]["features"]] == [fault.value for fault in faults]
    assert client.post(ADDRESS, drawn(shape, accept="on")).status_code == 302
    assert held().equals(shape)


def test_a_border_that_crosses_itself_is_mended_only_when_asked(client, cast, grounds):
    client.force_login(cast["system_admin"])
    assert client.post(ADDRESS, drawn(BOW, accept="on")).status_code == 200
    assert held().equals(SAME)
    assert client.post(ADDRESS, drawn(BOW, accept="on", mend="on")).status_code == 302
    assert (held().is_valid, round(held().area / SAME.area, 2)) == (True, 0.5)


@pytest.mark.parametrize("who", ["duty_officer", "security_admin", "auditor", "worker"])
def test_nobody_else_draws(client, cast, grounds, who):
    client.force_login(cast[who])
    assert client.post(ADDRESS, drawn(box(117.0, 34.0, 117.05, 34.1), accept="on")).status_code in (302, 403)
    assert held().equals(SAME)
