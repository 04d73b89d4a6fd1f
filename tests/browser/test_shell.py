"""The shell in a browser: accessible in both themes and languages, at both widths, and without JavaScript."""

from itertools import product

import pytest
from playwright.sync_api import expect

PUBLIC = ["/", "/account/login/", "/nothing-here/"]
SIGNED_IN = ["/", "/ui/", "/notices/", "/exchange/"]


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO_MODE = True


def test_public_pages_are_accessible(portal):
    portal.expect_console("404")
    assert _faults(portal, PUBLIC) == {}


def test_pages_of_a_desk_are_accessible(portal, cast):
    portal.sign_in(cast["duty_officer"])
    assert _faults(portal, SIGNED_IN) == {}


def _faults(portal, paths) -> dict[tuple[str, str], list[str]]:
    """What axe finds, by theme and path."""
    found = {}
    for theme, path in product(["light", "dark"], paths):
        portal.look(theme=theme)
        portal.open(path)
        if faults := portal.axe():
            found[theme, path] = faults
    return found


def test_no_page_is_wider_than_its_window(portal, cast):
    portal.sign_in(cast["duty_officer"])
    wider = {}
    for lang, width, path in product(["zh-hans", "en"], [1440, 1024, 375], SIGNED_IN):
        portal.look(lang=lang, width=width)
        portal.open(path)
        if over := portal.overflow():
            wider[lang, width, path] = over
    assert wider == {}


def test_reader_changes_language_theme_and_size(portal, cast):
    portal.sign_in(cast["duty_officer"])
    portal.look()
    portal.open("/")
    portal.page.get_by_text("显示", exact=True).click()
    portal.page.get_by_role("button", name="English").click()
    expect(portal.page.locator("html")).to_have_attribute("lang", "en")
    portal.page.get_by_text("Appearance", exact=True).click()
    portal.page.get_by_role("button", name="Dark").click()
    portal.page.get_by_text("Appearance", exact=True).click()
    portal.page.get_by_role("button", name="Large (elder mode)").click()
    page = portal.page.locator("html")
    expect(page).to_have_attribute("data-size", "large")
    expect(page).to_have_attribute("data-theme", "dark")


def test_menu_closes_on_escape_and_gives_the_focus_back(portal, cast):
    portal.sign_in(cast["duty_officer"])
    portal.look()
    portal.open("/")
    portal.page.get_by_text("显示", exact=True).click()
    portal.page.keyboard.press("Escape")
    assert portal.page.locator("details.menu[open]").count() == 0
    assert portal.page.evaluate("document.activeElement.tagName") == "SUMMARY"
