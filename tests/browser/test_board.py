"""The home of a desk in the browser: what one files appears at the other's desk, by Celery and the stream, where the scope holds it."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from bench.live_rig.processes import await_answer
from grids.reports.actions.filing import file_report
from grids.reports.models import Category, Report
from tests.browser.conftest import Portal, hush
from tests.chaos.test_live_faults import Rig
from tests.conftest import GRID
from tongshan_portal.accounts.actor import actor_for

PATIENCE = 20_000
"""Milliseconds until the test gives up; how quick it is, a bench says."""


@pytest.fixture
def rig(tmp_path):
    """A web process with the stream, and a worker of the live queue, over this test's database."""
    running = Rig(tmp_path)
    try:
        running.start("web")
        running.start("worker")
        await_answer(f"http://127.0.0.1:{running.port}/healthz")
        yield running
    finally:
        running.stop()


@pytest.fixture
def desk(browser, rig):
    """The home of somebody in a browser of her own, listening: `desk(user)`."""
    contexts = []

    def sit(user) -> Portal:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        portal = Portal(f"http://127.0.0.1:{rig.port}", context, context.new_page())
        portal.sign_in(user)
        portal.look(lang="en")
        portal.open("/")
        expect(portal.page.locator("#live-state")).to_have_attribute("data-state", "live", timeout=PATIENCE)
        return portal

    yield sit
    for context in contexts:
        context.close()
    hush()


def file(portal: Portal, title: str) -> Report:
    """File a report as the browser does."""
    portal.open("/reports/file/")
    token = portal.page.locator("main input[name=csrfmiddlewaretoken]").first.input_value()
    given = {"csrfmiddlewaretoken": token, "title": title, "area": GRID, "key": str(uuid4())}
    answer = portal.context.request.post(f"{portal.url}/reports/file/", form=given, headers={"Referer": portal.url})
    assert answer.ok
    return Report.objects.unscoped("a test").get(title=title)


def number(portal: Portal):
    return portal.page.locator('[data-counter="reports.no_lead"] .counter__number')


def test_a_report_filed_in_one_browser_appears_at_the_desk_whose_scope_holds_it_and_at_no_other(desk, cast):
    officer, other, worker = desk(cast["town_officer"]), desk(cast["other_town_officer"]), desk(cast["worker"])
    expect(number(officer)).to_have_text("0")
    row = file(worker, "路口井盖缺失")
    listed = officer.page.locator("[data-board-waiting] .waiting__label")
    expect(listed).to_have_text(["路口井盖缺失"], timeout=PATIENCE)
    expect(number(officer)).to_have_text("1")
    expect(officer.page.locator("#ticker-lines li a")).to_have_text([f"Report {row.code} was filed."], timeout=PATIENCE)
    # The other heard nothing: what she hears next is her own, and it is all that she is shown.
    hers = file_report(actor=actor_for(cast["duty_officer"]), key=uuid4(), title="茅村的事", area_code="320312119")
    expect(other.page.locator("[data-board-waiting] .waiting__label")).to_have_text(["茅村的事"], timeout=PATIENCE)
    expect(other.page.locator("#ticker-lines li a")).to_have_text([f"Report {hers.code} was filed."], timeout=PATIENCE)
    expect(number(other)).to_have_text("1")
    expect(number(officer)).to_have_text("1")
    assert (officer.complaints, other.complaints) == ([], [])


def test_under_the_readers_cursor_nothing_moves_what_is_new_waits_under_a_bar(desk, cast):
    def filed(title: str) -> None:
        file_report(actor=actor_for(cast["worker"]), key=uuid4(), title=title, area_code=GRID, category=Category.objects.get(code="other"))

    filed("第一件")
    officer = desk(cast["town_officer"])
    page = officer.page
    listed, bar = page.locator("[data-board-waiting] .waiting__label"), page.locator("[data-board-new]")
    page.locator(".waiting__link").hover()
    filed("第二件")
    expect(bar).to_have_text("1 new", timeout=PATIENCE)
    expect(listed).to_have_text(["第一件"])
    filed("第三件")
    expect(bar).to_have_text("2 new", timeout=PATIENCE)
    bar.click()
    expect(listed).to_have_text(["第一件", "第二件", "第三件"])
    expect(bar).to_be_hidden()


@pytest.fixture
def filed(cast):
    """Two reports that wait for the town officer."""
    return [
        file_report(actor=actor_for(cast["worker"]), key=uuid4(), title=title, area_code=GRID, lon=117.05, lat=34.05)
        for title in ("路灯不亮", "积水严重")
    ]


def test_a_matter_opens_beside_the_list_by_click_and_by_key_and_the_list_stays(portal, cast, filed):
    portal.sign_in(cast["town_officer"])
    portal.look(lang="en")
    portal.open("/")
    page = portal.page
    page.locator(".waiting__link").first.click()
    title = page.locator("#matter-body h2 a").first
    expect(title).to_have_text("路灯不亮")
    page.locator(".waiting__link").first.press("j")
    expect(title).to_have_text("积水严重")
    expect(page.locator(".waiting__link[aria-current]")).to_have_count(1)
    assert (page.url, page.locator("h1").count(), portal.axe()) == (f"{portal.url}/", 1, [])
    page.locator(".waiting__link").nth(1).press("k")
    expect(title).to_have_text("路灯不亮")


def test_on_a_phone_a_matter_opens_on_its_own_page_and_tabs_turn(portal, cast, filed):
    portal.sign_in(cast["town_officer"])
    portal.look(lang="en", width=375)
    portal.open("/")
    page = portal.page
    expect(page.locator("#place")).to_be_hidden()
    page.locator('[data-tab="place"]').click()
    expect(page.locator("#place")).to_be_visible()
    expect(page.locator("#decisions")).to_be_hidden()
    page.locator('[data-tab="decisions"]').click()
    page.locator(".waiting__link").first.click()
    page.wait_for_url(f"**/reports/{filed[0].code}/")


def test_without_javascript_every_part_is_there_and_links_are_links(browser, live_server, cast, filed):
    context = browser.new_context(java_script_enabled=False)
    portal = Portal(live_server.url, context, context.new_page())
    portal.sign_in(cast["town_officer"])
    portal.look(lang="en", width=375)
    portal.open("/")
    page = portal.page
    assert page.locator(".waiting__label").all_text_contents() == ["路灯不亮", "积水严重"]
    assert number(portal).text_content() == "2"
    assert page.locator("#ticker-lines li").count() == 2
    page.locator('[data-counter="reports.no_lead"]').click()
    expect(page.locator("tbody tr")).to_have_count(2)
    context.close()
    hush()


def test_a_part_that_cannot_be_refreshed_says_so_and_keeps_what_was_there(portal, cast, filed):
    portal.sign_in(cast["town_officer"])
    portal.look(lang="en")
    portal.open("/")
    page = portal.page
    expect(page.locator("[data-board]")).to_have_attribute("data-shown", "decisions")
    portal.expect_console("503", "Failed to load")
    page.route("**/command/board/", lambda route: route.fulfill(status=503))
    page.evaluate("document.body.dispatchEvent(new CustomEvent('portal:live-reports', {detail: {events: []}}))")
    expect(page.locator("[data-board]")).to_have_attribute("data-state", "stale")
    expect(page.locator("[data-board-said]")).to_have_text("Could not be refreshed; trying again")
    expect(page.locator(".waiting__label")).to_have_count(2)
