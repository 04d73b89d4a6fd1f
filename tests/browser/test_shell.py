"""The shell in a browser: accessible in both themes and languages, at both widths, and without JavaScript."""

import pytest

PUBLIC = ["/", "/account/login/", "/nothing-here/"]
SIGNED_IN = ["/", "/ui/", "/notices/", "/exchange/"]


@pytest.fixture(autouse=True)
def _demo(settings):
    settings.DEMO_MODE = True


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_is_accessible(portal, path, theme):
    portal.expect_console("404")
    portal.look(theme=theme)
    portal.open(path)
    assert portal.axe() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", SIGNED_IN)
def test_page_of_a_desk_is_accessible(portal, cast, path, theme):
    portal.sign_in(cast["duty_officer"])
    portal.look(theme=theme)
    portal.open(path)
    assert portal.axe() == []


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("width", [1440, 1024, 375])
@pytest.mark.parametrize("path", SIGNED_IN)
def test_no_page_is_wider_than_its_window(portal, cast, path, width, lang):
    portal.sign_in(cast["duty_officer"])
    portal.look(lang=lang, width=width)
    portal.open(path)
    assert portal.overflow() == 0


def test_reader_changes_language_theme_and_size(portal, cast):
    portal.sign_in(cast["duty_officer"])
    portal.look()
    portal.open("/")
    portal.page.get_by_text("显示", exact=True).click()
    portal.page.get_by_role("button", name="English").click()
    assert portal.page.locator("html").get_attribute("lang") == "en"
    portal.page.get_by_text("Appearance", exact=True).click()
    portal.page.get_by_role("button", name="Dark").click()
    portal.page.get_by_text("Appearance", exact=True).click()
    portal.page.get_by_role("button", name="Large (elder mode)").click()
    page = portal.page.locator("html")
    assert (page.get_attribute("data-theme"), page.get_attribute("data-size")) == ("dark", "large")


def test_menu_closes_on_escape_and_gives_the_focus_back(portal, cast):
    portal.sign_in(cast["duty_officer"])
    portal.look()
    portal.open("/")
    portal.page.get_by_text("显示", exact=True).click()
    portal.page.keyboard.press("Escape")
    assert portal.page.locator("details.menu[open]").count() == 0
    assert portal.page.evaluate("document.activeElement.tagName") == "SUMMARY"
