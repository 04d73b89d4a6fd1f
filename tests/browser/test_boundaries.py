"""A file of boundaries in a browser: a broken one is brought, looked at on the map, mended and written."""

import json

import pytest
import shapely
from django.core.files.storage import storages
from playwright.sync_api import expect
from shapely import Polygon, box

from grids.areas.models import AreaShape
from grids.boundaries.models import BoundaryImport
from grids.boundaries.worker import run_boundaries
from tests.conftest import GRID, NEXT_GRID, VILLAGE
from tests.grids.net.conftest import grounds  # noqa: F401 - a fixture

CROSSING = Polygon([(117.0, 34.0), (117.1, 34.0), (117.1, 34.1), (117.0, 34.1), (117.0, 34.09), (117.001, 34.1), (117.0, 34.08)])


@pytest.fixture
def broken_file(tmp_path, grounds, monkeypatch):  # noqa: F811
    """Two grids: the border of one crosses itself, the other leaves a gap; no attribute is called what the portal calls it."""
    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path / "private"))
    monkeypatch.setattr("celery.app.base.Celery.send_task", lambda *args, **kwargs: None)
    shapes = {"1": CROSSING, "2": box(117.1, 34.0, 117.19, 34.1)}
    features = [
        {"type": "Feature", "properties": {"XH": number, "MC": f"新{number}"}, "geometry": json.loads(shapely.to_geojson(shape))}
        for number, shape in shapes.items()
    ]
    path = tmp_path / "grids.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def work(portal) -> None:
    """What a worker does meanwhile; the page notices by itself."""
    run_boundaries(BoundaryImport.objects.get().pk)
    portal.page.wait_for_selector("progress", state="detached")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_broken_file_is_brought_mended_and_written(portal, cast, broken_file, width):
    portal.sign_in(cast["system_admin"])
    portal.look(width=width)
    portal.open("/boundaries/")
    page = portal.page
    page.set_input_files("#id_file", broken_file)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/boundaries/*/")
    page.select_option("#id_level", "15")
    page.select_option("#id_code_field", "XH")
    page.select_option("#id_code_part", "own")
    page.fill("#id_parent_code", VILLAGE)
    page.select_option("#id_name_field", "MC")
    page.click("main form.form button[type=submit]")
    page.wait_for_selector("progress")
    work(portal)
    page.wait_for_selector("#map[data-ready='1']")
    refused = page.locator("#refused + ul li")
    expect(refused).to_have_count(1)
    assert "自相交" in refused.inner_text()
    refused.get_by_role("button").click()
    assert portal.axe() == []

    page.check("#id_mend")
    page.locator("main section[aria-labelledby=choice] form.form button[type=submit]").click()
    page.wait_for_selector("progress")
    work(portal)
    page.wait_for_selector("#map[data-ready='1']")
    assert (
        int(page.get_attribute("#map", "data-places"))
        == page.locator("#found + ul li").count()
        == len(BoundaryImport.objects.get().findings)
    )
    page.check("#id_accept")
    page.get_by_role("button", name="写入区域").click()
    page.wait_for_selector("progress")
    work(portal)
    expect(page.locator("#state .badge")).to_have_text("已完成")
    kept = {
        pk: shapely.geometry.shape(ground)
        for pk, ground in AreaShape.objects.filter(pk__in=[GRID, NEXT_GRID]).values_list("pk", "geometry")
    }
    assert (kept[GRID].is_valid, kept[NEXT_GRID].equals(box(117.1, 34.0, 117.19, 34.1))) == (True, True)
