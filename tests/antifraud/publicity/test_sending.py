"""Short messages to followers: those who agreed and nobody else, each number once, portion by portion, stopped and gone on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from antifraud.publicity.actions import publishing
from antifraud.publicity.actions.sending import send_portions
from antifraud.publicity.models import MessageRun
from antifraud.registrations import sms
from antifraud.registrations.actions import sending as outbox
from antifraud.registrations.models import Message, Registration
from antifraud.registrations.public import send_words
from tests.antifraud.publicity.conftest import SMS
from tests.antifraud.registrations.conftest import member, registration
from tests.conftest import GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.sealed import open_sealed

pytestmark = pytest.mark.django_db

CHINA = ZoneInfo("Asia/Shanghai")


def at(hour: int, day: int = 0) -> datetime:
    """An hour of the district's day, so many days from today."""
    return clock.now().astimezone(CHINA).replace(hour=hour, minute=0, second=0, microsecond=0) + timedelta(days=day)


NOON = 12


class Gateway:
    """A gateway in memory: keeps what it was given, refuses some numbers."""

    shows = False

    def __init__(self):
        self.heard: list[tuple[str, str]] = []
        self.refuses: set[str] = set()

    def send(self, phone: str, words: str) -> None:
        if phone in self.refuses:
            raise sms.Refused("refused")
        self.heard.append((phone, words))


@pytest.fixture
def gateway(monkeypatch) -> Gateway:
    made = Gateway()
    monkeypatch.setattr(sms, "gateway", lambda: made)
    return made


@pytest.fixture
def small(monkeypatch):
    """Portions of two."""
    monkeypatch.setattr("antifraud.publicity.actions.sending.PORTION", 2)


@pytest.fixture
def followers(areas):
    """Five who agreed in the village, and all the others: another town, no notices, withdrawn, waiting for a code, a family member."""
    agreed = [registration(f"1380000000{place}", follows=True) for place in range(5)]
    registration("13900000001", follows=True, area_code=f"{OTHER_TOWN}201")
    registration("13900000002", follows=False)
    registration("13900000003", follows=True, state="withdrawn", withdrawn_at=clock.now())
    registration("13900000004", follows=True, state="pending_verification", registered_at=None)
    member(agreed[0], "13700000001")
    return agreed


def send_all(now: datetime) -> None:
    """The worker of the outbox: until nothing is due."""
    while outbox.send_due(now=now):
        pass


def numbers(run: MessageRun) -> tuple:
    run.refresh_from_db()
    return (run.state, run.total, run.sent, run.failed)


def test_a_notice_reaches_those_who_agreed_in_its_areas_each_once(followers, gateway, small, published):
    row = published(areas=(VILLAGE, TOWN), to_followers=True, sms_text=SMS)
    run = MessageRun.objects.get(notice=row)
    seen = [numbers(run)]
    registration("13800000009", follows=True)  # after the publication
    gateway.refuses = {"13800000003"}
    for _turn in range(4):
        send_portions(now=at(NOON))
        send_portions(now=at(NOON))  # a second sweep at the same time queues nothing
        send_all(at(NOON))
        seen.append(numbers(run))
    assert seen == [("running", 5, 0, 0), ("running", 5, 0, 0), ("running", 5, 2, 0), ("running", 5, 3, 1), ("done", 5, 4, 1)]
    assert sorted(gateway.heard) == sorted((f"1380000000{place}", SMS) for place in (0, 1, 2, 4))
    assert (Message.objects.filter(state="waiting").count(), send_portions(now=at(NOON))) == (0, 0)


def test_a_run_goes_on_where_it_was_after_the_night_and_leaves_out_who_withdrew(followers, gateway, small, published):
    row = published(to_followers=True, sms_text=SMS)
    send_portions(now=at(20))
    send_all(at(20))
    Registration.objects.filter(pk=followers[2].pk).update(state="withdrawn", withdrawn_at=clock.now())
    night = [send_portions(now=at(hour)) for hour in (21, 23)] + [send_portions(now=at(7, day=1))]
    morning = send_portions(now=at(8, day=1))
    send_all(at(8, day=1))
    send_portions(now=at(8, day=1))
    assert (night, morning, numbers(MessageRun.objects.get(notice=row))) == ([0, 0, 0], 2, ("done", 5, 4, 0))
    assert sorted(phone for phone, _words in gateway.heard) == [f"1380000000{place}" for place in (0, 1, 3, 4)]


def test_what_a_notice_did_not_send_yet_stops_with_it(followers, gateway, small, published, act):
    row = published(to_followers=True, sms_text=SMS)
    send_portions(now=at(NOON))
    publishing.cancel_notice(actor=act("officer"), notice_id=row.pk, reason="情况有误")
    send_all(at(NOON))
    run = MessageRun.objects.get(notice=row)
    assert (numbers(run), gateway.heard, send_portions(now=at(NOON))) == (("stopped", 5, 0, 2), [], 0)
    assert Message.objects.exclude(phone__isnull=True, words__isnull=True).count() == 0


def test_killed_between_two_portions_nobody_is_reached_twice(followers, gateway, small, published, monkeypatch):
    published(to_followers=True, sms_text=SMS)

    def dies(_run):
        raise RuntimeError("killed")

    monkeypatch.setattr("antifraud.publicity.actions.sending._tell", dies)
    with pytest.raises(RuntimeError):
        send_portions(now=at(NOON))
    assert Message.objects.count() == 0
    monkeypatch.undo()


def test_areas_get_two_notices_by_message_a_day_at_most(areas, published, draft, act):
    published(to_followers=True, sms_text=SMS)
    published(areas=(TOWN,), to_followers=True, sms_text=SMS)
    third = draft(areas=(GRID,), to_followers=True, sms_text=SMS)
    publishing.submit_notice(actor=act("officer"), notice_id=third.pk)
    with pytest.raises(DomainError):
        publishing.publish_notice(actor=act("director"), notice_id=third.pk)
    third.refresh_from_db()
    assert (third.state, MessageRun.objects.count()) == ("submitted", 2)
    published(areas=(OTHER_TOWN,), to_followers=True, sms_text=SMS)
    assert MessageRun.objects.count() == 3


def test_a_portion_costs_the_same_statements_for_two_as_for_two_hundred(areas, published):
    asked = {}
    for many in (2, 200):
        for place in range(many):
            registration(f"138{many:04d}{place:04d}", follows=True)
    row = published(to_followers=True, sms_text=SMS)
    for limit in (2, 200):
        MessageRun.objects.filter(notice=row).update(open_ids=[])
        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr("antifraud.publicity.actions.sending.PORTION", limit)
            asked[limit] = (send_portions(now=at(NOON)), len(queries))
    assert (asked[2][0], asked[200][0], asked[2][1]) == (2, 200, asked[200][1])


def test_a_code_and_a_call_for_help_go_before_a_notice(followers, gateway, published):
    from antifraud.registrations.actions.proving import make_code

    published(to_followers=True, sms_text=SMS)
    send_portions(now=at(NOON))
    send_words(phone="13811113333", words="请联系家人", lasts=timedelta(hours=1), now=at(NOON))
    make_code(phone="13811112222", purpose="manage", registration=None, now=at(NOON))
    claimed = [open_sealed(outbox._claim(at(NOON)).phone) for _turn in range(3)]
    assert claimed == ["13811112222", "13811113333", "13800000000"]
