"""The way in, in a real browser: name, password, code of an app, another device thrown out, a security key that is touched."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.conftest import PASSWORD
from tests.signin.conftest import totp


@pytest.fixture
def address(live_server):
    """http://localhost:…, because browsers give security keys to names only."""
    return live_server.url.replace("127.0.0.1", "localhost")


def sign_in(page, address):
    page.goto(address + reverse("account_login"))
    page.fill("#id_login", "wang")
    page.fill("#id_password", PASSWORD)
    page.click(".signin__form button[type=submit]")


def test_with_a_second_factor_another_language_and_another_device_thrown_out(page, browser, address, person):
    person("wang", name="王芳")
    sign_in(page, address)
    page.goto(address + reverse("mfa_activate_totp"))
    secret = page.inner_text("code.secret").replace(" ", "")
    page.fill("#id_code", totp(secret))
    page.click(".form button[type=submit]")
    page.wait_for_url(address + reverse("mfa_view_recovery_codes"))
    recovery = page.inner_text(".codes li >> nth=0")

    page.click(".menu summary:has-text('显示')")
    page.get_by_role("button", name="English").click()
    assert (page.get_attribute("html", "lang"), page.inner_text("h1")) == ("en", "Recovery codes")

    other = browser.new_context().new_page()
    sign_in(other, address)
    other.wait_for_url(address + reverse("mfa_authenticate"))
    other.fill("#id_code", recovery)
    other.click(".signin__form button[type=submit]")
    other.wait_for_url(address + reverse("home"))

    page.goto(address + reverse("usersessions_list"))
    expect(page.locator("tbody tr")).to_have_count(2)
    page.click("tbody tr >> nth=1 >> button")
    expect(page.locator("tbody tr")).to_have_count(1)
    other.goto(address + reverse("signin_account"))
    assert reverse("account_login") in other.url


def test_a_security_key_is_added_and_touched(page, address, person):
    person("wang")
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, address)
    page.goto(address + reverse("mfa_add_webauthn"))
    page.click("form[data-key-add] button[type=submit]")
    page.wait_for_url(address + reverse("mfa_view_recovery_codes"))
    page.goto(address + reverse("account_logout"))
    page.click(".form button[type=submit]")
    sign_in(page, address)
    page.click("form[data-key-confirm] button[type=submit]")
    page.wait_for_url(address + reverse("home"))
