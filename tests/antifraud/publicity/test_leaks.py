"""What is not published is seen by nobody outside the desk: person × state × channel, as one table."""

import pytest

from antifraud.publicity.enums import NoticeState
from antifraud.publicity.models import CapMessage, FraudNotice
from tests.antifraud.publicity.conftest import SECRET, TITLE
from tongshan_portal.live.models import Notice, OutboxEvent

pytestmark = pytest.mark.django_db

INSIDE = {
    "draft": {"officer", "second_officer", "town_desk"},
    "submitted": {"officer", "second_officer", "town_desk", "director", "supervisor"},
    "discarded": {"officer", "second_officer", "town_desk"},
}
"""Who reads what is not published. The duty officer and the village see nothing of it, nor does another town's desk."""
OUTSIDE = {
    "officer", "second_officer", "town_desk", "director", "supervisor", "duty_officer", "town_officer", "village_officer", "police",
    "worker", "colleague",
}  # fmt: skip
"""Who reads, as staff, what was published for the village."""


def test_person_state_channel(notice_in, client, people, actor):
    """Everybody by the one door to rows; then, for one of each kind, the pages themselves."""
    rows = {state: notice_in(state) for state in NoticeState.values}
    held = set(FraudNotice.objects.filter(pk__in=[row.pk for row in rows.values()]).values_list("pk", "state"))
    doors = {who: set(FraudNotice.objects.visible_to(actor(user).scope).values_list("pk", "state")) & held for who, user in people.items()}
    assert doors == {who: {(row.pk, state) for state, row in rows.items() if who in INSIDE.get(state, OUTSIDE)} for who in people}
    seen, wanted = {}, {}
    for who in (None, "officer", "director", "village_officer", "other_town_desk"):
        client.logout()
        if who is not None:
            client.force_login(people[who])
        listed = "".join(client.get(f"/antifraud/publicity/?view={tab}").content.decode() for tab in ("force", "approve", "draft", "over"))
        public = "".join(client.get(path).content.decode() for path in ("/antifraud/notices/", "/antifraud/notices/feed.xml"))
        for state, row in rows.items():
            desk, own = client.get(f"/antifraud/publicity/{row.number}/"), client.get(f"/antifraud/notices/{row.number}/")
            seen[who, state] = (SECRET in desk.content.decode(), row.number in listed, own.status_code, row.number in public)
            may, inside = who in INSIDE.get(state, OUTSIDE), state in INSIDE
            # The public list holds what is in force, the feed besides what ended in the last days: everything that was published here.
            wanted[who, state] = (may, may, 404 if inside else 200, not inside)
    assert seen == wanted


def test_nothing_of_a_draft_leaves_by_the_live_path_or_as_a_message(notice_in):
    numbers = [notice_in(state).number for state in ("draft", "submitted", "discarded")]
    assert CapMessage.objects.filter(notice__number__in=numbers).count() == 0
    assert OutboxEvent.objects.filter(topic="publicity", line__notice__in=numbers).count() == 0
    inside = set(OutboxEvent.objects.filter(line__notice__in=numbers).values_list("topic", "kind"))
    assert inside == {
        ("publicity_drafts", "fraud_notice.drafted"), ("publicity_drafts", "fraud_notice.discarded"),
        ("publicity_desk", "fraud_notice.submitted"),
    }  # fmt: skip
    told = Notice.objects.filter(kind__startswith="publicity.").values_list("kind", "params")
    assert list(told) == [("publicity.to_approve", {"number": numbers[1]})]
    everything = [str(row) for row in OutboxEvent.objects.values_list("kind", "line")]
    assert [line for line in everything if TITLE in line] == []


def test_a_notice_for_staff_alone_is_on_no_public_page(published, client):
    row = published(to_residents=False)
    answers = [client.get(f"/antifraud/notices/{row.number}/").status_code, CapMessage.objects.filter(notice=row).count()]
    assert (answers, TITLE in client.get("/antifraud/notices/").content.decode()) == ([404, 0], False)
