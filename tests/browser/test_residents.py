"""A resident's journey: report by phone, follow, not solved, open again; without scripts; and a kiosk that is left alone."""

import re

import pytest
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage
from playwright.sync_api import expect
from shapely import box

from grids.areas.writing import write_shapes
from grids.reports.actions import handling
from grids.reports.models import Photo, Report
from grids.reports.public_pages.challenge import CHINESE
from grids.reports.routing import Recipient
from tests.conftest import GRID, NEXT_GRID, TOWN
from tests.grids.reports.conftest import act, people  # noqa: F401 - fixtures
from tests.grids.reports.pictures import picture
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock


@pytest.fixture(autouse=True)
def _calm(settings):
    cache.clear()
    settings.RESIDENT_SECONDS = 0


@pytest.fixture
def ground(areas):
    squares = [(GRID, box(117.0, 34.0, 117.1, 34.1)), (NEXT_GRID, box(117.1, 34.0, 117.2, 34.1)), (TOWN, box(117.0, 34.0, 117.2, 34.1))]
    write_shapes(squares, source="test", at=clock.now())


def add_up(page) -> None:
    """Read the question and answer it."""
    words = page.inner_text(".part--sum label")
    page.fill("#id_sum", str(sum(CHINESE[word] for word in re.findall("[一二三四五六七八九]", words))))


def rows():
    return Report.objects.unscoped("a test")


@pytest.mark.parametrize("width", [1280, 375])
def test_a_resident_reports_follows_and_is_not_satisfied(portal, ground, act, people, width):  # noqa: F811
    page = portal.page
    portal.context.grant_permissions(["geolocation"])
    portal.context.set_geolocation({"longitude": 117.15, "latitude": 34.05})
    portal.look(width=width)
    portal.open("/")
    page.click("text=上报事项")
    page.fill("#id_title", "小区东门路灯不亮")
    page.click("[data-here]")
    expect(page.locator("[data-place-status]")).to_contain_text("第002网格")
    page.click("[data-tap]")
    page.wait_for_selector("[data-tap-map][data-ready]")
    page.locator(".tap__canvas").click(position={"x": 120, "y": 130})
    expect(page.locator("[data-place-status]")).to_contain_text("位置已标出")
    assert (portal.overflow(), portal.axe()) == (0, [])
    add_up(page)
    page.click("main button[type=submit].button--primary")
    page.wait_for_url("**/slip/?new=1")
    row = rows().get()
    assert page.inner_text(".ticket__code >> nth=0") == row.code
    expect(page.locator("[data-print]")).to_be_visible()
    page.click("main a.button--primary")
    expect(page.locator("#stand")).to_have_text("已收到，等待受理")

    urban = Recipient(Department.objects.get(code="urban"))
    handling.open_report(actor=act("duty_officer"), report_id=row.pk)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=urban)
    handling.sign_for(actor=act("handler"), report_id=row.pk)
    page.reload()
    expect(page.locator(".stand")).to_contain_text("urban")
    handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换灯泡")
    handling.verify(actor=act("supervisor"), report_id=row.pk)
    handling.close(actor=act("supervisor"), report_id=row.pk, answer="灯泡已换")
    page.reload()
    assert (portal.overflow(), portal.axe()) == (0, [])
    page.click("text=未解决 >> nth=0")
    page.fill("#id_text", "还是不亮")
    page.click("section form button[type=submit]")
    expect(page.locator(".alert--success")).to_contain_text("重新办理")
    row.refresh_from_db()
    assert (row.state, row.rating, row.reopened) == ("opened", "not_solved", 1)
    expect(page.locator(".timeline")).to_contain_text("您评价“未解决”，已重新办理。")


def test_what_is_refused_keeps_the_photos_that_were_chosen(portal, ground, monkeypatch, tmp_path):
    monkeypatch.setattr(Photo._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    page = portal.page
    portal.expect_console("422")
    portal.look(width=375)
    portal.open("/report/")
    page.fill("#id_title", "小区东门路灯不亮")
    files = [("before.jpg", picture(size=(32, 24))), ("after.jpg", picture(size=(24, 32)))]
    page.set_input_files("#id_photos", files=[{"name": name, "mimeType": "image/jpeg", "buffer": made} for name, made in files])
    page.fill("#id_sum", "99")
    page.click("main button[type=submit].button--primary")
    expect(page.locator("main [role=alert]").first).to_be_visible()
    assert (page.input_value("#id_title"), portal.overflow(), portal.axe()) == ("小区东门路灯不亮", 0, [])
    assert page.evaluate("[...document.querySelector('#id_photos').files].map((one) => one.name)") == ["before.jpg", "after.jpg"]
    page.click("[data-tap]")
    page.wait_for_selector("[data-tap-map][data-ready]")
    page.locator(".tap__canvas").click(position={"x": 120, "y": 130})
    expect(page.locator("[data-place-status]")).to_contain_text("位置已标出")
    add_up(page)
    page.click("main button[type=submit].button--primary")
    page.wait_for_url("**/slip/?new=1")
    assert (rows().get().title, Photo.objects.unscoped("a test").count()) == ("小区东门路灯不亮", 2)


def test_the_same_without_scripts(browser, live_server, areas):
    profile = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 375, "height": 740})
    page = profile.new_page()
    page.goto(f"{live_server.url}/report/")
    page.fill("#id_title", "小区东门路灯不亮")
    page.select_option("#id_town", TOWN)
    for name, code in (("village", GRID[:12]), ("grid", GRID)):
        page.click("button[name=narrow]")
        page.select_option(f"#id_{name}", code)
    assert page.input_value("#id_title") == "小区东门路灯不亮"
    add_up(page)
    page.click("main button[type=submit].button--primary")
    row = rows().get()
    assert (page.url.endswith(f"/r/{row.code}/{row.follow_key}/slip/?new=1"), row.area_code) == (True, GRID)
    page.goto(f"{live_server.url}/r/")
    page.fill("#id_code", row.code.lower().replace("-", " "))
    page.fill("#id_key", row.follow_key.lower())
    page.click("main button[type=submit].button--primary")
    assert page.inner_text("#stand") == "已收到，等待受理"
    profile.close()


def test_a_kiosk_that_is_left_alone_warns_and_clears_everything(portal, areas):
    page = portal.page
    page.clock.install()
    portal.look(width=1080)
    portal.open("/kiosk/")
    page.click("text=上报事项")
    page.fill("#id_title", "不给下一个人看的话")
    page.clock.run_for(50_000)
    expect(page.locator("dialog.idle")).to_be_visible()
    assert portal.axe() == []
    page.click("dialog.idle button")
    expect(page.locator("dialog.idle")).to_be_hidden()
    page.clock.run_for(50_000)
    expect(page.locator("dialog.idle")).to_be_visible()
    page.clock.run_for(15_000)
    page.wait_for_url("**/kiosk/")
    page.go_back()
    page.wait_for_load_state()
    assert "不给下一个人看的话" not in page.evaluate("[...document.querySelectorAll('input, textarea')].map((one) => one.value).join()")
