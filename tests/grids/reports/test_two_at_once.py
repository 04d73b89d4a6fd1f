"""Two people, or one twice, at the same moment: the second finds the state changed, and nothing happens twice."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from grids.reports.actions import answering, co_handling, dates, handling, moving, oversight, splitting, sub_tasks
from grids.reports.models import CoHandling, Report, ReportLink, ReportStep, ReturnCall, SubTask
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def at_once():
    """Calls several functions at the same moment, each on a connection of its own; answers how many were refused."""

    def run(*calls):
        start, refused, broken = Barrier(len(calls)), [], []

        def one(call):
            try:
                start.wait()
                call()
            except DomainError as error:
                refused.append(error)
            except Exception as error:  # told below: a thread's error fails no test by itself
                broken.append(error)
            finally:
                connection.close()

        threads = [Thread(target=one, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert broken == []
        return len(refused)

    return run


def steps(verb):
    return ReportStep.objects.unscoped("a test").filter(verb=verb).count()


def test_one_signs_and_one_leads(report_in, act, at_once):
    row = report_in("dispatched")
    refused = at_once(*(lambda who=who: handling.sign_for(actor=act(who), report_id=row.pk) for who in ("handler", "assistant")))
    row.refresh_from_db()
    assert (refused, steps("sign_for"), row.state, row.lead.username in ("handler", "assistant")) == (1, 1, "handling", True)


def test_a_transfer_and_a_result_do_not_both_happen(report_in, act, desk, at_once):
    row = report_in("handling")
    refused = at_once(
        lambda: moving.transfer(actor=act("handler"), report_id=row.pk, recipient=desk("water"), reason="供水"),
        lambda: handling.feed_back(actor=act("assistant"), report_id=row.pk, result="已换"),
    )
    assert (refused, steps("transfer") + steps("feed_back")) == (1, 1)


@pytest.mark.parametrize("name", ["ask_co_handling", "give_sub_task", "make_return_call", "hasten", "add_note", "supervise", "split_off"])
def test_a_double_click_does_nothing_twice(report_in, act, people, desk, at_once, name):
    row = report_in("closed" if name == "make_return_call" else "handling")
    now, key = clock.now(), uuid4()
    call = {
        "ask_co_handling": lambda: co_handling.ask_co_handling(
            actor=act("handler"), report_id=row.pk, recipient=desk("transport"), reason="封路"
        ),
        "give_sub_task": lambda: sub_tasks.give_sub_task(
            actor=act("handler"), report_id=row.pk, assignee_id=people["assistant"].pk, text="取配件"
        ),
        "make_return_call": lambda: answering.make_return_call(actor=act("duty_officer"), report_id=row.pk, reached=True, now=now),
        "hasten": lambda: oversight.hasten(actor=act("director"), report_id=row.pk, reason="请抓紧", now=now),
        "add_note": lambda: oversight.add_note(actor=act("director"), report_id=row.pk, reason="已知悉", now=now),
        "supervise": lambda: oversight.supervise(actor=act("director"), report_id=row.pk, reason="请说明", now=now),
        "split_off": lambda: splitting.split_off(
            actor=act("dispatcher"), report_id=row.pk, key=key, title="路面", recipient=desk("transport")
        ),
    }[name]
    refused = at_once(call, call)
    row.refresh_from_db()
    made = {
        "ask_co_handling": CoHandling.objects.unscoped("a test").count(),
        "give_sub_task": SubTask.objects.unscoped("a test").count(),
        "make_return_call": ReturnCall.objects.unscoped("a test").count(),
        "hasten": row.hastened,
        "add_note": steps("add_note"),
        "supervise": row.open_orders,
        "split_off": ReportLink.objects.unscoped("a test").filter(report=row).count(),
    }[name]
    assert (made, steps(name), refused) == (1, 1, 0 if name == "split_off" else 1)


def test_a_residents_double_click_rates_once_and_reopens_once(report_in, at_once):
    rated, unsolved = report_in("closed"), report_in("closed")
    first = at_once(*[lambda: answering.rate_report(report_id=rated.pk, satisfaction="satisfied", text="")] * 2)
    second = at_once(*[lambda: answering.rate_report(report_id=unsolved.pk, satisfaction="not_solved", text="")] * 2)
    rated.refresh_from_db(), unsolved.refresh_from_db()
    assert (first, rated.state, second, unsolved.state, unsolved.reopened) == (1, "archived", 1, "opened", 1)
    assert (steps("rate"), steps("archive"), steps("reopen")) == (2, 1, 1)


def test_two_sweeps_at_once_do_each_thing_once(report_in, act, at_once):
    closed, ordered = report_in("closed"), report_in("handling")
    oversight.supervise(actor=act("director"), report_id=ordered.pk, reason="请说明")
    Report.objects.filter(pk=closed.pk).update(archive_at=clock.now())
    order = ordered.orders(manager="objects").unscoped("a test").get()
    assert at_once(*[lambda: dates.keep_dates(now=order.due_at)] * 3) == 0
    order.refresh_from_db()
    assert (steps("archive"), order.escalated_at) == (1, order.due_at)
