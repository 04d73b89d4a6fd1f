"""Notices: to a person, to a desk; read by whom they are for; told live, without a word of them in the event."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.signals import user_logged_in
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import DISTRICT, GRID, NEXT_GRID, OTHER_TOWN, TOWN, VILLAGE
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import Posting
from tongshan_portal.accounts.signals import access_changed
from tongshan_portal.kernel.errors import DomainError, NotAllowed
from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.live import actions, queries
from tongshan_portal.live.models import Delivery, Notice, OutboxEvent

pytestmark = pytest.mark.django_db


def unread_of(user) -> int:
    return queries.unread_count(user.pk, timezone.now())


def words_of(user) -> list[str]:
    return [line.words for line in queries.page_of(user.pk, before=None).lines]


def told() -> list[tuple[str, list[int], dict]]:
    return list(OutboxEvent.objects.filter(topic="notices").order_by("id").values_list("kind", "user_ids", "line"))


def announce_to_town(actor, user, text="Typhoon tonight: look in on those who live alone.") -> int:
    return actions.announce(actor=actor(user), role=Role.GRID_WORKER, area_code=TOWN, text=text)


def test_a_notice_to_a_person_is_hers_alone_and_its_event_says_nothing(cast):
    actions.notify_person(user_id=cast["worker"].pk, kind="session.opened_elsewhere", params={"ip": "10.1.2.3"})
    assert [unread_of(cast[name]) for name in ("worker", "colleague")] == [1, 0]
    assert told() == [("notice.sent", [cast["worker"].pk], {})]


def test_the_words_are_in_the_language_of_the_reader(cast):
    actions.notify_person(user_id=cast["worker"].pk, kind="session.opened_elsewhere", params={"ip": "10.1.2.3"})
    with translation.override("en"):
        assert words_of(cast["worker"])[0].startswith("Your account was just signed in on another device (address 10.1.2.3)")
    with translation.override("zh-hans"):
        assert words_of(cast["worker"])[0].startswith("您的账号刚刚在另一台设备上登录（地址 10.1.2.3）")


@pytest.mark.parametrize("wrong", [{"kind": "nobody.registered"}, {"kind": "access.changed", "link": "https://elsewhere.example/"}])
def test_a_notice_of_no_known_kind_or_that_leads_elsewhere_is_refused(cast, wrong):
    with pytest.raises((KeyError, ValueError)):
        actions.notify_person(user_id=cast["worker"].pk, **wrong)
    assert not Notice.objects.exists()


def test_an_announcement_reaches_the_desk_below_and_is_in_the_ledger(cast, actor):
    assert announce_to_town(actor, cast["town_officer"]) == 2
    reached = {name for name, user in cast.items() if unread_of(user)}
    assert reached == {"worker", "colleague"}
    entry = LedgerEntry.objects.get(verb="notice.announced")
    assert (entry.area_code, entry.detail["people"], entry.actor_label) == (TOWN, 2, "town_officer")
    assert [(kind, sorted(people), line) for kind, people, line in told()] == [
        ("notice.sent", sorted([cast["worker"].pk, cast["colleague"].pk]), {})
    ]


@pytest.mark.parametrize("name", ["worker", "other_town_officer", "auditor", "stranger"])
def test_who_may_not_announce_here_announces_nothing(cast, actor, name):
    with pytest.raises(NotAllowed):
        announce_to_town(actor, cast[name])
    assert (Notice.objects.count(), OutboxEvent.objects.count(), LedgerEntry.objects.filter(verb="notice.announced").count()) == (0, 0, 0)


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "call Mr Wang 13812345678"])
def test_an_announcement_is_short_and_without_personal_data(cast, actor, text):
    with pytest.raises(DomainError) as refusal:
        announce_to_town(actor, cast["duty_officer"], text)
    assert (refusal.value.field, Notice.objects.count()) == ("text", 0)


def test_an_announcement_to_an_empty_desk_is_refused_and_not_kept(cast, actor):
    with pytest.raises(DomainError) as refusal:
        actions.announce(actor=actor(cast["duty_officer"]), role=Role.DEPUTY, area_code=VILLAGE, text="Meeting at two.")
    assert (refusal.value.field, Notice.objects.count()) == ("role", 0)


def test_who_comes_to_a_desk_gets_its_notices_and_who_leaves_loses_the_unread(cast, actor):
    announce_to_town(actor, cast["duty_officer"])
    Posting.objects.create(user=cast["stranger"], role=Role.GRID_WORKER, area_code=NEXT_GRID, starts_on="2020-01-01")
    Posting.objects.filter(user=cast["worker"]).update(area_code=f"{OTHER_TOWN}201001")
    for name in ("stranger", "worker", "colleague"):
        actions.follow_desks(scope=actor(cast[name]).scope)
    assert [unread_of(cast[name]) for name in ("stranger", "worker", "colleague")] == [1, 0, 1]


def test_a_change_of_access_is_told_once_while_it_waits_and_only_to_who_was_here_before(cast):
    type(cast["worker"]).objects.filter(pk=cast["worker"].pk).update(last_login=timezone.now())
    for name in ("worker", "worker", "colleague"):
        access_changed.send(sender=None, user_id=cast[name].pk)
    assert [unread_of(cast[name]) for name in ("worker", "colleague")] == [1, 0]
    changed = OutboxEvent.objects.filter(topic="access", kind="access.changed").order_by("id").values_list("user_ids", flat=True)
    assert list(changed) == [[cast["worker"].pk], [cast["worker"].pk], [cast["colleague"].pk]]


@pytest.mark.parametrize(("agent", "notices"), [("Phone/2", 1), ("Desk/1", 0)])
def test_a_sign_in_on_another_device_is_told_where_one_is_signed_in(cast, agent, notices, rf):
    from allauth.usersessions.models import UserSession

    UserSession.objects.create(user=cast["worker"], session_key="first", ip="10.0.0.1", user_agent="Desk/1")
    request = rf.get("/", headers={"user-agent": agent})
    request.session = Client().session
    user_logged_in.send(sender=type(cast["worker"]), request=request, user=cast["worker"])
    assert unread_of(cast["worker"]) == notices


def test_reading_one_marks_it_for_its_reader_only_and_leads_on(cast, client):
    for name in ("worker", "colleague"):
        actions.notify_person(user_id=cast[name].pk, kind="access.changed", link="/accounts/")
    client.force_login(cast["worker"])
    hers, other = (Delivery.objects.get(user=cast[name]) for name in ("worker", "colleague"))
    assert client.post(reverse("notice_read", args=[other.pk])).status_code == 404
    response = client.post(reverse("notice_read", args=[hers.pk]))
    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert [unread_of(cast[name]) for name in ("worker", "colleague")] == [0, 1]
    first = Delivery.objects.get(pk=hers.pk).read_at
    client.post(reverse("notice_read", args=[hers.pk]))
    assert Delivery.objects.get(pk=hers.pk).read_at == first


def test_all_on_the_page_are_read_and_what_came_since_is_not(cast, client):
    for _ in range(3):
        actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    newest = Delivery.objects.latest("id").pk
    actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    client.force_login(cast["worker"])
    client.post(reverse("notices_read_all"), {"until": newest})
    assert unread_of(cast["worker"]) == 1


def test_expired_notices_do_not_ring_and_are_forgotten_with_their_deliveries(cast):
    actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    past = timezone.now() - timedelta(days=1)
    Notice.objects.update(sent_at=past - timedelta(days=1), expires_at=past)
    Delivery.objects.update(expires_at=past)
    assert unread_of(cast["worker"]) == 0
    assert (actions.forget_old(), Delivery.objects.count()) == (1, 0)


@pytest.mark.parametrize("notices", [1, 3, 29])
def test_the_page_costs_the_same_however_many_there_are(cast, client, notices, django_assert_num_queries):
    for _ in range(notices):
        actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    client.force_login(cast["worker"])
    client.get(reverse("notices"))
    with django_assert_num_queries(4):  # session, person, postings, notices
        response = client.get(reverse("notices"), headers={"hx-request": "true"})
    assert response.content.decode().count('<li class="notice') == notices


def test_pages_go_on_below_the_last_notice(cast, client):
    for _ in range(queries.PAGE + 2):
        actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    client.force_login(cast["worker"])
    first = client.get(reverse("notices")).content.decode()
    before = re.search(r'\?before=(\d+)"', first)[1]
    second = client.get(reverse("notices"), {"before": before}).content.decode()
    assert (first.count('<li class="notice'), second.count('<li class="notice'), 'rel="next"' in second) == (queries.PAGE, 2, False)


def test_the_bell_counts_and_stops_counting(cast, client, monkeypatch):
    client.force_login(cast["worker"])
    assert "bell-count" not in client.get(reverse("notices_bell")).content.decode()
    for _ in range(4):
        actions.notify_person(user_id=cast["worker"].pk, kind="access.changed")
    assert '<span class="bell-count" aria-hidden="true">4</span>' in client.get(reverse("notices_bell")).content.decode()
    monkeypatch.setattr(queries, "MOST", 3)
    assert queries.unread_count(cast["worker"].pk, timezone.now()) == 4


@pytest.mark.parametrize("name", ["notices", "notices_bell", "notices_announce"])
def test_who_is_not_signed_in_is_led_to_sign_in(client, name):
    assert client.get(reverse(name)).status_code == 302


def test_the_form_offers_the_areas_of_its_sender_and_tells_the_desk(cast, client):
    client.force_login(cast["town_officer"])
    page = client.get(reverse("notices_announce")).content.decode()
    assert re.findall(r'<option value="(\d+)"', page) == [TOWN, VILLAGE]
    sent = {"role": Role.GRID_WORKER, "area": TOWN, "text": "Meeting at two.", "days": 3}
    assert client.post(reverse("notices_announce"), sent).status_code == 302
    assert [line.words for line in queries.page_of(cast["worker"].pk, before=None).lines] == ["Meeting at two."]
    refused = client.post(reverse("notices_announce"), {**sent, "area": DISTRICT})
    assert (refused.status_code, Notice.objects.count()) == (422, 1)
    assert unread_of(cast["colleague"]) == 1 and GRID.startswith(TOWN)


def test_who_may_not_announce_is_not_shown_the_form(cast, client):
    client.force_login(cast["worker"])
    assert client.get(reverse("notices_announce")).status_code == 403
