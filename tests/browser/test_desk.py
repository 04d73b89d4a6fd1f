"""A dispatcher's shift with the keyboard alone, on a desk and on a narrow window; and two people who meet at one report."""

from uuid import uuid4

import pytest
from django.urls import reverse

from grids.reports.actions import filing, handling, oversight
from grids.reports.models import Category, Report
from tests.conftest import GRID
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department


@pytest.fixture
def desk(cast, person):
    """A dispatcher with three opened reports, and a department to send them to."""
    people = {**cast, "dispatcher": person("dispatcher", Role.DISPATCHER, name="孙立群")}
    Department.objects.create(code="urban", name="城市管理局")
    rows = []
    for title in ("路口井盖缺失", "村口路灯不亮", "徐州高新技术产业开发区示例科创大道与示例二环西路交叉口西北角人行道砖块松动"):
        row = filing.file_report(
            actor=actor_for(cast["worker"]), key=uuid4(), title=title, area_code=GRID, category=Category.objects.get(code="facilities")
        )
        rows.append(handling.open_report(actor=actor_for(cast["duty_officer"]), report_id=row.pk))
    return people, rows


def focused(page) -> str:
    return page.evaluate("document.activeElement.closest('tr')?.querySelector('a')?.textContent ?? ''")


@pytest.mark.parametrize("width", [1440, 375])
def test_a_dispatcher_works_through_her_list_with_the_keyboard_alone(portal, desk, width):
    people, rows = desk
    page, titles = portal.page, [row.title for row in rows]
    portal.sign_in(people["dispatcher"])
    portal.look(width=width)
    portal.open(reverse("reports:index"))
    page.keyboard.press("j")
    assert focused(page) == titles[0]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == titles[1]
    page.keyboard.press("Enter")  # read it, so that it may be dispatched together with others
    page.wait_for_selector("h1:has-text('村口路灯不亮')")
    page.keyboard.press("i")
    page.wait_for_selector("[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('路口井盖缺失')")
    page.keyboard.press("i")
    page.wait_for_selector("[data-row]")
    for _row in rows:
        page.keyboard.press("j")
        page.keyboard.press("x")
    assert page.locator("[data-bulk] [role=status]").inner_text() == "已选3件"
    assert portal.overflow() == 0
    page.keyboard.press("b")
    while page.evaluate("document.activeElement.value") != "dispatch":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_recipient")
    assert (portal.axe(), portal.overflow()) == ([], 0)
    assert page.locator("input[name=row]:checked").count() == 2  # the third was never opened
    while page.evaluate("document.activeElement.id") != "id_recipient":
        page.keyboard.press("Tab")
    page.keyboard.press("End")  # the department stands last
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".outcome")
    assert (portal.axe(), portal.overflow()) == ([], 0)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["dispatched", "dispatched", "opened"]
    assert {str(row.department) for row in rows[:2]} == {"城市管理局"}


def test_the_next_one_by_its_key_and_a_verb_by_its_letter(portal, desk):
    people, rows = desk
    page = portal.page
    portal.sign_in(people["dispatcher"])
    portal.look()
    portal.open(reverse("reports:index"))
    page.keyboard.press("n")
    page.wait_for_selector(f"h1:has-text('{rows[0].title}')")
    assert page.locator(".matter__claim").count() == 1
    page.keyboard.press("d")
    page.wait_for_selector("#id_recipient")
    assert Report.objects.get(pk=rows[0].pk).claimed_by == people["dispatcher"]


def test_keys_rest_in_fields_and_can_be_switched_off(portal, desk):
    people, _rows = desk
    page = portal.page
    portal.sign_in(people["dispatcher"])
    portal.look()
    portal.open(reverse("reports:index"))
    page.keyboard.press("/")
    page.keyboard.type("jxn?")
    assert page.input_value("input[name=q]") == "jxn?"
    assert page.locator("dialog[open]").count() == 0
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("dialog[open] h2").inner_text() == "快捷键"
    assert portal.axe() == []
    page.locator("[data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) == ""
    page.reload()
    page.keyboard.press("j")
    assert focused(page) == ""
    page.locator("[data-keys-help]").click()
    page.locator("[data-keys-on]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused(page) != ""


def test_two_who_open_one_report_see_one_another_and_learn_of_a_change(portal, desk, context):
    people, rows = desk
    page, address = portal.page, reverse("reports:show", args=[rows[0].code])
    portal.sign_in(people["dispatcher"])
    portal.look()
    portal.open(address)
    other = context.browser.new_context(locale="zh-CN")
    try:
        second = type(portal)(portal.url, other, other.new_page())
        second.sign_in(people["duty_officer"])
        second.look()
        second.open(address)
        second.page.wait_for_selector("[data-watching]:not([hidden])")
        assert second.page.locator("[data-watching-words]").inner_text() == "孙立群也在看"
        oversight.add_note(actor=actor_for(people["duty_officer"]), report_id=rows[0].pk, reason="先核实位置")
        page.evaluate("document.body.dispatchEvent(new CustomEvent('portal:live-resync'))")
        page.wait_for_selector("[data-changed]:not([hidden])")
        assert "duty_officer" in page.locator("[data-changed]").inner_text()
        page.locator("[data-changed]").click()
        page.wait_for_selector("text=先核实位置")
        assert second.complaints == []
    finally:
        other.close()


def test_a_report_prints_on_one_page(portal, desk):
    people, rows = desk
    row = rows[2]
    handling.dispatch(
        actor=actor_for(people["dispatcher"]), report_id=row.pk, recipient=handling.Recipient(Department.objects.get(code="urban"))
    )
    for number in range(4):
        oversight.hasten(
            actor=actor_for(people["dispatcher"]), report_id=row.pk, reason=f"居民第{number + 1}次来电询问进展，请尽快安排人员到场。"
        )
    portal.sign_in(people["dispatcher"])
    portal.look()
    portal.open(reverse("reports:show", args=[row.code]))
    paper = portal.page.pdf(prefer_css_page_size=True)
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") + paper.count(b"/Type /Page/") == 1
