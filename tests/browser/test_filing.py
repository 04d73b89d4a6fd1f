"""Filing on a phone of 375 × 667: with a photo and the device's place, without signal, after the session ended, without scripts."""

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import FileSystemStorage
from playwright.sync_api import expect

from grids.elements.actions.recording import record_element
from grids.reports.models import Draft, Photo, Report
from tests.conftest import GRID
from tests.grids.net.conftest import grounds  # noqa: F401 - a fixture
from tests.grids.reports.pictures import picture
from tongshan_portal.accounts.actor import actor_for

FILE = "/reports/file/"
SEND = ".filing__send button"


@pytest.fixture
def phone(portal, cast, grounds, monkeypatch, tmp_path):  # noqa: F811
    """A grid worker's phone, standing in her grid."""
    monkeypatch.setattr(Photo._meta.get_field("file"), "storage", FileSystemStorage(location=tmp_path))
    portal.context.grant_permissions(["geolocation"])
    portal.context.set_geolocation({"longitude": 117.05, "latitude": 34.05, "accuracy": 15})
    portal.sign_in(cast["worker"])
    portal.look(width=375)
    portal.page.set_viewport_size({"width": 375, "height": 667})
    return portal


def rows():
    return Report.objects.unscoped("a test")


def take_photo(page, size=(2400, 1800)):
    page.set_input_files("#id_photos", files=[{"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": picture(size=size)}])
    page.wait_for_selector("[data-tile][data-ready]")


def test_a_report_with_photo_and_place_in_one_screen(phone):
    page = phone.page
    phone.open(FILE)
    take_photo(page)
    page.fill("#id_title", "村口井盖破了，路灯不亮，晚上看不清路")
    page.click("[data-locate]")
    expect(page.locator("[data-accuracy]")).to_have_text("±15 m")
    expect(page.locator("#place-words")).to_contain_text("第001网格")
    expect(page.locator("[data-category]").first).to_contain_text("井盖破")
    send, side = page.locator(SEND).bounding_box(), page.locator(".side").bounding_box()
    assert (page.evaluate("scrollY"), send["y"] + send["height"] < side["y"], phone.overflow(), phone.axe()) == (0, True, 0, [])
    page.click(SEND)
    page.wait_for_url("**/filed/")
    row = rows().get()
    photo = Photo.objects.unscoped("a test").get()
    assert (page.inner_text(".filed__code"), row.area_code, row.located, row.lon) == (row.code, GRID, "point", 117.05)
    assert (photo.width, photo.height, row.photos_before, phone.axe()) == (1600, 1200, 1, [])


def test_what_stands_near_is_shown_and_the_photo_comes_along(phone):
    phone.expect_console("409")
    page = phone.page
    for title in ("路灯不亮", "路灯又不亮"):
        phone.open(FILE)
        take_photo(page)
        page.fill("#id_title", title)
        page.click("[data-locate]")
        expect(page.locator("[data-accuracy]")).to_have_text("±15 m")
        page.click(SEND)
        page.wait_for_selector(".filed__code, [name=anyway]", state="attached")
    page.get_by_role("button", name="不是同一件事").click()
    page.wait_for_url("**/filed/")
    assert [row.photos_before for row in rows()] == [1, 1]


def test_a_tap_on_the_map_says_where(phone):
    page = phone.page
    phone.open(FILE)
    page.click(".filing__where > summary")
    page.wait_for_selector("#filing-map[data-ready]")
    page.locator("#filing-map").scroll_into_view_if_needed()
    frame = page.locator("#filing-map").bounding_box()
    page.mouse.click(frame["x"] + frame["width"] * 0.3, frame["y"] + frame["height"] * 0.5)
    expect(page.locator("#place-words")).to_contain_text("第001网格")
    assert (page.input_value("#id_area"), float(page.input_value("#id_lon")) < 117.1, phone.axe()) == ("", True, [])


def test_an_address_is_found_and_chosen_by_keyboard(phone, cast):
    record_element(actor=actor_for(cast["worker"]), element="place", area_code=GRID, address="阳光花园3号楼", name="北望", kind="shop")
    page = phone.page
    phone.open(FILE)
    page.fill("#id_title", "楼道堆物")
    page.click(".filing__where > summary")
    page.locator("#id_address").press_sequentially("阳光花")
    page.wait_for_selector("#places input[type=radio]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#places input[type=radio]").first).to_be_checked()
    page.click(SEND)
    page.wait_for_url("**/filed/")
    assert (rows().get().address, rows().get().area_code) == ("阳光花园3号楼", GRID)


def test_what_was_typed_keeps_itself_as_a_draft(phone, cast):
    page = phone.page
    phone.open(FILE)
    page.fill("#id_title", "路面积水")
    page.click(".filing__more > summary")
    page.fill("#id_phone", "13800001234")
    expect(page.locator("[data-draft-status]")).not_to_be_empty()
    assert Draft.objects.get().data == {"title": "路面积水", "area": GRID}
    phone.open(FILE)
    page.click(".filing__draft a")
    assert (page.input_value("#id_title"), page.input_value("#id_phone")) == ("路面积水", "")


def test_without_signal_reports_wait_with_their_photo_and_are_sent_once(phone):
    phone.expect_console("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page = phone.page
    phone.open(FILE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.open('filing-1').then((store) => store.keys()).then((keys) => keys.length > 5)")
    phone.context.set_offline(True)
    take_photo(page)
    page.fill("#id_title", "路灯不亮")
    page.click(SEND)
    expect(page.locator(".unsent__row")).to_have_count(1)
    expect(page.locator(".unsent__row")).to_contain_text("没有信号")
    assert rows().count() == 0
    phone.open(FILE)  # opened anew without signal: the shell
    expect(page.locator(".unsent__row")).to_have_count(1)
    page.fill("#id_title", "垃圾未清")
    page.click(SEND)
    expect(page.locator(".unsent__row")).to_have_count(2)
    assert (rows().count(), phone.overflow(), phone.axe()) == (0, 0, [])
    phone.context.set_offline(False)
    expect(page.locator(".unsent__row")).to_have_count(0)
    sent = {row.title: (row.area_code, row.photos_before) for row in rows()}
    assert sent == {"路灯不亮": (GRID, 1), "垃圾未清": (GRID, 0)}
    assert page.locator("[data-unsent-status] a").count() == 2
    phone.open(FILE)
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert rows().count() == 2


def test_when_the_session_ended_it_is_kept_with_the_reason(phone, cast):
    phone.expect_console("401")
    page = phone.page
    phone.open(FILE)
    page.fill("#id_title", "路灯不亮")
    Session.objects.all().delete()
    page.click(SEND)
    expect(page.locator(".unsent__row")).to_contain_text("登录")
    assert (page.locator("[data-signin-link]").is_visible(), rows().count()) == (True, 0)
    phone.sign_in(cast["worker"])
    page.click("[data-send]")
    expect(page.locator(".unsent__row")).to_have_count(0)
    assert rows().get().title == "路灯不亮"


def test_what_the_portal_refuses_opens_in_the_form_and_a_callers_phone_never_stays_on_the_device(phone):
    phone.expect_console("ERR_INTERNET_DISCONNECTED", "422")
    page = phone.page
    phone.open(FILE)
    phone.context.set_offline(True)
    page.fill("#id_title", "漏水")
    page.click(".filing__more > summary")
    page.fill("#id_phone", "13800001234")
    page.click(SEND)
    expect(page.locator(".unsent__row")).to_contain_text("来电人")
    phone.context.set_offline(False)
    kept = page.evaluate(
        """() => new Promise((done) => { const request = indexedDB.open("portal-filing", 1);
        request.onsuccess = () => { const all = request.result.transaction("unsent").objectStore("unsent").getAll();
        all.onsuccess = () => done(JSON.stringify(all.result)); }; })"""
    )
    assert ("漏水" in kept, "13800001234" in kept, rows().count()) == (True, False, 0)
    page.click("[data-open]")
    assert (page.input_value("#id_title"), page.input_value("#id_phone")) == ("漏水", "")
    page.fill("#id_phone", "13800001234")
    page.click(SEND)
    page.wait_for_url("**/filed/")
    assert (rows().get().source, rows().get().phone is not None) == ("call", True)
    phone.open(FILE)
    expect(page.locator("[data-unsent]")).to_be_hidden()


def test_without_scripts_it_is_filed_with_its_photo(browser, phone):
    plain = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain.add_cookies(phone.context.cookies())
    page = plain.new_page()
    page.goto(phone.url + FILE)
    page.fill("#id_title", "路灯不亮")
    page.set_input_files("#id_photos", files=[{"name": "a.png", "mimeType": "image/png", "buffer": picture("PNG")}])
    page.click(SEND)
    assert page.inner_text(".filed__code") == rows().get().code
    assert rows().get().photos_before == 1
    plain.close()
