"""The stream: who gets in, who hears what, what happens to those who were away, and to those whose rights change."""

import asyncio

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.conftest import GRID, OTHER_TOWN, TOWN
from tests.live.client import Listening, aside, listen, session_of, until
from tests.live.conftest import SECRETS
from tongshan_portal.accounts.models import Posting, User
from tongshan_portal.accounts.scope import scope_of, scopes_of
from tongshan_portal.kernel import clock
from tongshan_portal.live import connection, drain, gate, hub, receivers, replay, store
from tongshan_portal.live.hub import hub_here
from tongshan_portal.live.models import OutboxEvent

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tell(say):
    """Publish and deliver."""

    def tell_now(number, area_code, **how):
        say(number, area_code, **how)
        drain.drain()

    return tell_now


@pytest.fixture
def sessions(cast):
    return {name: session_of(user) for name, user in cast.items()}


def test_an_event_reaches_those_whose_scope_holds_it_and_nobody_else(sessions, cast, tell):
    async def story():
        names = ["worker", "colleague", "town_officer", "other_town_officer", "duty_officer", "mediator", "stranger"]
        streams = {name: Listening(sessions[name]) for name in names}
        for stream in streams.values():
            await stream.__aenter__()
        await aside(lambda: tell(1, GRID))
        await aside(lambda: tell(2, OTHER_TOWN))
        await aside(lambda: tell(3, TOWN, topic=SECRETS))
        await aside(lambda: tell(4, GRID, user_ids=[cast["stranger"].pk]))
        await aside(lambda: tell(5, TOWN))
        await until(lambda: 5 in streams["duty_officer"].heard())
        heard = {name: stream.heard() for name, stream in streams.items()}
        for stream in streams.values():
            await stream.__aexit__()
        assert heard == {
            "worker": [1],
            "colleague": [],
            "town_officer": [1, 5],
            "other_town_officer": [2],
            "duty_officer": [1, 2, 5],
            "mediator": [3],
            "stranger": [4],
        }

    listen(story)


def test_a_new_stream_says_that_it_is_live_and_where_it_is(sessions, tell):
    tell(1, TOWN)

    async def story():
        async with Listening(sessions["worker"]) as stream:
            assert [data["state"] for data in stream.told("state")] == ["live"]
            assert stream.last_id == (await hub_here()).event_id()
            assert stream.heard() == []

    listen(story)


@pytest.mark.parametrize(("ring", "name"), [(5000, "memory"), (2, "database")])
def test_who_was_away_gets_what_was_missed_once_and_in_order(sessions, tell, ring, name, monkeypatch):
    monkeypatch.setattr(hub, "RING", ring)

    async def story():
        async with Listening(sessions["town_officer"]) as before:
            await aside(lambda: tell(1, TOWN))
            await until(lambda: before.heard() == [1])
        for number in range(2, 8):
            await aside(lambda number=number: tell(number, GRID if number % 2 else OTHER_TOWN))
        here = await hub_here()
        await until(lambda: here.position == 7)
        async with Listening(sessions["town_officer"], headers={"last-event-id": before.last_id}) as after:
            await aside(lambda: tell(8, TOWN))
            await until(lambda: 8 in after.heard())
            assert after.heard() == [3, 5, 7, 8]
            assert after.told("resync") == []

    listen(story)


@pytest.mark.parametrize("where", ["nonsense", "ffffffff-3", "{epoch}-999999"])
def test_an_unknown_position_is_told_to_load_anew(sessions, tell, where):
    tell(1, TOWN)

    async def story():
        epoch = (await hub_here()).epoch
        async with Listening(sessions["worker"], after=where.format(epoch=epoch)) as stream:
            await until(lambda: len(stream.told("resync")) == 1)
            await aside(lambda: tell(2, GRID))
            await until(lambda: stream.heard() == [2])

    listen(story)


def test_a_position_before_the_window_is_told_to_load_anew(sessions, tell, settings):
    for number in range(3):
        tell(number, GRID)
    OutboxEvent.objects.update(at="2026-01-01T00:00Z")
    drain.prune()
    store.client().delete(store.stream_key(store.cursor().epoch))

    async def story():
        epoch = (await hub_here()).epoch
        async with Listening(sessions["worker"], after=f"{epoch}-1") as stream:
            await until(lambda: [data["reason"] for data in stream.told("resync")] == ["too_old"])

    listen(story)


def test_too_much_to_replay_is_told_to_load_anew(sessions, tell, monkeypatch):
    monkeypatch.setattr(replay, "LIMIT", 3)
    for number in range(5):
        tell(number, GRID)

    async def story():
        epoch = (await hub_here()).epoch
        async with Listening(sessions["worker"], after=f"{epoch}-0") as stream:
            await until(lambda: len(stream.told("resync")) == 1)
            assert stream.heard() == []

    listen(story)


@pytest.mark.parametrize(
    ("headers", "method", "status"),
    [
        ({}, "POST", 405),
        ({"host": "elsewhere.example"}, "GET", 403),
        ({"origin": "https://elsewhere.example"}, "GET", 403),
        ({"sec-fetch-site": "cross-site"}, "GET", 403),
        ({"origin": "http://testserver", "sec-fetch-site": "same-origin"}, "GET", 200),
        ({"cookie": ""}, "GET", 401),
        ({"cookie": "sessionid=guessed"}, "GET", 401),
    ],
)
def test_who_may_not_connect_is_refused(sessions, headers, method, status):
    async def story():
        async with Listening(sessions["worker"], headers=headers, method=method) as stream:
            assert stream.status == status

    listen(story)


@pytest.mark.parametrize("spoil", ["disabled", "must_change", "password", "session", "condition"])
def test_what_a_page_would_refuse_the_stream_refuses(sessions, cast, spoil, monkeypatch):
    _spoil(spoil, cast["worker"], sessions["worker"], monkeypatch)

    async def story():
        async with Listening(sessions["worker"]) as stream:
            assert stream.status == 401

    listen(story)


@pytest.mark.parametrize("spoil", ["disabled", "must_change", "password", "session", "condition"])
def test_what_a_page_would_refuse_ends_an_open_stream(sessions, cast, spoil, monkeypatch):
    monkeypatch.setattr(hub, "RECHECK_SECONDS", 1)

    async def story():
        async with Listening(sessions["worker"]) as stream, Listening(sessions["colleague"]) as other:
            await aside(_spoil, spoil, cast["worker"], sessions["worker"], monkeypatch)
            await until(lambda: stream.done)
            assert stream.told("closed") == [{"reason": "signed_out"}]
            assert not other.done or spoil == "condition"

    listen(story)


def _spoil(how, user, session_key, monkeypatch):
    if how == "disabled":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif how == "must_change":
        User.objects.filter(pk=user.pk).update(must_change_password=True)
    elif how == "password":
        user.set_password("another-good-one-7")
        user.save()
    elif how == "session":
        Session.objects.filter(session_key=session_key).update(expire_date=timezone.now())
    else:
        monkeypatch.setattr(gate, "_conditions", [lambda user, held, scope, now: False])


def test_a_change_of_rights_takes_effect_at_once_between_two_events(sessions, cast, say):
    """The posting moves to another town: what was said before the change is heard under the old rights, what comes after under the new."""

    def move():
        say(1, TOWN)
        Posting.objects.filter(user=cast["town_officer"]).update(area_code=OTHER_TOWN)
        receivers.on_access_changed(None, cast["town_officer"].pk)
        say(2, TOWN)
        say(3, OTHER_TOWN)
        drain.drain()

    async def story():
        async with Listening(sessions["town_officer"]) as stream:
            await aside(move)
            await until(lambda: 3 in stream.heard())
            assert stream.heard() == [1, 3]
            assert len(stream.told("access")) == 1

    listen(story)


def test_rights_that_change_while_a_stream_is_let_in_are_those_of_after_the_change(sessions, cast, tell, monkeypatch):
    """The pass was made, then the posting ended, and its message came before the stream was in the index."""
    plain = gate.admit

    def admit_then_end(session_key):
        admission = plain(session_key)
        Posting.objects.filter(user=cast["town_officer"]).delete()
        receivers.on_access_changed(None, cast["town_officer"].pk)
        drain.drain()
        return admission

    monkeypatch.setattr(gate, "admit", admit_then_end)

    async def story():
        here = await hub_here()
        async with Listening(sessions["town_officer"]) as stream:
            await aside(lambda: tell(1, TOWN))
            await until(lambda: here.position == 3)  # the change, its notice, the matter
            await asyncio.sleep(0.2)
            assert stream.heard() == []

    listen(story)


def test_the_end_of_a_session_ends_its_stream_and_no_other(sessions, cast):
    second = session_of(cast["worker"])

    def end():
        receivers.on_session_ended(None, sessions["worker"], cast["worker"].pk)
        drain.drain()

    async def story():
        async with Listening(sessions["worker"]) as ended, Listening(second) as other:
            await aside(end)
            await until(lambda: ended.done)
            assert ended.told("closed") == [{"reason": "signed_out"}]
            assert not other.done

    listen(story)


def test_a_posting_ends_at_midnight_on_open_streams_too(sessions, cast, tell, monkeypatch):
    today = clock.today()
    Posting.objects.filter(user=cast["worker"]).update(ends_on=today)

    async def story():
        here = await hub_here()
        async with Listening(sessions["worker"]) as stream:
            monkeypatch.setattr(clock, "today", lambda: today + timezone.timedelta(days=1))
            await until(lambda: stream.told("access"))
            await aside(lambda: tell(1, GRID))
            await until(lambda: here.position == 1)
            await asyncio.sleep(0.1)
            assert stream.heard() == []

    listen(story)


def test_the_oldest_stream_of_a_person_makes_room(sessions, settings):
    settings.LIVE_STREAMS_PER_PERSON = 2

    async def story():
        streams = [Listening(sessions["worker"]) for _ in range(3)]
        for stream in streams:
            await stream.__aenter__()
        await until(lambda: streams[0].done)
        assert [stream.told("closed") for stream in streams] == [[{"reason": "replaced"}], [], []]
        for stream in streams:
            await stream.__aexit__()

    listen(story)


def test_a_client_that_never_reads_is_dropped_and_others_hear_on(sessions, tell, monkeypatch):
    monkeypatch.setattr(connection, "QUEUE_BYTES", 1000)

    async def story():
        here = await hub_here()
        deaf = Listening(sessions["worker"], reads=False)
        deaf.task = asyncio.ensure_future(_open_deaf(deaf))
        async with Listening(sessions["colleague"]), Listening(sessions["duty_officer"]) as hearing:
            await until(lambda: len(here.connections) == 3)
            for number in range(20):
                await aside(lambda number=number: tell(number, GRID))
            await until(lambda: len(here.connections) == 2)
            await until(lambda: hearing.heard() == list(range(20)))
        await deaf.task

    listen(story)


async def _open_deaf(deaf):
    deaf.last_id = "never"
    deaf.reads = False
    stream = Listening(deaf.cookie, reads=False)
    from tongshan_portal.live.stream import application

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live/stream",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", f"sessionid={deaf.cookie}".encode())],
    }
    await application(scope, stream._receive, stream._send)


def test_the_heartbeat_moves_the_position_on(sessions, tell, monkeypatch):
    monkeypatch.setattr(hub, "HEARTBEAT_SECONDS", 0)

    async def story():
        here = await hub_here()
        async with Listening(sessions["worker"]) as stream:
            await aside(lambda: tell(1, OTHER_TOWN))
            await until(lambda: stream.last_id == f"{here.epoch}-1")
            assert stream.heard() == []

    listen(story)


def test_passes_of_many_are_those_of_each(cast, sessions):
    passes = [gate.admit(key) for key in sessions.values()]
    assert gate.admit_again(passes) == {one.session_key: one for one in passes}
    today = clock.today()
    assert scopes_of({user.pk for user in cast.values()}, today) == {user.pk: scope_of(user, today) for user in cast.values()}


def test_what_redis_lost_comes_from_the_database(sessions, tell, say, monkeypatch):
    """Redis is emptied between the push and the reading of it, and nothing else is said: the hub's own look finds the gap."""
    monkeypatch.setattr(hub, "BLOCK_MS", 200)

    def lost():
        say(1, GRID)
        store.client().set("keep", 1)
        drain.assign()
        pipeline_key = store.stream_key(store.cursor().epoch)
        from tongshan_portal.live.models import Cursor

        Cursor.objects.update(pushed=1)
        store.client().delete(pipeline_key)

    async def story():
        async with Listening(sessions["worker"]) as stream:
            await aside(lost)
            await until(lambda: stream.heard() == [1])
            await aside(lambda: tell(2, GRID))
            await until(lambda: stream.heard() == [1, 2])

    listen(story)


def test_what_no_worker_drains_is_drained_by_the_web_process(sessions, say, monkeypatch, settings):
    monkeypatch.setattr(hub, "BLOCK_MS", 200)
    settings.LIVE_GRACE_SECONDS = 0

    async def story():
        async with Listening(sessions["worker"]) as stream:
            await aside(lambda: say(1, GRID))
            await until(lambda: stream.heard() == [1])

    listen(story)


def test_without_redis_the_stream_lives_on_the_database_and_says_so(sessions, say, tell, monkeypatch):
    import redis.asyncio

    monkeypatch.setattr(hub, "BLOCK_MS", 200)

    async def story():
        async with Listening(sessions["worker"]) as stream:
            here = await hub_here()
            plain = here._entries

            async def gone(client):
                raise redis.exceptions.ConnectionError

            monkeypatch.setattr(here, "_entries", gone)
            await until(lambda: [data["state"] for data in stream.told("state")] == ["live", "slow"])
            await aside(lambda: say(1, GRID))
            await until(lambda: stream.heard() == [1])
            monkeypatch.setattr(here, "_entries", plain)
            await aside(lambda: tell(2, GRID))
            await until(lambda: stream.heard() == [1, 2])
            await until(lambda: [data["state"] for data in stream.told("state")] == ["live", "slow", "live"])

    listen(story)


def test_with_the_database_gone_new_streams_are_refused_and_open_ones_say_since_when(sessions, monkeypatch):
    from django.db import OperationalError

    monkeypatch.setattr(hub, "BLOCK_MS", 200)

    def gone(*_arguments):
        raise OperationalError

    async def story():
        async with Listening(sessions["worker"]) as stream:
            monkeypatch.setattr(replay, "standing", gone)
            monkeypatch.setattr(gate, "admit", gone)
            await until(lambda: [data["state"] for data in stream.told("state")] == ["live", "stale"])
            async with Listening(sessions["colleague"]) as refused:
                assert refused.status == 503

    listen(story)


def test_ending_says_goodbye_to_everybody(sessions):
    async def story():
        async with Listening(sessions["worker"]) as stream:
            (await hub_here()).close_all()
            await until(lambda: stream.done)
            assert stream.told("closed") == [{"reason": "restart"}]

    listen(story)
