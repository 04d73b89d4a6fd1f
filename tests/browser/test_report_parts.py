"""The parts of a report and the forms of its verbs, looked at with everything on them; one co-handling by its buttons."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from grids.reports.actions import answering, co_handling, deferring, filing, handling, oversight, splitting, sub_tasks
from grids.reports.models import Category
from grids.reports.routing import Recipient
from tests.conftest import DISTRICT, GRID, PASSWORD
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Department, Posting, User
from tongshan_portal.kernel import clock

LOOKS = [("zh-hans", "light", 1440), ("en", "dark", 375)]
LONG = "徐州市铜山区徐州高新技术产业开发区公安消防救援大队"


@pytest.fixture
def people(cast, person):
    made = {**cast, "supervisor": person("supervisor", Role.SUPERVISOR), "director": person("director", Role.DIRECTOR)}
    for name, code, label in (("handler", "urban", "城市管理局"), ("assistant", "urban", ""), ("co_handler", "fire", LONG)):
        department, _made = Department.objects.get_or_create(code=code, defaults={"name": label})
        made[name] = User.objects.create_user(
            username=name, password=PASSWORD, name={"handler": "王建国", "assistant": "李秀英"}.get(name, "赵敏")
        )
        given = {"area_code": DISTRICT, "department": department, "starts_on": date(2020, 1, 1)}
        Posting.objects.create(user=made[name], role=Role.DEPARTMENT_HANDLER, **given)
    return made


@pytest.fixture
def full(people):
    """A report that is handled, with everything that can belong to one; the category wants a photo afterwards."""
    act = lambda name: actor_for(people[name])  # noqa: E731
    desk = lambda code: Recipient(Department.objects.get(code=code))  # noqa: E731
    Category.objects.filter(code="manhole").update(after_photo=True)
    row = filing.file_report(
        actor=act("duty_officer"), key=uuid4(), title="珠江路与黄河路交叉口西南角人行道井盖缺失", area_code=GRID, source="call",
        category=Category.objects.get(code="manhole"), phone="13800001234", contact="欧阳慕容",
    )  # fmt: skip
    pk = row.pk
    handling.open_report(actor=act("duty_officer"), report_id=pk)
    handling.dispatch(actor=act("duty_officer"), report_id=pk, recipient=desk("urban"))
    handling.sign_for(actor=act("handler"), report_id=pk)
    co_handling.ask_co_handling(actor=act("handler"), report_id=pk, recipient=desk("fire"), reason="现场有燃气管线，请派员值守。")
    co_handling.ask_co_handling(actor=act("handler"), report_id=pk, recipient=Recipient(desk_code=GRID), reason="疏导群众，设置围挡。")
    co_handling.accept_co_handling(actor=act("worker"), report_id=pk)
    for text, due in (("到仓库领取同规格井盖", clock.now() + timedelta(hours=3)), ("联系权属单位确认", None)):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=pk, assignee_id=people["assistant"].pk, text=text, due_at=due)
    sub_tasks.finish_sub_task(
        actor=act("assistant"), report_id=pk, result="已领取", part_id=row.sub_tasks(manager="objects").unscoped("a test").first().pk
    )
    oversight.supervise(actor=act("director"), report_id=pk, reason="请说明为何三天未修复。", due_at=clock.now() + timedelta(days=1))
    deferring.ask_deferral(actor=act("handler"), report_id=pk, until=clock.today() + timedelta(days=5), reason="连续降雨，无法施工")
    splitting.split_off(actor=act("duty_officer"), report_id=pk, key=uuid4(), title="路灯同时损坏", recipient=desk("fire"))
    row.refresh_from_db()
    return row


@pytest.fixture
def answered(people, full):
    """A report that was verified, with a call in vain and one that reached the resident."""
    act = lambda name: actor_for(people[name])  # noqa: E731
    row = filing.file_report(actor=act("worker"), key=uuid4(), title="垃圾未清", area_code=GRID, source="call", phone="13800001234")
    handling.open_report(actor=act("duty_officer"), report_id=row.pk)
    handling.dispatch(actor=act("duty_officer"), report_id=row.pk, recipient=Recipient(desk_code=GRID))
    handling.sign_for(actor=act("worker"), report_id=row.pk)
    handling.feed_back(actor=act("worker"), report_id=row.pk, result="已清运")
    handling.verify(actor=act("supervisor"), report_id=row.pk)
    answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=False, note="无人接听")
    answering.make_return_call(
        actor=act("duty_officer"), report_id=row.pk, reached=True, satisfaction="fair", note="清运及时，希望加密频次"
    )
    return row


def good(portal, path, lang, theme, width):
    portal.look(lang=lang, theme=theme, width=width)
    response = portal.open(path)
    page = portal.page
    return response.status, page.get_attribute("html", "lang"), page.locator("h1").count(), portal.overflow(), portal.axe()


@pytest.mark.parametrize("who", ["handler", "co_handler", "director"])
def test_a_report_with_everything_is_good_to_look_at(portal, people, full, who):
    portal.sign_in(people[who])
    for lang, theme, width in LOOKS:
        seen = good(portal, reverse("reports:show", args=[full.code]), lang, theme, width)
        assert seen == (200, lang, 1, 0, []), (lang, theme, width)


@pytest.mark.parametrize(
    ("who", "verb"),
    [
        ("handler", "ask_co_handling"),
        ("handler", "give_sub_task"),
        ("handler", "drop_co_handling"),
        ("handler", "transfer"),
        ("co_handler", "refuse_co_handling"),
        ("director", "supervise"),
        ("duty_officer", "split_off"),
    ],
)
def test_the_forms_of_verbs_are_good_to_look_at(portal, people, full, who, verb):
    portal.sign_in(people[who])
    for lang, theme, width in LOOKS:
        seen = good(portal, reverse("reports:step", args=[full.code, verb]), lang, theme, width)
        assert seen == (200, lang, 1, 0, []), (lang, theme, width)


@pytest.mark.parametrize("what", ["show", "close", "make_return_call"])
def test_answering_is_good_to_look_at(portal, people, answered, what):
    portal.sign_in(people["supervisor"])
    path = reverse("reports:show", args=[answered.code]) if what == "show" else reverse("reports:step", args=[answered.code, what])
    for lang, theme, width in LOOKS:
        seen = good(portal, path, lang, theme, width)
        assert seen == (200, lang, 1, 0, []), (lang, theme, width)


def test_a_department_accepts_and_finishes_by_the_buttons(portal, people, full):
    portal.look()
    portal.sign_in(people["co_handler"])
    portal.open(reverse("reports:show", args=[full.code]))
    page = portal.page
    page.locator("#parts").get_by_role("link", name="接受协同").click()
    page.get_by_role("button", name="接受协同").click()
    page.locator("#parts").get_by_role("link", name="办结协同").click()
    page.locator("[name=result]").fill("已值守至作业结束")
    page.get_by_role("button", name="办结协同").click()
    page.wait_for_url(f"**{reverse('reports:show', args=[full.code])}")
    assert "已值守至作业结束" in page.locator("#parts").inner_text()
    full.refresh_from_db()
    assert list(full.co_handlers.values()) == ["accepted"]
