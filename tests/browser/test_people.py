"""People and postings in a browser: accessible, never wider than the window, the area picker, the switch between postings."""

from datetime import date

import pytest

from tests.conftest import DISTRICT, OTHER_TOWN, TOWN
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, Posting, User

PAGES = [
    "/people/",
    "/people/?state=ended",
    "/people/{worker}/",
    "/people/{worker}/postings/new/",
    f"/why/?action=postings.give&area={TOWN}",
]


@pytest.fixture
def crowd(cast):
    """A full page of people, some with long names."""
    Department.objects.get_or_create(code="police", defaults={"name": "徐州市公安局铜山分局治安管理和户籍管理大队"})
    people = [User(username=f"p{number}", name=["王小明", "欧阳慕容诸葛司马"][number % 2]) for number in range(60)]
    User.objects.bulk_create(people)
    Posting.objects.bulk_create(
        Posting(user=user, role=Role.MEDIATOR, area_code=TOWN, department=Department.objects.first(), starts_on=date(2020, 1, 1))
        for user in people
    )
    return cast


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_crowd_are_accessible_and_never_wider_than_the_window(portal, crowd, path):
    portal.sign_in(crowd["security_admin"])
    for theme, width in [("light", 1440), ("dark", 375)]:
        portal.look(theme=theme, width=width)
        portal.open(path.format(worker=crowd["worker"].pk))
        assert (portal.axe(), portal.overflow()) == ([], 0)


def test_a_posting_is_given_with_the_area_picker(portal, cast):
    portal.sign_in(cast["security_admin"])
    portal.look()
    portal.open(f"/people/{cast['stranger'].pk}/postings/new/")
    portal.page.get_by_label("角色").select_option("town_officer")
    with portal.page.expect_response(lambda response: "/people/areas/" in response.url and "%E8%8C%85" in response.url):
        portal.page.get_by_label("区划").press_sequentially("茅村")
    choice = portal.page.locator("datalist option").first
    choice.wait_for(state="attached")
    portal.page.get_by_label("区划").fill(choice.get_attribute("value"))
    portal.page.get_by_role("button", name="办理").click()
    portal.page.get_by_role("heading", name="任职").wait_for()
    assert cast["stranger"].postings.get().area_code == OTHER_TOWN


def test_who_has_two_postings_works_under_one_and_under_both(portal, cast):
    Posting.objects.create(user=cast["town_officer"], role=Role.DUTY_OFFICER, area_code=DISTRICT, starts_on=date(2020, 1, 1))
    portal.sign_in(cast["town_officer"])
    portal.look()
    portal.open("/people/")
    both = portal.page.locator("tbody tr").count()
    menu = portal.page.locator(".top__where summary")
    menu.click()
    portal.page.get_by_role("button", name="柳新镇").click()
    one = portal.page.locator("tbody tr").count()
    portal.page.locator(".top__where summary").click()
    portal.page.get_by_role("button", name="合并全部任职").click()
    assert (both, one, portal.page.locator("tbody tr").count()) == (10, 4, 10)
