"""Co-handlings and sub-tasks: who is asked, who sees, what the result waits for."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grids.reports import queries
from grids.reports.actions import co_handling, handling, sub_tasks
from grids.reports.models import CoHandling, Report, SubTask
from grids.reports.routing import Recipient
from tests.conftest import VILLAGE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed
from tongshan_portal.live.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(act, desk):
    def make(row, code="transport", who="handler"):
        return co_handling.ask_co_handling(actor=act(who), report_id=row.pk, recipient=desk(code), reason="封闭车道")

    return make


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("deliveries__user__username", flat=True))


def parts_of(row):
    row.refresh_from_db()
    return row.open_parts, row.co_handlers, row.assignees


def test_a_desk_takes_part_and_the_lead_stays_one_person(report_in, act, ask, desk):
    row, key = report_in("handling"), desk("transport").key
    ask(row)
    assert parts_of(row) == (1, {key: "asked"}, [])
    co_handling.accept_co_handling(actor=act("co_handler"), report_id=row.pk)
    assert parts_of(row) == (1, {key: "accepted"}, [])
    with pytest.raises(DomainError):
        handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换")
    part = co_handling.finish_co_handling(actor=act("co_handler"), report_id=row.pk, result="车道已封闭")
    assert parts_of(row) == (0, {}, [])
    assert (part.state, part.result, part.answered_by.username, row.lead.username, row.state) == (
        "done", "车道已封闭", "co_handler", "handler", "handling",
    )  # fmt: skip
    handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换")
    assert [told(f"report.co_handling_{word}") for word in ("asked", "accepted", "finished")] == [["co_handler"], ["handler"], ["handler"]]


def test_a_refusal_has_a_reason_and_frees_the_lead(report_in, act, ask):
    row = report_in("handling")
    ask(row)
    with pytest.raises(DomainError):
        co_handling.refuse_co_handling(actor=act("co_handler"), report_id=row.pk, reason=" ")
    assert parts_of(row)[0] == 1
    part = co_handling.refuse_co_handling(actor=act("co_handler"), report_id=row.pk, reason="不属本单位职责")
    assert (part.state, part.reason, parts_of(row)) == ("refused", "不属本单位职责", (0, {}, []))
    assert told("report.co_handling_refused") == ["handler"]


def test_whoever_asked_does_without_where_nobody_answers(report_in, act, ask):
    row = report_in("handling")
    ask(row)
    part = co_handling.drop_co_handling(actor=act("handler"), report_id=row.pk, reason="已自行处理")
    assert (part.state, parts_of(row)) == ("dropped", (0, {}, []))
    assert told("report.co_handling_dropped") == ["co_handler"]


def test_the_same_desk_is_asked_once_at_a_time(report_in, act, ask, desk):
    row = report_in("handling")
    ask(row)
    with pytest.raises(Conflict):
        ask(row)
    with pytest.raises(DomainError):
        ask(row, "urban")
    assert CoHandling.objects.unscoped("a test").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        part = CoHandling.objects.unscoped("a test").get()
        part.pk = None
        part.save(force_insert=True)
    co_handling.refuse_co_handling(actor=act("co_handler"), report_id=row.pk, reason="忙")
    ask(row)
    assert CoHandling.objects.unscoped("a test").count() == 2


def test_an_answered_request_is_not_answered_again(report_in, act, ask):
    row = report_in("handling")
    ask(row)
    co_handling.accept_co_handling(actor=act("co_handler"), report_id=row.pk)
    for call, given in ((co_handling.accept_co_handling, {}), (co_handling.refuse_co_handling, {"reason": "忙"})):
        with pytest.raises(NotAllowed):
            call(actor=act("co_handler"), report_id=row.pk, **given)
    assert CoHandling.objects.unscoped("a test").get().state == "accepted"


def test_the_department_sees_it_from_the_asking_on_and_it_waits_on_its_worklist(report_in, act, ask):
    row = report_in("handling")
    assert not Report.objects.visible_to(act("co_handler").scope).filter(pk=row.pk).exists()
    ask(row)
    assert list(queries.needs_me(act("co_handler"))) == [row]
    co_handling.refuse_co_handling(actor=act("co_handler"), report_id=row.pk, reason="忙")
    assert Report.objects.visible_to(act("co_handler").scope).filter(pk=row.pk).exists()
    assert list(queries.needs_me(act("co_handler"))) == []


def test_a_desk_of_the_area_co_handles_too(report_in, act):
    row = report_in("handling")
    co_handling.ask_co_handling(actor=act("dispatcher"), report_id=row.pk, recipient=Recipient(desk_code=VILLAGE), reason="疏导群众")
    assert told("report.co_handling_asked") == ["village_officer"]
    co_handling.accept_co_handling(actor=act("village_officer"), report_id=row.pk)
    co_handling.finish_co_handling(actor=act("village_officer"), report_id=row.pk, result="已疏导")
    assert parts_of(row) == (0, {}, [])


def test_sub_tasks_go_to_people_of_the_desk_and_the_result_waits_for_them(report_in, act, people):
    row = report_in("handling")
    with pytest.raises(DomainError):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, assignee_id=people["worker"].pk, text="取配件")
    assert parts_of(row) == (0, {}, [])
    for text in ("取配件", "设围挡"):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, assignee_id=people["assistant"].pk, text=text)
    assert parts_of(row) == (2, {}, [people["assistant"].pk])
    assert told("report.sub_task_given") == ["assistant", "assistant"]
    with pytest.raises(DomainError):
        handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换")
    with pytest.raises(Conflict):
        sub_tasks.finish_sub_task(actor=act("assistant"), report_id=row.pk, result="已办")  # which of the two?
    for task in SubTask.objects.unscoped("a test").all():
        sub_tasks.finish_sub_task(actor=act("assistant"), report_id=row.pk, result="已办", part_id=task.pk)
    assert parts_of(row) == (0, {}, [])
    assert handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换").state == "handled"
    assert told("report.sub_task_finished") == ["handler", "handler"]


def test_a_sub_task_is_given_once_and_due_in_the_future(report_in, act, people):
    row, given = report_in("handling"), {"assignee_id": people["assistant"].pk, "text": "取配件"}
    with pytest.raises(DomainError):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, due_at=clock.now() - timedelta(minutes=1), **given)
    sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, **given)
    with pytest.raises(Conflict):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, **given)
    assert (SubTask.objects.unscoped("a test").count(), parts_of(row)[0]) == (1, 1)


@pytest.fixture
def send(client, people):
    def post(who, address, **given):
        client.force_login(people[who])
        return client.post(address, given) if given else client.get(address)

    return post


def test_parts_by_their_pages(send, report_in, people, desk):
    row = report_in("handling")
    step = lambda verb: reverse("reports:step", args=[row.code, verb])  # noqa: E731
    show = reverse("reports:show", args=[row.code])
    assert send("handler", step("ask_co_handling"), recipient=desk("transport").key, reason="封闭车道").status_code == 302
    assert send("handler", step("give_sub_task"), recipient=people["assistant"].pk, reason="取配件").status_code == 302
    page = send("co_handler", show).context["page"].parts
    assert [[deed.href for deed in line.deeds] for line in page.co_handlings] == [
        [
            f"{step('accept_co_handling')}?part={page.co_handlings[0].part.pk}",
            f"{step('refuse_co_handling')}?part={page.co_handlings[0].part.pk}",
        ]
    ]
    assert send("co_handler", step("accept_co_handling"), part=page.co_handlings[0].part.pk).status_code == 302
    assert send("co_handler", step("finish_co_handling"), part=page.co_handlings[0].part.pk, result="已封闭").status_code == 302
    lacks = send("handler", show).context["page"].parts.lacks
    assert [(str(one.label), [href for _sentence, href in one.items]) for one in lacks] == [("反馈", ["#parts"])]
    task = SubTask.objects.unscoped("a test").get()
    assert send("assistant", step("finish_sub_task"), part=task.pk, result="已取").status_code == 302
    assert send("handler", show).context["page"].parts.lacks == []
    assert send("handler", step("feed_back"), result="已换").status_code == 302


def test_a_wrong_part_is_said_and_nothing_changes(send, report_in, desk, ask):
    row = report_in("handling")
    ask(row)
    answer = send("co_handler", reverse("reports:step", args=[row.code, "refuse_co_handling"]), part=0, reason="忙")
    assert (answer.status_code, answer.context["form"]["reason"].value(), parts_of(row)[0]) == (422, "忙", 1)


def test_the_page_asks_the_same_number_of_questions_however_many_parts(send, report_in, act, people, desk):
    row = report_in("handling")

    def asked():
        with CaptureQueriesContext(connection) as seen:
            send("handler", reverse("reports:show", args=[row.code]))
        return len(seen)

    def add(number):
        sub_tasks.give_sub_task(actor=act("handler"), report_id=row.pk, assignee_id=people["assistant"].pk, text=f"事{number}")

    add(0)
    co_handling.ask_co_handling(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="关水")
    asked()
    before = asked()
    for number in range(1, 5):
        add(number)
    co_handling.ask_co_handling(actor=act("handler"), report_id=row.pk, recipient=desk("transport"), reason="封路")
    assert asked() == before
