"""One deed for many: each row through its own action and right, none unread, none twice, and what came of each is told."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from grids.reports.actions import handling, oversight
from grids.reports.actions.in_bulk import DEEDS, do_in_bulk
from grids.reports.actions.opening import has_read, note_opening
from grids.reports.models import Category, Opening, Report, ReportStep
from grids.reports.workflow import STEPS
from tests.conftest import TOWN
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.workflow.in_bulk import MOST, Ticked

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_work(client, people):
    """A person at work: `at_work("dispatcher").get(address)`."""

    def sit(who):
        client.force_login(people[who])
        return client

    return sit


def steps_of(row):
    return list(ReportStep.objects.filter(report=row).order_by("pk").values_list("verb", flat=True))


def values_in(page):
    return re.findall(r'name="row"[^>]*value="([^"]+)"', page.content.decode())


def fresh(row):
    row.refresh_from_db()
    return row


def test_nothing_that_needs_a_judgement_of_each_case_is_done_in_bulk():
    assert set(DEEDS) == {"sign_for", "dispatch", "classify", "hasten", "add_note"}
    assert {item.verb for item in STEPS.transitions} >= set(DEEDS)


def test_opening_the_page_is_kept_once_and_again_after_a_change(at_work, report_in, people, act):
    row = report_in("dispatched")
    mine = Opening.objects.filter(report=row, user=people["handler"])
    assert mine.count() == 0
    at_work("handler").get(reverse("reports:show", args=[row.code]))
    first = mine.get()
    assert (first.read_change, has_read(user_id=people["handler"].pk, row=row)) == (row.changed_at, True)
    at_work("handler").get(reverse("reports:show", args=[row.code]))
    assert mine.get().at == first.at
    oversight.hasten(actor=act("dispatcher"), report_id=row.pk, reason="快一点")
    assert has_read(user_id=people["handler"].pk, row=fresh(row)) is False
    at_work("handler").get(reverse("reports:show", args=[row.code]))
    assert (mine.get().read_change, mine.count()) == (row.changed_at, 1)


def test_an_opening_is_written_at_most_once_a_minute(report_in, act, people):
    row, now = report_in("filed"), clock.now()
    for seconds, kept in ((0, 0), (59, 0), (61, 61)):
        note_opening(actor=act("duty_officer"), row=row, now=now + timedelta(seconds=seconds))
        assert Opening.objects.get(report=row, user=people["duty_officer"]).at == now + timedelta(seconds=kept)


def test_whoever_does_not_see_a_report_leaves_no_opening(at_work, report_in):
    row = report_in("filed")
    assert at_work("colleague").get(reverse("reports:show", args=[row.code])).status_code == 404
    assert Opening.objects.count() == 0


def test_what_nobody_opened_is_refused_and_the_rest_is_done(at_work, report_in):
    rows = [report_in("handling") for _number in range(3)]
    sit = at_work("dispatcher")
    for row in rows[:2]:
        sit.get(reverse("reports:show", args=[row.code]))
    page = sit.get(reverse("reports:bulk"), {"verb": "hasten", "row": [row.code for row in rows]})
    assert [read for _line, read in page.context["rows"]] == [True, True, False]
    answer = sit.post(reverse("reports:bulk"), {"verb": "hasten", "row": values_in(page), "reason": "居民来电"})
    assert [(one.code, one.done, one.unread) for one in answer.context["outcomes"]] == [
        (rows[0].code, True, False), (rows[1].code, True, False), (rows[2].code, False, True),
    ]  # fmt: skip
    assert [fresh(row).hastened for row in rows] == [1, 1, 0]
    assert "hasten" not in steps_of(rows[2])


def test_the_second_of_two_clicks_does_nothing(at_work, report_in):
    row = report_in("handling")
    sit = at_work("dispatcher")
    sit.get(reverse("reports:show", args=[row.code]))
    given = {"verb": "hasten", "row": values_in(sit.get(reverse("reports:bulk"), {"verb": "hasten", "row": row.code})), "reason": "催"}
    first, second = (sit.post(reverse("reports:bulk"), given).context["outcomes"][0] for _click in range(2))
    assert (first.done, second.done, fresh(row).hastened, steps_of(row).count("hasten")) == (True, False, 1, 1)


def test_what_one_did_in_bulk_one_has_read(act, report_in):
    row = report_in("handling")
    note_opening(actor=act("dispatcher"), row=row)
    for number in (1, 2):
        done = do_in_bulk(actor=act("dispatcher"), verb="hasten", ticked=[Ticked(row.code)], data={"reason": f"第{number}次催办"})
        assert (done[0].done, fresh(row).hastened) == (True, number)


def test_a_change_by_somebody_else_makes_it_unread_again(act, report_in):
    row = report_in("handling")
    note_opening(actor=act("dispatcher"), row=row)
    oversight.add_note(actor=act("handler"), report_id=row.pk, reason="在路上")
    done = do_in_bulk(actor=act("dispatcher"), verb="hasten", ticked=[Ticked(row.code)], data={"reason": "催"})
    assert (done[0].done, done[0].unread, fresh(row).hastened) == (False, True, 0)


def test_each_row_goes_through_its_own_permission_and_table(act, report_in, people):
    """Signed for by a colleague's at_work, not signed for, closed, outside the scope: one done, the others told why."""
    mine, over, closed = report_in("dispatched"), report_in("dispatched"), report_in("closed")
    handling.object_to(actor=act("handler"), report_id=over.pk, reason="不属本单位")
    other = Report.objects.unscoped("a test").get(pk=report_in("opened").pk)
    handling.dispatch(actor=act("dispatcher"), report_id=other.pk, recipient=handling.Recipient(Department.objects.get(code="water")))
    rows = [mine, over, closed, other]
    for row in rows:
        note_opening(actor=act("handler"), row=fresh(row))
    done = do_in_bulk(actor=act("handler"), verb="sign_for", ticked=[Ticked(row.code) for row in rows], data={})
    assert [one.done for one in done] == [True, False, False, False]
    assert [fresh(row).state for row in rows] == ["handling", "opened", "closed", "dispatched"]
    assert all(str(one.sentence) for one in done)
    assert done[3].title == ""  # what she does not see is not named


def test_dispatching_many_sends_each_to_the_desk_of_its_own_place(at_work, report_in):
    rows = [report_in("opened") for _number in range(2)]
    sit = at_work("dispatcher")
    for row in rows:
        sit.get(reverse("reports:show", args=[row.code]))
    page = sit.get(reverse("reports:bulk"), {"verb": "dispatch", "row": [row.code for row in rows]})
    sit.post(reverse("reports:bulk"), {"verb": "dispatch", "row": values_in(page), "recipient": "level:9"})
    assert [(fresh(row).state, row.desk_code) for row in rows] == [("dispatched", TOWN)] * 2


def test_classifying_many_gives_each_the_limits_of_its_category(act, report_in):
    rows, water = [report_in("opened") for _number in range(2)], Category.objects.get(code="water")
    for row in rows:
        note_opening(actor=act("dispatcher"), row=row)
    done = do_in_bulk(
        actor=act("dispatcher"), verb="classify", ticked=[Ticked(row.code) for row in rows], data={"category": water, "urgency": ""}
    )
    assert [one.done for one in done] == [True, True]
    assert [fresh(row).category for row in rows] == [water, water]


@pytest.mark.parametrize(
    ("who", "verb", "status"),
    [("worker", "hasten", 403), ("dispatcher", "close", 404), ("dispatcher", "verify", 404), ("dispatcher", "", 404)],
)
def test_who_may_not_or_what_is_never_done_in_bulk_is_refused(at_work, report_in, who, verb, status):
    row = report_in("handling")
    answer = at_work(who).post(reverse("reports:bulk"), {"verb": verb, "row": row.code, "reason": "x"})
    assert (answer.status_code, fresh(row).state, row.hastened) == (status, "handling", 0)


def test_a_form_that_is_not_whole_keeps_what_was_ticked_and_changes_nothing(at_work, report_in):
    row = report_in("handling")
    sit = at_work("dispatcher")
    sit.get(reverse("reports:show", args=[row.code]))
    answer = sit.post(reverse("reports:bulk"), {"verb": "hasten", "row": row.code, "reason": ""})
    assert (answer.status_code, [line.row.pk for line, _read in answer.context["rows"]], fresh(row).hastened) == (422, [row.pk], 0)
    nothing = sit.post(reverse("reports:bulk"), {"verb": "hasten", "reason": "催"})
    assert nothing.status_code == 422


def test_too_many_at_once_are_refused(act):
    with pytest.raises(DomainError):
        do_in_bulk(actor=act("dispatcher"), verb="hasten", ticked=[Ticked(f"TS{n}") for n in range(MOST + 1)], data={"reason": "x"})


def test_the_way_back_leads_nowhere_else(at_work, report_in):
    row = report_in("handling")
    page = at_work("dispatcher").get(reverse("reports:bulk"), {"verb": "hasten", "row": row.code, "back": "https://elsewhere.example/"})
    assert page.context["back"] == reverse("reports:index")
