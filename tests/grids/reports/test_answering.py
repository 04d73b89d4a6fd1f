"""Closing and what follows: the guards, the answer, return calls, the rating, filing away."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from grids.reports.actions import answering, dates, handling, oversight
from grids.reports.enums import Source
from grids.reports.models import Category, Report, ReportStep, ReturnCall, TimePolicy
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, InvalidTransition, NotAllowed
from tongshan_portal.live.models import Notice

pytestmark = pytest.mark.django_db
WAITING = {"source": Source.CALL}
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def steps_of(row):
    return list(ReportStep.objects.unscoped("a test").filter(report=row).values_list("verb", flat=True))


def told(kind):
    return sorted(Notice.objects.filter(kind=kind).values_list("deliveries__user__username", flat=True))


def test_where_somebody_waits_closing_needs_an_answer(report_in, act):
    row = report_in("verified", **WAITING)
    with pytest.raises(DomainError) as refused:
        handling.close(actor=act("supervisor"), report_id=row.pk, answer=" ")
    row.refresh_from_db()
    assert (refused.value.field, row.state, row.closed_at, row.answer) == ("answer", "verified", None, "")
    row = handling.close(actor=act("supervisor"), report_id=row.pk, answer="井盖已更换，请放心通行。")
    assert (row.state, row.answer) == ("closed", "井盖已更换，请放心通行。")


def test_where_nobody_waits_it_closes_without(report_in, act):
    row = handling.close(actor=act("supervisor"), report_id=report_in("verified").pk)
    assert (row.state, row.answer) == ("closed", "")


@pytest.mark.parametrize("code", ["manhole", "facilities"])
def test_a_photo_afterwards_is_asked_for_by_the_category_or_one_above_it(report_in, act, code):
    Category.objects.filter(code=code).update(after_photo=True)
    row = report_in("handling")
    with pytest.raises(DomainError):
        handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换")
    row.refresh_from_db()
    assert (row.state, row.resolution) == ("handling", "")
    Report.objects.filter(pk=row.pk).update(photos_after=1)
    assert handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换").state == "handled"
    handling.verify(actor=act("supervisor"), report_id=row.pk)
    Report.objects.filter(pk=row.pk).update(photos_after=0)
    with pytest.raises(DomainError):
        handling.close(actor=act("supervisor"), report_id=row.pk)
    row.refresh_from_db()
    assert row.state == "verified"


def test_an_unanswered_order_stops_the_result_too(report_in, act):
    row = report_in("handling")
    oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明")
    with pytest.raises(DomainError):
        handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换")
    oversight.answer_order(actor=act("handler"), report_id=row.pk, result="配件明日到货")
    assert handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换").state == "handled"
    assert told("report.order_answered") == ["director"]


def test_every_sentence_that_stands_in_the_way_leads_to_what_mends_it(report_in, act, client, people):
    Category.objects.filter(code="manhole").update(after_photo=True)
    row = report_in("handling")
    oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明")
    Report.objects.filter(pk=row.pk).update(open_parts=1)
    client.force_login(people["handler"])
    lacking = client.get(reverse("reports:show", args=[row.code])).context["page"].lacking
    assert [one.href for one in lacking] == ["#parts", reverse("reports:step", args=[row.code, "answer_order"]), "#photos"]


def test_the_form_of_closing_is_filled_with_the_result_and_keeps_what_was_typed(report_in, client, people):
    row = report_in("verified", **WAITING)
    client.force_login(people["supervisor"])
    address = reverse("reports:step", args=[row.code, "close"])
    assert client.get(address).context["form"]["answer"].value() == "已更换井盖"
    assert client.post(address, {"answer": ""}).status_code == 422
    assert client.post(address, {"answer": "已处理"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answer) == ("closed", "已处理")


def test_a_return_call_is_kept_with_whether_anybody_was_reached(report_in, act):
    row = report_in("verified", **WAITING)
    row = answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=False, note="无人接听")
    assert (row.contacted_at, row.rating) == (None, "")
    row = answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, satisfaction="fair", note="基本满意")
    assert (row.contacted_at is None, row.rating, row.rating_text) == (False, "fair", "基本满意")
    calls = ReturnCall.objects.unscoped("a test").filter(report=row)
    assert [(call.reached, call.satisfaction, call.note) for call in calls] == [(False, "", "无人接听"), (True, "fair", "基本满意")]


@pytest.mark.parametrize("given", [{"reached": False, "satisfaction": "satisfied"}, {"reached": True, "satisfaction": "delighted"}])
def test_what_cannot_be_said_is_refused(report_in, act, given):
    row = report_in("closed")
    with pytest.raises(DomainError):
        answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, **given)
    assert ReturnCall.objects.unscoped("a test").count() == 0


def test_who_handled_it_does_not_make_the_return_call(on_desk, act):
    row = on_desk("320312106", "town_officer", "handling")
    handling.feed_back(actor=act("town_officer"), report_id=row.pk, result="已办")
    with pytest.raises(NotAllowed):
        answering.make_return_call(actor=act("town_officer"), report_id=row.pk, reached=True)
    assert ReturnCall.objects.unscoped("a test").count() == 0


def test_a_double_click_makes_one_call_and_one_note(report_in, act):
    row, now = report_in("closed"), clock.now()
    answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, note="已联系", now=now)
    with pytest.raises(Conflict):
        answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, note="已联系", now=now)
    answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, note="已联系", now=now + timedelta(minutes=1))
    assert ReturnCall.objects.unscoped("a test").count() == 2


def test_not_solved_before_closing_is_sent_back_and_a_new_result_needs_a_new_word(report_in, act, reads):
    row = report_in("verified", **WAITING)
    answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, satisfaction="not_solved")
    with pytest.raises(DomainError):
        handling.close(actor=act("supervisor"), report_id=row.pk, answer="已处理")
    row.refresh_from_db()
    assert (row.state, row.rating) == ("verified", "not_solved")
    handling.send_back(actor=act("supervisor"), report_id=row.pk, reason="居民反映未解决")
    reads("handler", row)
    row = handling.feed_back(actor=act("handler"), report_id=row.pk, result="重新更换")
    assert (row.rating, row.rated_at) == ("", None)
    handling.verify(actor=act("supervisor"), report_id=row.pk)
    assert handling.close(actor=act("supervisor"), report_id=row.pk, answer="已重新更换").state == "closed"


def test_what_a_call_said_of_the_result_is_the_rating_and_files_it_away_on_closing(report_in, act):
    row = report_in("verified", **WAITING)
    answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, satisfaction="satisfied")
    row = handling.close(actor=act("supervisor"), report_id=row.pk, answer="已处理")
    assert (row.state, row.rating, steps_of(row)[-2:]) == ("archived", "satisfied", ["close", "archive"])


@pytest.mark.parametrize("word", ["satisfied", "fair", "unsatisfied"])
def test_a_rating_is_kept_once_and_files_it_away(report_in, word):
    row = report_in("closed")
    row = answering.rate_report(report_id=row.pk, satisfaction=word, text="谢谢")
    assert (row.state, row.rating, row.rating_text, steps_of(row)[-2:]) == ("archived", word, "谢谢", ["rate", "archive"])
    with pytest.raises(Conflict):
        answering.rate_report(report_id=row.pk, satisfaction="fair", text="")
    row.refresh_from_db()
    assert (row.rating, row.rating_text) == (word, "谢谢")


def test_a_call_after_the_residents_own_word_is_kept_but_does_not_replace_it(report_in, act):
    row = report_in("closed")
    answering.rate_report(report_id=row.pk, satisfaction="satisfied", text="")
    row = answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, satisfaction="fair")
    assert (row.rating, ReturnCall.objects.unscoped("a test").get().satisfaction) == ("satisfied", "fair")


@pytest.mark.parametrize("state", ["closed", "archived"])
def test_not_solved_opens_it_again_with_its_history_and_counts(report_in, state):
    row = report_in(state)
    before = len(steps_of(row))
    row = answering.rate_report(report_id=row.pk, satisfaction="not_solved", text="还是没盖好")
    assert (row.state, row.reopened, row.rework, row.rating, row.closed_at, row.archive_at) == ("opened", 1, 0, "not_solved", None, None)
    assert steps_of(row)[before:] == ["rate", "reopen"]
    assert told("report.not_solved") == ["dispatcher", "town_officer"]


def test_not_solved_may_follow_an_earlier_word(report_in):
    row = report_in("closed")
    answering.rate_report(report_id=row.pk, satisfaction="satisfied", text="")
    assert answering.rate_report(report_id=row.pk, satisfaction="not_solved", text="又坏了").state == "opened"


@pytest.mark.parametrize("state", ["filed", "handling", "verified", "void"])
def test_what_is_not_closed_is_not_rated(report_in, state):
    row = report_in(state)
    with pytest.raises(InvalidTransition):
        answering.rate_report(report_id=row.pk, satisfaction="satisfied", text="")
    row.refresh_from_db()
    assert (row.state, row.rating) == (state, "")


def test_unrated_it_is_filed_away_when_the_time_to_rate_is_over(file, act, desk):
    row = file(now=MONDAY)
    handling.open_report(actor=act("duty_officer"), report_id=row.pk, now=MONDAY)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=desk("urban"), now=MONDAY)
    handling.sign_for(actor=act("handler"), report_id=row.pk, now=MONDAY)
    handling.feed_back(actor=act("handler"), report_id=row.pk, result="已换", now=MONDAY)
    handling.verify(actor=act("supervisor"), report_id=row.pk, now=MONDAY)
    row = handling.close(actor=act("supervisor"), report_id=row.pk, now=MONDAY)
    assert row.archive_at == datetime(2026, 12, 8, 17, 30, tzinfo=MONDAY.tzinfo)
    assert dates.keep_dates(now=row.archive_at - timedelta(minutes=1)) == 0
    assert (dates.keep_dates(now=row.archive_at), dates.keep_dates(now=row.archive_at)) == (1, 0)
    row.refresh_from_db()
    assert (row.state, steps_of(row)[-1], row.closed_at) == ("archived", "archive", MONDAY)


def test_the_time_to_rate_is_a_labelled_default_that_administrators_edit():
    policy = TimePolicy.objects.get(stage="rate")
    assert (policy.amount, policy.unit, policy.source) == (15, "day", "default")


def test_what_came_closed_from_elsewhere_gets_its_date_and_is_filed_away(report_in):
    row = report_in("closed")
    Report.objects.filter(pk=row.pk).update(archive_at=None, closed_at=MONDAY)
    assert dates.keep_dates(now=MONDAY + timedelta(days=1)) == 0
    row.refresh_from_db()
    assert row.archive_at == datetime(2026, 12, 8, 17, 30, tzinfo=MONDAY.tzinfo)
    assert dates.keep_dates(now=row.archive_at) == 1


def test_an_order_that_nobody_answers_is_escalated_once(report_in, act):
    row = report_in("handling")
    oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明", now=MONDAY)
    order = row.orders(manager="objects").unscoped("a test").get()
    assert order.due_at == MONDAY.replace(day=24, hour=17, minute=30)
    assert dates.keep_dates(now=order.due_at - timedelta(minutes=1)) == 0
    assert (dates.keep_dates(now=order.due_at), dates.keep_dates(now=order.due_at)) == (1, 0)
    assert told("report.order_overdue") == ["assistant", "director", "dispatcher", "handler", "supervisor", "town_officer"]


def test_an_order_answered_in_time_or_with_a_time_of_its_own(report_in, act):
    row, due = report_in("handling"), clock.now() + timedelta(hours=2)
    with pytest.raises(DomainError):
        oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明", due_at=clock.now() - timedelta(hours=1))
    oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明", due_at=due)
    assert row.orders(manager="objects").unscoped("a test").get().due_at == due
    oversight.answer_order(actor=act("handler"), report_id=row.pk, result="已说明")
    assert dates.keep_dates(now=due + timedelta(hours=1)) == 0


def test_one_date_that_cannot_be_kept_stops_no_other(report_in):
    stuck, fine = report_in("closed"), report_in("closed", key=uuid4())
    Report.objects.filter(pk__in=[stuck.pk, fine.pk]).update(archive_at=MONDAY)
    Report.objects.filter(pk=stuck.pk).update(deferred_until=MONDAY)  # no clock runs that could go on
    assert dates.keep_dates(now=MONDAY + timedelta(days=1)) == 2
    assert list(Report.objects.unscoped("a test").values_list("state", flat=True)) == ["archived", "archived"]


@pytest.mark.parametrize("verb", ["rate", "archive", "apply_limit", "link", "lose_lead"])
def test_what_the_portal_does_itself_has_no_button_and_no_address(report_in, client, people, verb):
    row = report_in("closed")
    client.force_login(people["supervisor"])
    answer = client.post(reverse("reports:step", args=[row.code, verb]))
    row.refresh_from_db()
    assert (answer.status_code, row.state, steps_of(row)[-1]) == (404, "closed", "close")
