"""One report through the whole loop by its pages alone: each role finds it on her own worklist and does her part by a button."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from grids.reports.models import Report, ReportStep
from tests.grids.reports.conftest import people  # noqa: F401 - a fixture
from tongshan_portal.accounts.models import Department

TITLE = "路口的井盖碎了一半"
HOPS = (
    ("duty_officer", "open_report", {}),
    ("dispatcher", "dispatch", {"recipient": "urban"}),
    ("handler", "sign_for", {}),
    ("handler", "feed_back", {"result": "已换新井盖"}),
    ("supervisor", "send_back", {"reason": "照片里看不出井盖已固定，请补充说明。"}),
    ("handler", "feed_back", {"result": "井盖已固定，路面已清扫"}),
    ("supervisor", "verify", {}),
    ("duty_officer", "close", {"answer": "井盖已更换并固定。"}),
)  # fmt: skip


@pytest.mark.parametrize("width", [1440, 375])
def test_every_role_of_the_loop_finds_the_report_and_does_her_part(portal, people, width):  # noqa: F811
    page = portal.page
    portal.look(width=width)
    portal.sign_in(people["worker"])
    portal.open(reverse("reports:file"))
    page.fill("#id_title", TITLE)
    page.click("main button[type=submit].button--primary")
    page.wait_for_url("**/filed/")
    row = Report.objects.unscoped("a test").get(title=TITLE)
    for who, verb, fields in HOPS:
        portal.sign_in(people[who])
        portal.open(reverse("reports:index"))
        page.get_by_role("link", name=TITLE).click()
        expect(page.locator("h1")).to_have_text(TITLE)
        assert portal.overflow() == 0
        page.locator(f'.verbs a[href$="/{verb}/"]').click()
        page.wait_for_url(f"**/{verb}/")
        for name, value in fields.items():
            field = page.locator(f"main [name={name}]")
            if name == "recipient":
                field.select_option(label=str(Department.objects.get(code=value)))
            else:
                field.fill(value)
        assert portal.overflow() == 0
        page.locator("main form button.button--primary").click()
        page.wait_for_url(f"**{reverse('reports:show', args=[row.code])}")
    steps = ReportStep.objects.unscoped("a test").filter(report=row).order_by("pk").values_list("verb", "actor__username")
    assert list(steps) == [("file_report", "worker"), *((verb, who) for who, verb, _fields in HOPS)]
    row.refresh_from_db()
    assert (row.state, row.resolution, row.answer) == ("closed", "井盖已固定，路面已清扫", "井盖已更换并固定。")
    portal.open(reverse("reports:index") + "?view=closed")
    expect(page.get_by_role("link", name=TITLE)).to_be_visible()
