"""A resident on a phone: scan, locate, agree, code, family, withdraw; every page as good to look at as the others, and light."""

import pytest
from django.urls import reverse
from shapely import box

from antifraud.registrations import communities, limits
from antifraud.registrations.models import FamilyMember, PhoneCode, Registration, Relation
from antifraud.registrations.public import match_phones
from grids.areas.writing import write_shapes
from tests.antifraud.registrations.test_registering import sent
from tests.conftest import VILLAGE
from tongshan_portal.kernel import clock

PHONE = "13800001234"


@pytest.fixture(autouse=True)
def _ground(areas, monkeypatch):
    monkeypatch.setattr(limits, "SPACE", f"test-{clock.now().timestamp()}")
    write_shapes([(VILLAGE, box(117.0, 34.0, 117.1, 34.1))], source="test", at=clock.now())
    communities.kept.forget()
    yield
    communities.kept.forget()


def good(portal) -> None:
    """The page as it stands, in the look that was chosen."""
    assert (portal.page.locator("h1").count(), portal.overflow(), portal.axe()) == (1, 0, []), portal.page.url


def enter(portal) -> None:
    portal.page.fill("#id_code", sent(PhoneCode.objects.latest("created_at")))
    portal.page.press("#id_code", "Enter")
    portal.page.wait_for_url(lambda url: "/code/" not in url)


def test_from_the_code_to_the_withdrawal(portal, context):
    page = portal.page
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": 117.05, "latitude": 34.05})
    portal.look(lang="zh-hans", theme="light", width=375)
    portal.open(reverse("bell:start"))
    page.click("[data-nearest] button")
    page.click(".bell__choice")
    page.wait_for_url(f"**/bell/{VILLAGE}/")
    page.fill("#id_phone", PHONE)
    page.check("#id_agreed")
    page.press("#id_phone", "Enter")
    page.wait_for_url("**/bell/code/**")
    good(portal)
    enter(portal)
    assert page.url.endswith(reverse("bell:done"))
    good(portal)
    page.goto(portal.url + reverse("bell:add_member"))
    good(portal)
    page.fill("#id_phone", "13900005678")
    page.select_option("#id_relation", str(Relation.objects.first().pk))
    page.press("#id_phone", "Enter")
    page.wait_for_url("**/bell/mine/")
    assert FamilyMember.objects.unscoped("a test").get().state == "asked"
    for name in ("mine", "correct", "withdraw", "erase"):
        page.goto(portal.url + reverse(f"bell:{name}"))
        good(portal)
    portal.look(lang="en", theme="dark", width=1440)
    for name in ("done", "mine", "correct", "withdraw", "erase", "add_member"):
        page.goto(portal.url + reverse(f"bell:{name}"))
        good(portal)
    page.goto(portal.url + reverse("bell:withdraw"))
    page.check("#id_sure")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/bell/mine/")
    good(portal)
    assert (Registration.objects.unscoped("a test").get().state, match_phones([PHONE])) == ("withdrawn", [None])


def test_without_scripts_one_registers_by_name(browser, live_server, areas):
    profile = browser.new_context(locale="zh-CN", java_script_enabled=False, viewport={"width": 375, "height": 667})
    page = profile.new_page()
    page.goto(live_server.url + reverse("bell:start") + f"?town={VILLAGE[:9]}")
    page.click(".bell__choice")
    page.fill("#id_phone", PHONE)
    page.check("#id_agreed")
    page.click("main form button[type=submit]")
    page.fill("#id_code", sent(PhoneCode.objects.latest("created_at")))
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_url("**" + reverse("bell:done"))
    profile.close()
    assert Registration.objects.unscoped("a test").get().state == "registered"


def test_the_public_pages_come_with_less_than_150_kilobytes(portal):
    sizes: list[int] = []
    portal.page.on("response", lambda response: sizes.append(len(response.body())))
    for path in (reverse("bell:start"), reverse("bell:register", kwargs={"area": VILLAGE})):
        sizes.clear()
        portal.open(path)
        portal.page.wait_for_load_state("networkidle")
        assert sum(sizes) < 150_000, (path, sum(sizes))
