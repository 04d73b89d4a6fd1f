"""Follow by code and key: the door, what is said and what never is, for every verb of the loop, and what the resident does there."""

import re
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from grids.reports.actions import (
    answering,
    co_handling,
    deferring,
    handling,
    moving,
    oversight,
    splitting,
    sub_tasks,
    supplementing,
    sweeping,
)  # fmt: skip
from grids.reports.actions.taking import take
from grids.reports.enums import Moment
from grids.reports.models import Photo, Report, ReportStep
from grids.reports.public_pages import finding, queries, sentences
from grids.reports.routing import Recipient
from grids.reports.workflow import STEPS
from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN
from tests.workflow.matrix import undone
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.accounts.models import Department
from tongshan_portal.kernel import clock, ids
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Notice
from tongshan_portal.operations.logs import without_personal_data
from tongshan_portal.workflow.calendar import local

from .conftest import NAME, PHONE, SECRET, all_reports, at

pytestmark = pytest.mark.django_db

PAUSED = "等待配件到货"


def body_of(answer) -> str:
    """A page without what differs between any two requests: the token of the form, the address and the number of the request."""
    text = re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())
    return re.sub(r"(?<==\")/r/[^\"]*", "", text).replace(answer.wsgi_request.path, "")


TO_HANDLING, TO_HANDLED = ("open", "dispatch", "sign"), ("open", "dispatch", "sign", "feed")


# The door.


@pytest.mark.parametrize("typed", ["{code}", "  {lower} ", "{spaced}", "{wide}", "{plain}"])
def test_a_code_is_read_in_any_way_of_writing(raised, client, typed):
    row = raised()
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in row.code)
    words = {"code": row.code, "lower": row.code.lower(), "spaced": " ".join(row.code), "wide": wide, "plain": row.code.replace("-", "")}
    answer = client.post("/r/", {"code": typed.format(**words), "key": f"{row.follow_key[:4].lower()}－{row.follow_key[4:]} "})
    assert (answer.status_code, answer["Location"]) == (302, at(row))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("TS25ll25-ABC234", "TS251125-ABC234"), ("ＴＳ２５１１２５ＡＢＣ２３４", "TS251125-ABC234"), ("ts25i1z5 аbс234", "TS251125-ABC234"),
        ("TS251125-U0C234", "TS251125-VQC234"), ("12345-2026", "12345-2026"), ("", ""),
    ],
)  # fmt: skip
def test_letters_that_look_alike_are_taken_for_what_they_must_be(typed, kept):
    assert finding.code_in(typed) == kept


def test_a_wrong_code_and_a_wrong_key_get_the_same_answer(raised, client):
    row = raised()
    wrong = [("TS251125-AAAAAA", row.follow_key), (row.code, "AAAAAAAA"), (row.code, ""), (row.code, row.follow_key + "A"), ("x", "钥匙")]
    typed = [client.post("/r/", {"code": code, "key": key or "-"}) for code, key in wrong]
    opened = [client.get(f"/r/{code}/{key or '-'}/") for code, key in wrong]
    assert {answer.status_code for answer in [*typed, *opened]} == {404}
    assert len({body_of(answer) for answer in opened}) == 1
    found = {re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in typed}
    assert len(found) == 1


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_both_wrong_ways_ask_the_database_the_same(raised, client):
    row, asked = raised(), []
    for code, key in (("TS251125-AAAAAA", row.follow_key), (row.code, "AAAAAAAA")):
        with CaptureQueriesContext(connection) as found:
            client.get(f"/r/{code}/{key}/")
        asked.append([re.sub(r"'[^']*'", "?", one["sql"]) for one in found if "reports_report" in one["sql"]])
    assert asked[0] == asked[1] and len(asked[0]) == 1


@pytest.mark.parametrize("name", ["follow", "slip", "rate", "supplement", "withdraw", "contact"])
def test_every_page_of_a_report_wants_its_key(raised, client, name):
    row = raised()
    assert client.get(at(row, name, "AAAAAAAA")).status_code == 404


@pytest.mark.parametrize("name", ["rate", "supplement", "withdraw", "contact", "erase"])
def test_without_the_key_nothing_is_changed(raised, client, name):
    row = raised()
    before = all_reports().values().get(pk=row.pk)
    answer = client.post(at(row, name, "AAAAAAAA"), {"satisfaction": "not_solved", "text": "x", "phone": "13900001234", "what": "all"})
    assert (answer.status_code, repr(all_reports().values().get(pk=row.pk))) == (404, repr(before))


def test_guessing_has_its_limit_and_then_even_the_right_key_waits(raised, client, settings):
    settings.RESIDENT_WRONG_PER_HOUR = 3
    row = raised()
    codes = [client.get(at(row, key="AAAAAAAA")).status_code for _turn in range(4)]
    assert (codes, client.get(at(row)).status_code, client.post("/r/", {"code": row.code, "key": row.follow_key}).status_code) == (
        [404, 404, 404, 429], 429, 429,
    )  # fmt: skip
    assert client.get(at(row), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_reading_ones_own_report_counts_nothing(raised, client, settings):
    settings.RESIDENT_WRONG_PER_HOUR = 1
    row = raised()
    assert [client.get(at(row)).status_code for _turn in range(3)] == [200, 200, 200]


def test_without_the_cache_the_door_is_closed(raised, settings):
    row, guest = raised(), Client()
    guest.raise_request_exception = False
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert (guest.get(at(row)).status_code, guest.post("/r/", {"code": row.code, "key": row.follow_key}).status_code) == (503, 503)


@pytest.mark.parametrize("address", ["/report/", "/r/", "/r/TS251125-AAAAAA/AAAAAAAA/", None])
def test_nobody_keeps_or_lists_these_pages(raised, client, address):
    answer = client.get(address or at(raised()))
    headers = [answer[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert headers == ["no-store", "noindex, nofollow", "same-origin"]
    assert 'name="robots" content="noindex, nofollow"' in answer.content.decode()


def test_logs_hold_no_follow_key():
    line = without_personal_data("Unprocessable Content: /r/TS251125-ABC234/YWWRHXTQ/rate/")
    assert line == "Unprocessable Content: /r/TS251125-ABC234/[key]/rate/"


# What is said, and what never is.


@pytest.fixture
def everything(lead_to, raised, act, people, desk):
    """verb → a report to which that verb was done, with words that officers keep to themselves."""

    def at_handling():
        return lead_to(*TO_HANDLING)

    def others():
        return raised(title="别人的话题", phone="13700007777")

    def on_desk_of(code):
        row = lead_to("open")
        handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=Recipient(desk_code=code))
        return row

    def doing(row, action, who, **given):
        action(actor=act(who), report_id=row.pk, **given)
        return row

    def twice(row, *steps):
        for action, who, given in steps:
            doing(row, action, who, **given)
        return row

    reason, result = {"reason": SECRET}, {"result": SECRET}
    asked = (oversight.ask_extension, "handler", {"amount": 1, **reason})
    deferral = (deferring.ask_deferral, "handler", {"until": clock.today() + timedelta(days=3), **reason})
    co_asked = (co_handling.ask_co_handling, "handler", {"recipient": desk("transport"), **reason})
    co_accepted = (co_handling.accept_co_handling, "co_handler", {})
    given = (sub_tasks.give_sub_task, "handler", {"assignee_id": people["assistant"].pk, "text": SECRET})
    ordered = (oversight.supervise, "director", reason)
    proposed = (oversight.propose_void, "duty_officer", reason)
    return {
        "file_report": raised,
        "open_report": lambda: lead_to("open"),
        "place": lambda: doing(raised(), handling.place, "duty_officer", area_code=OTHER_TOWN),
        "classify": lambda: doing(raised(), handling.classify, "duty_officer", category=raised().category),
        "dispatch": lambda: lead_to("open", "dispatch"),
        "sign_for": at_handling,
        "object_to": lambda: doing(at_handling(), handling.object_to, "handler", **reason),
        "return_report": lambda: doing(at_handling(), handling.return_report, "handler", **reason),
        "feed_back": lambda: lead_to(*TO_HANDLED),
        "verify": lambda: lead_to(*TO_HANDLED, "verify"),
        "send_back": lambda: doing(lead_to(*TO_HANDLED), handling.send_back, "supervisor", **reason),
        "close": lambda: lead_to("all"),
        "archive": lambda: twice_archive(lead_to("all")),
        "reopen": lambda: doing(lead_to("all"), handling.reopen, "supervisor", **reason),
        "pause": lambda: doing(at_handling(), oversight.pause, "handler", reason=PAUSED),
        "resume": lambda: twice(at_handling(), (oversight.pause, "handler", {"reason": PAUSED}), (oversight.resume, "handler", {})),
        "ask_extension": lambda: twice(at_handling(), asked),
        "approve_extension": lambda: twice(at_handling(), asked, (oversight.approve_extension, "supervisor", {})),
        "refuse_extension": lambda: twice(at_handling(), asked, (oversight.refuse_extension, "supervisor", reason)),
        "hasten": lambda: doing(at_handling(), oversight.hasten, "dispatcher", **reason),
        "supervise": lambda: doing(at_handling(), oversight.supervise, "director", **reason),
        "answer_order": lambda: twice(at_handling(), ordered, (oversight.answer_order, "handler", result)),
        "add_note": lambda: doing(at_handling(), oversight.add_note, "dispatcher", **reason),
        "supplement": lambda: supplemented(at_handling()),
        "withdraw": lambda: withdrawn(raised()),
        "propose_void": lambda: twice(raised(), proposed),
        "confirm_void": lambda: twice(raised(), proposed, (oversight.confirm_void, "director", {})),
        "reject_void": lambda: twice(raised(), proposed, (oversight.reject_void, "director", reason)),
        "send_up": lambda: doing(on_desk_of(GRID), moving.send_up, "worker", **reason),
        "send_up_to_centre": lambda: doing(on_desk_of(TOWN), moving.send_up_to_centre, "town_officer", **reason),
        "send_down": lambda: doing(on_desk_of(TOWN), moving.send_down, "town_officer", recipient=Recipient(desk_code=GRID), **reason),
        "transfer": lambda: doing(at_handling(), moving.transfer, "handler", recipient=desk("water"), **reason),
        "ask_co_handling": lambda: twice(at_handling(), co_asked),
        "accept_co_handling": lambda: twice(at_handling(), co_asked, co_accepted),
        "refuse_co_handling": lambda: twice(at_handling(), co_asked, (co_handling.refuse_co_handling, "co_handler", reason)),
        "finish_co_handling": lambda: twice(
            at_handling(), co_asked, co_accepted, (co_handling.finish_co_handling, "co_handler", result)
        ),
        "drop_co_handling": lambda: twice(at_handling(), co_asked, (co_handling.drop_co_handling, "handler", reason)),
        "give_sub_task": lambda: twice(at_handling(), given),
        "finish_sub_task": lambda: twice(at_handling(), given, (sub_tasks.finish_sub_task, "assistant", result)),
        "split_off": lambda: doing(
            at_handling(), splitting.split_off, "dispatcher", key=uuid4(), title="别人的话题", recipient=desk("water")
        ),
        "make_return_call": lambda: doing(
            lead_to(*TO_HANDLED), answering.make_return_call, "supervisor", reached=True, satisfaction="fair", note=SECRET
        ),
        "rate": lambda: rated(lead_to("all")),
        "ask_deferral": lambda: twice(at_handling(), deferral),
        "approve_deferral": lambda: twice(at_handling(), deferral, (deferring.approve_deferral, "supervisor", {})),
        "refuse_deferral": lambda: twice(at_handling(), deferral, (deferring.refuse_deferral, "supervisor", reason)),
        "apply_limit": lambda: by_portal(at_handling(), "apply_limit"),
        "link": lambda: by_portal(at_handling(), "link"),
        "lose_lead": lambda: by_portal(at_handling(), "lose_lead"),
        "merge": lambda: doing(raised(), handling.merge, "dispatcher", into_code=others().code, **reason),
        "unmerge": lambda: twice(
            raised(), (handling.merge, "dispatcher", {"into_code": raised().code, **reason}), (handling.unmerge, "dispatcher", reason)
        ),
    }  # fmt: skip


def by_portal(row, verb):
    return take(actor=system_actor("reports"), report_id=row.pk, verb=verb, now=clock.now(), reason=SECRET, recipient=SECRET)


def rated(row):
    answering.rate_report(report_id=row.pk, satisfaction="fair", text=SECRET)
    return row


def twice_archive(row):
    handling.archive(actor=system_actor("reports"), report_id=row.pk)
    return row


def supplemented(row):
    supplementing.supplement(actor=system_actor("residents"), report_id=row.pk, text="又坏了一盏")
    return row


def withdrawn(row):
    handling.withdraw(actor=system_actor("residents"), report_id=row.pk, reason=SECRET)
    return row


VERBS = ["file_report", *STEPS.verbs]


def test_the_cast_of_the_leak_test_knows_every_verb(everything):
    assert set(VERBS) - set(everything) == set()


def test_no_name_no_note_no_contact_at_any_verb(everything, people, client):
    for name, user in people.items():
        type(user).objects.filter(pk=user.pk).update(name=f"姓名{name}")
        user.refresh_from_db()
    secret = {SECRET, NAME, PHONE, "13700007777", "别人的话题", *people, *(f"姓名{name}" for name in people)} - {"water", "stranger"}
    found = {}
    for verb in VERBS:
        with undone():
            row = everything[verb]()
            for lang, page in product(("zh-hans", "en"), ("follow", "slip", "contact")):
                client.cookies["django_language"] = lang
                answer = client.get(at(row, page))
                found[verb, lang, page] = (answer.status_code, [word for word in secret if word in answer.content.decode()])
    assert found == dict.fromkeys(product(VERBS, ("zh-hans", "en"), ("follow", "slip", "contact")), (200, []))


def test_labels_of_people_are_really_in_the_steps_that_are_hidden(everything, people):
    """The negative control: what the leak test looks for stands in the rows it renders."""
    row = everything["add_note"]()
    steps = ReportStep.objects.unscoped("a test").filter(report=row)
    assert (steps.filter(reason=SECRET).exists(), steps.filter(actor_label=people["handler"].name).exists()) == (True, True)


def test_a_verb_that_nobody_thought_about_is_silent(raised):
    row = raised()
    ReportStep.objects.create(
        report=row,
        area_code=row.area_code,
        verb="gossip",
        from_state="filed",
        to_state="filed",
        at=clock.now(),
        actor_label="x",
        reason=SECRET,
    )
    assert [said.words for said in queries.follow_page(row, clock.now()).said] == ["我们已收到您上报的事项，谢谢。"]


def test_every_sentence_belongs_to_a_verb_and_every_state_has_one():
    assert set(sentences.STEPS_IN_WORDS) - {"file_report"} <= set(STEPS.verbs)
    assert set(sentences.STATES_IN_WORDS) == set(STEPS.states)


def test_the_course_in_plain_words(lead_to):
    row = lead_to("all")
    said = [one.words for one in queries.follow_page(row, clock.now()).said]
    assert said == [
        "我们已收到您上报的事项，谢谢。", "已审核立案。", "已派给urban办理。", "urban已签收，正在处置。",
        "urban反馈已处置，正由其他人员核查。", "经其他人员核查，处置结果属实。", "已结案，答复见本页。",
    ]  # fmt: skip


def test_who_has_it_is_a_desk_and_a_name_only_where_the_setting_says_so(lead_to, client, people, settings):
    row = lead_to(*TO_HANDLING)
    page = queries.follow_page(row, clock.now())
    assert (page.who, page.officer) == ("urban", "")
    settings.SHOW_OFFICER_NAMES = True
    type(people["handler"]).objects.filter(pk=people["handler"].pk).update(name="张三")
    row = all_reports().get(pk=row.pk)
    assert (queries.follow_page(row, clock.now()).officer, "张三" in client.get(at(row)).content.decode()) == ("张三", True)


def test_a_desk_of_an_area_is_named_with_its_town(raised, act, client):
    row = raised()
    handling.open_report(actor=act("duty_officer"), report_id=row.pk)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=Recipient(desk_code=GRID))
    assert queries.follow_page(all_reports().get(pk=row.pk), clock.now()).who == "柳新镇 · 试验村 · 第001网格"


def test_the_reason_of_a_pause_is_read_by_both_sides_and_no_date_is_promised_meanwhile(everything, client):
    row = everything["pause"]()
    page = queries.follow_page(all_reports().get(pk=row.pk), clock.now())
    assert (page.paused, page.due, f"办理时限暂停：{PAUSED}" in client.get(at(row)).content.decode()) == (PAUSED, None, True)


def test_a_deferral_says_until_when_and_not_why(everything, client):
    row = all_reports().get(pk=everything["approve_deferral"]().pk)
    page = queries.follow_page(row, clock.now())
    assert (page.paused, page.due, page.deferred) == ("", None, local(row.deferred_until).date())
    assert f"{page.deferred:%Y-%m-%d}" in client.get(at(row)).content.decode()


def test_what_is_late_is_said(raised, client):
    row = raised()
    assert queries.follow_page(row, clock.now()).is_late is False
    page = queries.follow_page(row, row.deadline_at + timedelta(minutes=1))
    assert (page.is_late, page.due) == (True, local(row.deadline_at).date())


def test_the_answer_is_shown_when_it_is_closed_and_not_before(lead_to, client):
    row = lead_to(*TO_HANDLED, "verify")
    Report.objects.filter(pk=row.pk).update(answer="路灯已修好")
    assert "路灯已修好" not in client.get(at(row)).content.decode()
    closed = lead_to("all")
    Report.objects.filter(pk=closed.pk).update(answer="路灯已修好\n<b>谢谢</b>")
    body = client.get(at(closed)).content.decode()
    assert ("路灯已修好<br>&lt;b&gt;谢谢" in body, "<b>谢谢" in body) == (True, False)


@pytest.mark.parametrize(
    ("verb", "words"),
    [("withdraw", "已撤回，不再办理"), ("confirm_void", "不再办理：经两人确认，该事项作废。"), ("merge", "与他人反映的同一事项合并办理")],
)
def test_what_is_over_is_said_in_plain_words(everything, client, verb, words):
    body = client.get(at(everything[verb]())).content.decode()
    assert (words in body, "补充说明</a>" in body) == (True, False)


def test_a_merged_report_says_how_the_other_one_stands_and_nothing_else_of_it(everything, client):
    row = all_reports().get(pk=everything["merge"]().pk)
    body = client.get(at(row)).content.decode()
    assert ("已收到，等待受理" in body, row.merged_into.code in body, row.merged_into.title in body) == (True, False, False)


def test_details_that_staff_wrote_for_a_caller_are_not_shown(file, client):
    row = file("duty_officer", text=SECRET, address="某户门前", contact=NAME, phone=PHONE, source="call")
    body = client.get(at(row)).content.decode()
    assert [word for word in (SECRET, "某户门前", NAME, PHONE) if word in body] == []


@pytest.fixture
def photo(people, tmp_path, monkeypatch):
    from django.core.files.storage import storages

    monkeypatch.setitem(storages["private"].__dict__, "location", str(tmp_path))

    def make(row, moment, who=None) -> Photo:
        return Photo.objects.create(
            report=row, area_code=row.area_code, key=ids.new_uuid(), moment=moment, file=ContentFile(b"jpg", "x.jpg"),
            width=1, height=1, size=3,
            added_by=people[who] if who else None, added_at=clock.now(),
        )  # fmt: skip

    return make


def test_only_own_photos_and_those_of_afterwards_are_shown(lead_to, photo, client):
    row = lead_to(*TO_HANDLED, "verify")
    own, officers, after = photo(row, Moment.BEFORE), photo(row, Moment.BEFORE, "handler"), photo(row, Moment.AFTER, "handler")
    other = photo(lead_to(), Moment.BEFORE)

    def seen() -> list[int]:
        return [client.get(f"{at(row)}photos/{one.pk}/").status_code for one in (own, officers, after, other)]

    before = seen()
    handling.close(actor=system_actor("reports"), report_id=row.pk, answer="路灯已修好")
    assert (before, seen()) == ([200, 404, 404, 404], [200, 404, 200, 404])
    assert client.get(f"/r/{row.code}/AAAAAAAA/photos/{own.pk}/").status_code == 404


@pytest.mark.usefixtures("nothing_asked_by_time")
def test_the_page_costs_the_same_however_long_the_course(raised, lead_to, client):
    short, long = raised(), lead_to("all")
    client.get(at(short))
    counts = []
    for row in (short, long):
        with CaptureQueriesContext(connection) as asked:
            client.get(at(row))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


# What the resident does there.


def test_satisfied_is_kept_once_per_closing(lead_to, client):
    row = lead_to("all")
    first = client.post(at(row, "rate"), {"satisfaction": "satisfied", "text": "很快"})
    second = client.post(at(row, "rate"), {"satisfaction": "unsatisfied", "text": "改主意"})
    row.refresh_from_db()
    assert (first.status_code, second.status_code, row.state, row.rating, row.rating_text) == (302, 422, "archived", "satisfied", "很快")
    assert LedgerEntry.objects.filter(verb="report.rated").count() == 1
    assert ("很快" in str(list(LedgerEntry.objects.values_list("reason", "detail")))) is False


def test_not_solved_opens_it_again_with_its_history_and_the_next_closing_is_rated_anew(lead_to, client, act, reads):
    row = lead_to("all")
    client.post(at(row, "rate"), {"satisfaction": "not_solved", "text": "还是不亮"})
    row.refresh_from_db()
    assert (row.state, row.reopened, row.rating, row.closed_at) == ("opened", 1, "not_solved", None)
    body = client.get(at(row)).content.decode()
    assert ("您评价“未解决”，已重新办理。" in body, "已结案，答复见本页。" in body) == (True, True)
    urban = Recipient(Department.objects.get(code="urban"))
    reads("dispatcher", row)
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=urban)
    handling.sign_for(actor=act("handler"), report_id=row.pk)
    handling.feed_back(actor=act("handler"), report_id=row.pk, result="换灯")
    handling.verify(actor=act("supervisor"), report_id=row.pk)
    handling.close(actor=act("supervisor"), report_id=row.pk, answer="路灯已修好")
    assert client.post(at(row, "rate"), {"satisfaction": "satisfied", "text": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.rating) == ("archived", "satisfied")
    assert "还是不亮" not in str(list(LedgerEntry.objects.values_list("reason", "detail")))
    later = client.get(at(row, "rate"))
    assert (later.status_code, [value for value, _label in later.context["form"].fields["satisfaction"].choices]) == (200, ["not_solved"])
    client.post(at(row, "rate"), {"satisfaction": "not_solved", "text": ""})
    row.refresh_from_db()
    assert (row.state, row.reopened) == ("opened", 2)


@pytest.mark.parametrize("given", [{}, {"satisfaction": "wonderful"}])
def test_what_is_no_rating_changes_nothing(lead_to, client, given):
    row = lead_to("all")
    answer = client.post(at(row, "rate"), given)
    row.refresh_from_db()
    assert (answer.status_code, row.rating, row.state) == (422, "", "closed")


def test_what_is_not_closed_is_not_rated(raised, client):
    row = raised()
    answer = client.post(at(row, "rate"), {"satisfaction": "satisfied"})
    row.refresh_from_db()
    assert (answer.status_code, row.rating, client.get(at(row, "rate"))["Location"]) == (422, "", at(row))


def test_what_is_added_is_read_by_the_desk_and_stays_out_of_the_ledger(lead_to, client, people):
    row = lead_to(*TO_HANDLING)
    answer = client.post(at(row, "supplement"), {"text": "我的门牌是3号 <i>"})
    step = ReportStep.objects.unscoped("a test").get(report=row, verb="supplement")
    assert (answer.status_code, step.reason, step.actor_label) == (302, "我的门牌是3号 <i>", "portal/residents")
    assert "门牌" not in str(list(LedgerEntry.objects.values_list("reason", "detail")))
    assert Notice.objects.filter(kind="report.supplemented", deliveries__user=people["handler"]).count() == 1
    body = client.get(at(row)).content.decode()
    assert ("您补充说明：我的门牌是3号 &lt;i&gt;" in body, "3号 <i>" in body) == (True, False)


def test_adding_has_its_limit_and_ends_with_the_report(raised, lead_to, client, settings):
    settings.RESIDENT_ADDITIONS_PER_DAY = 1
    row, closed = raised(), lead_to("all")
    assert [client.post(at(row, "supplement"), {"text": "一"}).status_code for _turn in range(2)] == [302, 429]
    assert client.post(at(closed, "supplement"), {"text": "一"}).status_code == 422
    assert ReportStep.objects.unscoped("a test").filter(verb="supplement").count() == 1


def test_it_is_withdrawn_before_it_is_dispatched_and_not_after(raised, lead_to, client):
    early, late = raised(), lead_to("open", "dispatch")
    assert [client.post(at(row, "withdraw")).status_code for row in (early, late)] == [302, 422]
    early.refresh_from_db(), late.refresh_from_db()
    assert (early.state, late.state) == ("withdrawn", "dispatched")


def test_a_report_of_staff_is_not_withdrawn_from_outside(file, client):
    row = file()
    answer = client.post(at(row, "withdraw"))
    row.refresh_from_db()
    assert (answer.status_code, row.state) == (422, "filed")


def test_the_pages_are_in_both_languages(raised, client):
    with translation.override("en"):
        client.cookies["django_language"] = "en"
        assert "We received your report. Thank you." in client.get(at(raised())).content.decode()


def test_time_passing_tells_the_resident_nothing_internal(raised, client):
    row = raised()
    sweeping.sweep_clocks(now=row.due_at + timedelta(days=3))
    assert [one.words for one in queries.follow_page(row, clock.now()).said] == ["我们已收到您上报的事项，谢谢。"]


def test_the_whole_district_is_said_where_nobody_knows_the_place(raised):
    row = raised(area_code="", address="火车站旁")
    assert (row.area_code, queries.follow_page(row, clock.now()).place) == (DISTRICT, "铜山区")
