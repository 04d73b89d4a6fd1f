"""The queue and presence: nobody is given what somebody works on, and who looks is seen by those who may."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse

from grids.reports import presence
from grids.reports.actions import claiming, handling, oversight
from grids.reports.actions.claiming import CLAIM, release_claims, renew_claim, take_next
from grids.reports.models import Report
from tongshan_portal.accounts.enums import Role
from tongshan_portal.kernel import clock
from tongshan_portal.live.store import client as redis_client

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_looks():
    for key in redis_client().scan_iter(f"portal:reports:{connection.settings_dict['NAME']}:*"):
        redis_client().delete(key)


@pytest.fixture
def second(people, person):
    """A second dispatcher."""
    people["second"] = person("second", Role.DISPATCHER)
    return "second"


def change(row, **fields):
    Report.objects.unscoped("a test").filter(pk=row.pk).update(**fields)


def test_the_next_one_is_the_most_urgent_that_nobody_works_on(report_in, act, second):
    late, later = report_in("opened"), report_in("opened")
    change(later, due_at=late.due_at + timedelta(hours=3))
    now = clock.now()
    assert take_next(actor=act("dispatcher"), now=now).pk == late.pk
    assert take_next(actor=act(second), now=now).pk == later.pk
    assert Report.objects.get(pk=late.pk).claimed_until == now + CLAIM


def test_with_one_in_hand_the_one_after_it_comes_and_at_the_end_the_first_again(report_in, act):
    rows = [report_in("opened") for _number in range(3)]
    for number, row in enumerate(rows):
        change(row, due_at=clock.now() + timedelta(hours=number + 1))
    given = [take_next(actor=act("dispatcher")).pk for _number in range(4)]
    assert given == [rows[0].pk, rows[1].pk, rows[2].pk, rows[0].pk]
    assert Report.objects.filter(claimed_by__isnull=False).count() == 1


def test_a_claim_ends_with_time_by_giving_it_back_and_when_it_is_done(report_in, act, second):
    row, now = report_in("opened"), clock.now()
    take_next(actor=act("dispatcher"), now=now)
    assert take_next(actor=act(second), now=now) is None
    assert renew_claim(actor=act("dispatcher"), report_id=row.pk, now=now + timedelta(minutes=9)) is True
    assert take_next(actor=act(second), now=now + timedelta(minutes=18)) is None
    assert take_next(actor=act(second), now=now + timedelta(minutes=19)).pk == row.pk
    assert renew_claim(actor=act("dispatcher"), report_id=row.pk, now=now) is False
    assert release_claims(actor=act(second)) == 1
    assert take_next(actor=act("dispatcher")).pk == row.pk
    handling.dispatch(actor=act("dispatcher"), report_id=row.pk, recipient=handling.Recipient(desk_code=row.area_code))
    row.refresh_from_db()
    assert (row.claimed_by, row.claimed_until) == (None, None)


def test_a_note_does_not_end_a_claim(report_in, act, people):
    row = report_in("opened")
    take_next(actor=act("dispatcher"))
    oversight.add_note(actor=act("dispatcher"), report_id=row.pk, reason="先打电话问清")
    row.refresh_from_db()
    assert row.claimed_by == people["dispatcher"]


def test_only_what_needs_the_person_is_given(report_in, act):
    report_in("opened")
    assert [take_next(actor=act(who)) for who in ("worker", "other_town_officer", "handler", "stranger")] == [None] * 4


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_never_get_the_same(report_in, act, second, people, person):
    names = ["dispatcher", second, "third", "fourth"]
    for name in names[2:]:
        people[name] = person(name, Role.DISPATCHER)
    for _number in range(3):
        report_in("opened")
    actors = [act(name) for name in names]
    for _round in range(5):
        Report.objects.update(claimed_by=None, claimed_until=None)
        barrier, given = threading.Barrier(len(actors)), []

        def ask(actor, barrier=barrier, given=given):
            try:
                barrier.wait()
                row = claiming.take_next(actor=actor)
                given.append(row and row.pk)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=ask, args=(actor,)) for actor in actors]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        got = [pk for pk in given if pk is not None]
        assert (len(given), len(got), len(set(got))) == (4, 3, 3)


def test_the_button_leads_to_it_and_the_list_names_who_works_on_it(client, people, report_in, second):
    row = report_in("opened")
    client.force_login(people["dispatcher"])
    assert client.post(reverse("reports:next"))["Location"] == reverse("reports:show", args=[row.code])
    assert client.get(reverse("reports:show", args=[row.code])).context["page"].is_claimed_by_me is True
    assert client.get(reverse("reports:index")).context["lines"][0].claimed_by == ""
    client.force_login(people[second])
    assert client.get(reverse("reports:index")).context["lines"][0].claimed_by == "dispatcher"
    assert client.get(reverse("reports:show", args=[row.code])).context["page"].claimed_by == "dispatcher"
    assert client.post(reverse("reports:next"))["Location"] == reverse("reports:index")
    client.force_login(people["dispatcher"])
    client.post(reverse("reports:release"))
    row.refresh_from_db()
    assert row.claimed_by is None


def test_asking_by_a_link_gives_nothing(client, people, report_in):
    row = report_in("opened")
    client.force_login(people["dispatcher"])
    assert [client.get(reverse(f"reports:{name}")).status_code for name in ("next", "release")] == [405, 405]
    row.refresh_from_db()
    assert row.claimed_by is None


def sign(client, user, row, **query):
    client.force_login(user)
    return client.post(reverse("reports:presence", args=[row.code]), query_params=query)


def test_who_looks_is_seen_by_the_others_and_not_by_herself(client, people, report_in):
    row = report_in("dispatched")
    assert sign(client, people["handler"], row).json()["watching"] == ""
    assert "handler" in sign(client, people["dispatcher"], row).json()["watching"]
    client.force_login(people["town_officer"])
    page = client.get(reverse("reports:show", args=[row.code]))
    assert ("dispatcher" in page.context["watchers"], "handler" in page.context["watchers"]) == (True, True)
    line = client.get(reverse("reports:index"), {"view": "living"}).context["lines"][0]
    assert line.watched_by == "dispatcher、handler"
    sign(client, people["dispatcher"], row, leave="1")
    assert presence.watchers([row.pk], but=None) == {row.pk: ["handler"]}


def test_who_looks_is_forgotten_after_a_while(report_in, people):
    row, now = report_in("filed"), clock.now()
    presence.watch(row.pk, people["worker"].pk, "worker", now=now - timedelta(seconds=presence.SECONDS + 1))
    presence.watch(row.pk, people["dispatcher"].pk, "dispatcher", now=now - timedelta(seconds=presence.SECONDS - 20))
    assert presence.watchers([row.pk], but=None) == {row.pk: ["dispatcher"]}


def test_whoever_does_not_see_the_report_neither_shows_nor_learns_who_looks(client, people, report_in):
    row = report_in("filed")
    sign(client, people["worker"], row)
    answer = sign(client, people["colleague"], row)
    assert (answer.status_code, "worker" in answer.content.decode()) == (404, False)
    assert presence.watchers([row.pk], but=None) == {row.pk: ["worker"]}


def test_without_redis_the_page_is_there_and_nobody_is_shown(client, people, report_in, settings):
    row = report_in("filed")
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    redis_client.cache_clear()
    try:
        answer = sign(client, people["worker"], row)
        page = client.get(reverse("reports:show", args=[row.code]))
        assert (answer.json()["watching"], page.status_code, page.context["watchers"]) == ("", 200, "")
    finally:
        redis_client.cache_clear()


def test_the_open_page_learns_of_a_change_and_by_whom(client, people, report_in, act):
    row = report_in("dispatched")
    seen = row.changed_at.isoformat()
    assert sign(client, people["dispatcher"], row, change=seen).json()["changed"] == ""
    handling.sign_for(actor=act("handler"), report_id=row.pk)
    assert "handler" in sign(client, people["dispatcher"], row, change=seen).json()["changed"]


def test_the_open_page_of_a_claimed_report_renews_the_claim(client, people, report_in, act):
    row, before = report_in("opened"), clock.now() - timedelta(minutes=9)
    take_next(actor=act("dispatcher"), now=before)
    sign(client, people["supervisor"], row)
    row.refresh_from_db()
    assert row.claimed_until == before + CLAIM
    sign(client, people["dispatcher"], row)
    row.refresh_from_db()
    assert row.claimed_until > before + CLAIM
