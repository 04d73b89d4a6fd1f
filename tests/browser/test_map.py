"""The map in a browser: find my grid, look closer, draw a border."""

import json

import pytest
import shapely
from playwright.sync_api import expect
from shapely import box

from grids.areas.models import AreaShape
from tests.conftest import GRID, NEXT_GRID
from tests.grids.net.conftest import grounds  # noqa: F401 - a fixture

READY = "#map[data-ready='1']"


@pytest.fixture
def district(grounds, cast):  # noqa: F811
    return cast


def test_a_worker_finds_her_grid_by_the_devices_position(portal, district):
    portal.context.grant_permissions(["geolocation"])
    portal.context.set_geolocation({"longitude": 117.15, "latitude": 34.05})
    portal.sign_in(district["worker"])
    portal.look(width=375)
    portal.open("/map/")
    portal.page.click("[data-map-here]")
    portal.page.wait_for_url("**lon=117.15**")
    assert "第002网格" in portal.page.inner_text(".alert")
    portal.page.click(".alert a")
    expect(portal.page.locator("h1")).to_have_text("第002网格")


def test_the_map_is_coloured_by_a_measure_and_says_so_in_words(portal, district):
    portal.sign_in(district["duty_officer"])
    portal.look()
    portal.open("/map/?level=grid&measure=vacancies")
    portal.page.wait_for_selector(READY)
    assert portal.page.get_attribute("#map", "data-areas") == "2"
    assert portal.page.inner_text("[data-map-legend]") == "0"
    assert portal.axe() == []


def test_micro_grids_come_only_near(portal, district):
    portal.sign_in(district["worker"])
    portal.look()
    portal.open("/map/?lon=117.005&lat=34.005")
    portal.page.wait_for_selector(READY)
    assert portal.page.get_attribute("#map", "data-level") == "grid"
    for _step in range(8):
        portal.page.keyboard.press("Tab")
    portal.page.focus("#map")
    for _step in range(3):
        portal.page.keyboard.press("+")
        portal.page.wait_for_timeout(400)
    expect(portal.page.locator("#map")).to_have_attribute("data-level", "micro-grid")
    expect(portal.page.locator("#map")).to_have_attribute("data-areas", "1")


def test_the_list_says_the_same_without_javascript(browser, portal, district):
    portal.sign_in(district["duty_officer"])
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain.add_cookies(portal.context.cookies())
    page = plain.new_page()
    page.goto(f"{portal.url}/map/?at=320312106201")
    assert page.locator("[data-map-row] a").all_inner_texts() == ["第001网格", "第002网格"]
    page.click("[data-map-row] a >> nth=0")
    expect(page.locator("h1")).to_have_text("第001网格")
    plain.close()


def test_an_administrator_draws_a_border_and_sees_what_is_wrong_with_it(portal, district):
    portal.sign_in(district["system_admin"])
    portal.look()
    portal.open(f"/admin/areas/areashape/{GRID}/change/")
    page = portal.page
    page.wait_for_selector("[data-ground][data-ready='1']")
    page.click(".leaflet-draw-edit-edit")
    corner = page.locator(".leaflet-editing-icon").first
    place = corner.bounding_box()
    page.mouse.move(place["x"] + 4, place["y"] + 4)
    page.mouse.down()
    page.mouse.move(place["x"] - 60, place["y"] - 40, steps=5)
    page.mouse.up()
    page.click(".leaflet-draw-actions a >> nth=0")
    drawn = shapely.geometry.shape(json.loads(page.input_value("#id_ground")))
    assert not drawn.equals(box(117.0, 34.0, 117.1, 34.1))
    page.click("[name=_save]")
    page.get_by_text("缝隙不属于任何区划").wait_for()
    page.wait_for_selector("[data-ground][data-ready='1']")
    page.check("#id_accept")
    page.click("[name=_save]")
    page.wait_for_url("**/areashape/")
    held = shapely.geometry.shape(AreaShape.objects.get(pk=GRID).geometry)
    assert held.equals(drawn)


def test_a_split_line_is_clicked_on_the_map(portal, district):
    portal.sign_in(district["system_admin"])
    portal.look()
    portal.open(f"/areas/{NEXT_GRID}/split/")
    page = portal.page
    page.wait_for_selector(READY)
    frame = page.locator("#map").bounding_box()
    for share in (0.02, 0.98):
        page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] * share)
    assert len(page.input_value("#id_line").splitlines()) == 2
    for name, value in {"first_code": "320312106201003", "first_name": "甲", "second_code": "320312106201004", "second_name": "乙"}.items():
        page.fill(f"#id_{name}", value)
    page.click(".form button[type=submit]")
    page.wait_for_url(f"**/areas/{NEXT_GRID}/")
    assert AreaShape.objects.filter(pk__in=["320312106201003", "320312106201004"]).count() == 2
