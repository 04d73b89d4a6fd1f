"""The loop of a notice: every state × verb × person in one walk; what each verb brings; who hears of it."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from antifraud.publicity.actions import broadcasting, publishing, writing
from antifraud.publicity.enums import NoticeState
from antifraud.publicity.models import Broadcast, FraudNotice, NoticeArea
from antifraud.publicity.queries.figures import waiting_for
from antifraud.publicity.workflow import STEPS
from tests.antifraud.publicity.conftest import TITLE, words
from tests.conftest import DISTRICT, GRID, OTHER_TOWN, TOWN, VILLAGE
from tests.workflow.matrix import cells, walk
from tongshan_portal.accounts.enums import Role
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict, DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live.models import Delivery, OutboxEvent

pytestmark = pytest.mark.django_db

PEOPLE = [
    "officer", "second_officer", "town_desk", "other_town_desk", "director", "supervisor", "duty_officer", "town_officer",
    "village_officer", "police", "worker", "system_admin", "stranger",
]  # fmt: skip
DESK = {"officer", "second_officer", "town_desk"}
APPROVERS = DESK | {"director", "supervisor"}
MAY = {
    "correct": DESK,
    "submit": DESK,
    "discard": DESK,
    "take_back": DESK,
    "publish": APPROVERS - {"officer"},
    "send_back": APPROVERS,
    "draft_update": DESK,
    "cancel": APPROVERS,
    "record_broadcast": {"village_officer", "town_officer", "police"},
}
"""Who may, of a notice for the village that the officer wrote and submitted. The broadcast is one of the whole village."""


def test_state_verb_role(notice_in, act):
    """All squares, each on a row of its own; the table and the expectation name the same verbs."""
    today = clock.today()
    calls = {
        "correct": lambda actor, pk: writing.correct_notice(actor=actor, notice_id=pk, areas=[VILLAGE], **words(title_zh="改过的标题")),
        "submit": lambda actor, pk: publishing.submit_notice(actor=actor, notice_id=pk),
        "discard": lambda actor, pk: publishing.discard_notice(actor=actor, notice_id=pk),
        "take_back": lambda actor, pk: publishing.take_back(actor=actor, notice_id=pk),
        "publish": lambda actor, pk: publishing.publish_notice(actor=actor, notice_id=pk),
        "send_back": lambda actor, pk: publishing.send_back(actor=actor, notice_id=pk, reason="地点不清"),
        "draft_update": lambda actor, pk: writing.draft_update(actor=actor, notice_id=pk),
        "cancel": lambda actor, pk: publishing.cancel_notice(actor=actor, notice_id=pk, reason="情况有误"),
        "record_broadcast": lambda actor, pk: broadcasting.record_broadcast(
            actor=actor, notice_id=pk, area_code=VILLAGE, channel="wechat", on=today, place="三组微信群"
        ),
    }
    assert set(calls) == set(MAY) == {item.verb for item in STEPS.transitions if not item.by_system}
    actors = {who: act(who) for who in PEOPLE}
    for state in NoticeState.values:
        walk(
            cells(STEPS, PEOPLE, states=[state]),
            row=notice_in(state),
            act=lambda cell, row: calls[cell.verb](actors[cell.person], row.pk),
            allowed=lambda cell: cell.person in MAY[cell.verb],
        )


def test_whoever_wrote_or_submitted_it_does_not_publish_it_not_even_past_the_actions(draft, act):
    row = draft()
    publishing.submit_notice(actor=act("second_officer"), notice_id=row.pk)
    for who in ("officer", "second_officer"):
        with pytest.raises(NotAllowed):
            publishing.publish_notice(actor=act(who), notice_id=row.pk)
    row.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        FraudNotice.objects.filter(pk=row.pk).update(state="published", published_by=row.submitted_by, published_at=clock.now())
    assert (row.state, row.published_at) == ("submitted", None)


def test_each_step_is_an_entry_and_an_event_and_the_desks_of_the_area_hear_of_it(published, update_of, act, people):
    row = published()
    new = update_of(row)
    publishing.cancel_notice(actor=act("officer"), notice_id=new.pk, reason="情况有误")
    entries = LedgerEntry.objects.filter(verb__startswith="fraud_notice").order_by("pk").values_list("object_label", "verb")
    first, second = row.number, new.number
    assert [(label, verb.removeprefix("fraud_notice.")) for label, verb in entries] == [
        (first, "drafted"), (first, "submitted"), (first, "published"), (second, "drafted"), (second, "corrected"), (second, "submitted"),
        (second, "published"), (first, "replaced"), (second, "cancelled"),
    ]  # fmt: skip
    events = OutboxEvent.objects.filter(topic="publicity").order_by("pk").values_list("kind", "area_code", "line")
    outside = [("published", first), ("replaced", first), ("published", second), ("cancelled", second)]
    by_area = [(kind, line) for kind, area, line in events.filter(user_ids=[]) if area == VILLAGE]
    assert by_area == [(f"fraud_notice.{kind}", {"notice": number}) for kind, number in outside]
    heard = Delivery.objects.filter(notice__kind__startswith="publicity.").order_by("pk").values_list("notice__kind", "user__username")
    wanted = {"village_officer", "town_officer", "police", "worker", "colleague"}
    told: dict[str, set[str]] = {}
    for kind, username in heard:
        told.setdefault(kind.removeprefix("publicity."), set()).add(username)
    asked = {"second_officer", "town_desk", "director", "supervisor"}
    assert told == {"to_approve": asked, "published": wanted, "updated": wanted, "cancelled": wanted}


def test_what_waits_for_approval_waits_for_others_and_comes_back_to_the_writer(draft, act):
    row = draft()
    waits = lambda who: [one.code for one in waiting_for(act(who), 20)]  # noqa: E731
    assert (waits("director"), waits("officer")) == ([], [])
    publishing.submit_notice(actor=act("officer"), notice_id=row.pk)
    assert {who: waits(who) for who in ("director", "second_officer", "town_desk", "officer", "village_officer", "other_town_desk")} == {
        "director": [row.number], "second_officer": [row.number], "town_desk": [row.number], "officer": [], "village_officer": [],
        "other_town_desk": [],
    }  # fmt: skip
    publishing.send_back(actor=act("director"), notice_id=row.pk, reason="地点不清")
    assert (waits("director"), waits("officer")) == ([], [row.number])


def test_a_notice_is_written_for_areas_of_one_s_own_and_says_what_it_must(act):
    wrong = [
        ({"areas": []}, "areas"), ({"areas": ["320312999"]}, "areas"), ({"title_zh": " "}, "title_zh"), ({"text_zh": ""}, "text_zh"),
        ({"text_zh": "请致电13800001234"}, "text_zh"), ({"to_residents": False, "to_staff": False}, "to_residents"),
        ({"valid_until": clock.now() - timedelta(minutes=1)}, "valid_until"),
        ({"valid_until": clock.now() + timedelta(days=91)}, "valid_until"),
        ({"sms_text": "字" * 201}, "sms_text"), ({"urgency": "panic"}, "urgency"),
    ]  # fmt: skip
    found = []
    for given, _field in wrong:
        with pytest.raises(DomainError) as refused:
            writing.draft_notice(
                actor=act("officer"), **{"areas": [VILLAGE], **words(**given)} if "areas" not in given else {**words(), **given}
            )
        found.append(refused.value.field)
    assert found == [field for _given, field in wrong]
    for who, areas in (("town_desk", [OTHER_TOWN]), ("town_desk", [VILLAGE, OTHER_TOWN]), ("village_officer", [VILLAGE])):
        with pytest.raises(NotAllowed):
            writing.draft_notice(actor=act(who), areas=areas, **words())
    assert FraudNotice.objects.count() == 0
    row = writing.draft_notice(actor=act("officer"), areas=[GRID, VILLAGE, OTHER_TOWN], **words())
    kept = list(NoticeArea.objects.filter(notice=row).values_list("area_code", flat=True))
    assert (row.area_code, kept) == (DISTRICT, [VILLAGE, OTHER_TOWN])


def test_an_update_replaces_what_it_updates_and_only_one_is_written_at_a_time(published, act):
    row = published()
    first = writing.draft_update(actor=act("officer"), notice_id=row.pk)
    with pytest.raises(Conflict):
        writing.draft_update(actor=act("second_officer"), notice_id=row.pk)
    publishing.submit_notice(actor=act("officer"), notice_id=first.pk)
    publishing.cancel_notice(actor=act("director"), notice_id=row.pk, reason="情况有误")
    with pytest.raises(DomainError):
        publishing.publish_notice(actor=act("director"), notice_id=first.pk)
    first.refresh_from_db()
    assert (first.state, FraudNotice.objects.get(pk=row.pk).state) == ("submitted", "cancelled")


def test_a_notice_expires_by_itself_once(published):
    row, longer = published(), published(valid_until=clock.now() + timedelta(days=30))
    late = row.valid_until + timedelta(seconds=1)
    assert (publishing.expire_due(now=late), publishing.expire_due(now=late)) == (1, 0)
    states = FraudNotice.objects.order_by("pk").values_list("pk", "state", "ended_at")
    assert list(states) == [(row.pk, "expired", late), (longer.pk, "published", None)]


def test_a_village_records_how_it_made_a_notice_known(published, act, client, people):
    row, today = published(), clock.today()
    record = lambda who, **given: broadcasting.record_broadcast(  # noqa: E731
        actor=act(who), notice_id=row.pk, **{"area_code": VILLAGE, "channel": "loudspeaker", "on": today, "place": "三组喇叭", **given}
    )
    wrong = [
        ({"channel": "pigeon"}, "channel"), ({"on": today + timedelta(days=1)}, "on"), ({"on": today - timedelta(days=1)}, "on"),
        ({"place": " "}, "place"), ({"place": "找13800001234"}, "place"),
    ]  # fmt: skip
    found = []
    for given, _field in wrong:
        with pytest.raises(DomainError) as refused:
            record("village_officer", **given)
        found.append(refused.value.field)
    assert found == [field for _given, field in wrong]
    with pytest.raises(DomainError):
        record("other_town_officer", area_code=OTHER_TOWN)
    assert Broadcast.objects.count() == 0
    record("village_officer")
    record("worker", area_code=GRID, channel="door", place="挨家挨户")
    seen = {}
    for who in ("officer", "town_officer", "village_officer", "worker", "colleague", "other_town_officer"):
        client.force_login(people[who])
        page = client.get(f"/antifraud/publicity/{row.number}/")
        seen[who] = (page.status_code, "三组喇叭" in page.content.decode(), "挨家挨户" in page.content.decode())
    both, own = (200, True, True), (200, False, True)
    nothing = (404, False, False)
    assert seen == {
        "officer": both, "town_officer": both, "village_officer": both, "worker": own, "colleague": (200, False, False),
        "other_town_officer": nothing,
    }  # fmt: skip


def test_the_counters_and_the_list_of_a_reader_say_the_same(published, draft, client, people):
    published()
    published(areas=(OTHER_TOWN,), title_zh="另一镇的提示")
    draft(title_zh="未发布的草稿")
    listed = {}
    for who in ("officer", "duty_officer", "village_officer", "other_town_officer", "town_desk"):
        client.force_login(people[who])
        page = client.get("/antifraud/publicity/").content.decode()
        listed[who] = (TITLE in page, "另一镇的提示" in page, "未发布的草稿" in page)
    assert listed == {
        "officer": (True, True, False), "duty_officer": (True, True, False), "village_officer": (True, False, False),
        "other_town_officer": (False, True, False), "town_desk": (True, False, False),
    }  # fmt: skip
    assert TOWN in VILLAGE


def test_the_demo_s_notices_say_that_they_are_made_up_and_come_once(people, settings, person):
    settings.DEMO_MODE = True
    person("antifraud", Role.ANTIFRAUD_OFFICER)
    person("village", Role.VILLAGE_OFFICER, VILLAGE)
    call_command("demo_publicity", verbosity=0)
    states = sorted(FraudNotice.objects.values_list("state", "is_synthetic"))
    call_command("demo_publicity", verbosity=0)
    assert states == sorted((state, True) for state in ("published", "published", "published", "cancelled", "submitted", "draft"))
    assert FraudNotice.objects.count() == len(states)
