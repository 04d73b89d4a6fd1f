"""The outbox: written with the change, delivered after it, in one order, nothing lost and nothing doubled."""

import threading
import time

import pytest
from celery.signals import before_task_publish
from django.conf import settings
from django.db import connections, transaction
from redis.exceptions import RedisError

from tests.conftest import DISTRICT, TOWN
from tests.live.conftest import MATTERS
from tongshan_portal.kernel import queues
from tongshan_portal.live import drain, store, tasks
from tongshan_portal.live.models import Cursor, OutboxEvent
from tongshan_portal.live.publish import Event, publish, publish_many


def in_stream() -> list[int]:
    """The numbers of the events in the Redis stream, in its order."""
    import orjson

    entries = store.client().xrange(store.stream_key(store.cursor().epoch))
    return [orjson.loads(fields[b"d"])["line"]["n"] for _id, fields in entries]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_there_only_when_its_change_is(say):
    with pytest.raises(RuntimeError), transaction.atomic():
        say(1, TOWN)
        raise RuntimeError
    say(2, TOWN)
    drain.drain()
    assert in_stream() == [2]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("topic", "area", "people", "line", "error"),
    [
        ("nobody_registered", TOWN, [], {}, KeyError),
        ("notices", TOWN, [], {}, ValueError),
        (MATTERS, "", [], {}, ValueError),
        (MATTERS, TOWN, [], {"title": "call 13812345678"}, ValueError),
        (MATTERS, TOWN, [], {"title": "320312199003074514"}, ValueError),
    ],
)
def test_what_nobody_could_hear_or_nobody_may_hear_is_refused(topic, area, people, line, error):
    with pytest.raises(error):
        publish(topic=topic, kind="test.said", area_code=area, line=line, user_ids=people)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db
def test_codes_of_areas_and_cases_are_no_personal_data():
    publish(topic=MATTERS, kind="test.said", area_code=TOWN, line={"area": "320312200001010012", "code": "TS-20261123-0001"})
    assert OutboxEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_publishes_are_one_wake_up(say):
    sent = []

    def count(sender, **_rest):
        sent.append(sender)

    before_task_publish.connect(count)
    for number in range(50):
        say(number, TOWN)
    publish_many(Event(MATTERS, "test.said", TOWN, {"n": number}) for number in range(50, 100))
    assert sent == [queues.LIVE_DRAIN]
    tasks.drain()
    assert in_stream() == list(range(100))
    say(100, TOWN)
    assert sent == [queues.LIVE_DRAIN, queues.LIVE_DRAIN]
    before_task_publish.disconnect(count)


@pytest.mark.django_db(transaction=True)
def test_publishing_succeeds_while_redis_is_gone(say, monkeypatch):
    monkeypatch.setattr(settings, "REDIS_URL", "unix:///nowhere/redis.sock")
    monkeypatch.setattr(store, "client", store.client.__wrapped__)
    began = time.monotonic()
    say(1, TOWN)
    assert time.monotonic() - began < 1
    with pytest.raises(RedisError):
        drain.drain()
    monkeypatch.undo()
    tasks.sweep()
    assert in_stream() == [1]  # positions are marked pushed only with the push


@pytest.mark.django_db(transaction=True)
def test_a_drain_killed_after_its_push_does_not_double(say):
    for number in range(3):
        say(number, TOWN)
    drain.assign()
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        drain.push()
        raise KeyboardInterrupt
    assert Cursor.objects.get().pushed == 0
    say(3, TOWN)
    drain.drain()
    assert in_stream() == [0, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_a_drain_killed_before_its_push_loses_nothing(say):
    say(0, TOWN)
    drain.assign()  # committed, and then the worker is gone
    say(1, TOWN)
    drain.drain()
    assert in_stream() == [0, 1]


@pytest.mark.django_db(transaction=True)
def test_positions_go_on_after_redis_was_emptied(say):
    say(0, TOWN)
    drain.drain()
    store.client().delete(store.stream_key(store.cursor().epoch))
    say(1, TOWN)
    drain.drain()
    assert [row.position for row in OutboxEvent.objects.order_by("id")] == [1, 2]
    assert in_stream() == [1]


@pytest.mark.django_db(transaction=True)
def test_a_stream_from_a_later_life_of_the_database_is_thrown_away(say):
    """A backup was restored: Redis knows positions that the database has not given yet."""
    store.client().xadd(store.stream_key(store.cursor().epoch), {"d": b"{}"}, id="900-0")
    say(0, TOWN)
    drain.drain()
    assert in_stream() == [0]


@pytest.mark.django_db(transaction=True)
def test_the_sweep_takes_what_lost_its_wake_up_and_leaves_what_is_fresh(say, settings):
    say(0, TOWN)
    settings.LIVE_GRACE_SECONDS = 60
    tasks.sweep()
    assert in_stream() == []
    settings.LIVE_GRACE_SECONDS = 0
    tasks.sweep()
    assert in_stream() == [0]


@pytest.mark.django_db(transaction=True)
def test_pruning_keeps_the_replay_window(say, settings):
    for number in range(3):
        say(number, TOWN)
    drain.drain()
    say(3, TOWN)  # not delivered: never pruned
    settings.LIVE_REPLAY_HOURS = 1
    assert drain.prune() == 0
    OutboxEvent.objects.filter(position__lte=2).update(at="2026-01-01T00:00Z")
    OutboxEvent.objects.filter(position=None).update(at="2026-01-01T00:00Z")
    assert drain.prune(batch=1) == 2
    assert (Cursor.objects.get().pruned, OutboxEvent.objects.count()) == (2, 2)


def _writer(start: int, count: int, barrier: threading.Barrier) -> None:
    """Transactions of different length, so that they commit out of the order of their keys."""
    try:
        barrier.wait()
        for number in range(start, start + count):
            with transaction.atomic():
                publish(topic=MATTERS, kind="test.said", area_code=DISTRICT, line={"n": number})
                with connections["default"].cursor() as sql:
                    sql.execute("select pg_sleep(%s)", [0.0005 * (number % 7)])
    finally:
        connections.close_all()


def _drainer(stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            drain.drain()
    finally:
        connections.close_all()


def _naive_reader(stop: threading.Event, seen: list[int]) -> None:
    """The negative control: remembers the greatest key it saw."""
    last = 0
    try:
        while not stop.is_set():
            for pk, line in OutboxEvent.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "line"):
                last = pk
                seen.append(line["n"])
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_and_two_drains_lose_and_double_nothing_while_the_naive_reader_loses():
    writers, each = 8, 60
    stop, seen, barrier = threading.Event(), [], threading.Barrier(writers)
    writing = [threading.Thread(target=_writer, args=(number * each, each, barrier)) for number in range(writers)]
    reading = [threading.Thread(target=_drainer, args=(stop,)) for _ in range(2)]
    reading.append(threading.Thread(target=_naive_reader, args=(stop, seen)))
    for thread in reading + writing:
        thread.start()
    for thread in writing:
        thread.join()
    stop.set()
    for thread in reading:
        thread.join()
    drain.drain()
    everything = set(range(writers * each))
    positions = list(OutboxEvent.objects.order_by("position").values_list("position", flat=True))
    assert positions == list(range(1, writers * each + 1))
    assert sorted(in_stream()) == sorted(everything)
    assert set(seen) < everything, "the control lost nothing: the rig cannot show a loss"
