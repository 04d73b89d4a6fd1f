"""Open streams: what 4,000 of them cost the same server command that serves the pages, and how soon an event is everywhere it belongs.

Beside it, with 500 connections, django-eventstream and channels: each event to all listeners of one process.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import threading
import time
import urllib.request

import django
from django.core.management import call_command

from bench.framework import Result, Target, percentile
from bench.live_rig.processes import Crowd, await_answer, end, free_port, memory_mb, python

TOWN, OTHER_TOWN, DEAF_TOWN = "320312106", "320312119", "320312112"
LISTENING, OTHERS, DEAF, LEAVING = 1000, 3000, 20, 200
EVENTS, EVENTS_PER_SECOND = 40, 8
PAGE_WINDOWS = 5  # of a second each; the machine may be busy with something else in some of them
PROCESSES = 2
PEER_LISTENING, PEER_EVENTS = 500, 20  # daphne takes minutes to accept more
TOPIC = "announcements"  # town officers hear it within their town


def run() -> Result:
    """The portal, then each peer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    result = Result("live_connections")
    _portal(result)
    for peer in ("eventstream", "channels"):
        _peer(result, peer)
    return result


def _portal(result: Result) -> None:
    from bench.live_rig import people

    people.remove([])
    officers = {area: people.make(area, count) for area, count in ((TOWN, LISTENING), (OTHER_TOWN, OTHERS), (DEAF_TOWN, DEAF))}
    keys = [key for _users, some in officers.values() for key in some]
    port = free_port()
    web = _web(port)
    worker = python(
        "-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal", "worker", "-Q", "live", "-c", "1",
        "-n", "bench-live@%h", "-l", "error", "--without-mingle", "--without-gossip",
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await_answer(f"http://127.0.0.1:{port}/")
        _held_and_heard(
            result, port, web, [people.cookie(key) for key in officers[TOWN][1]], [people.cookie(k) for k in officers[OTHER_TOWN][1]]
        )
        _deaf(result, port, [people.cookie(key) for key in officers[DEAF_TOWN][1]])
        leaving = Crowd(port, "/live/stream", [people.cookie(key) for key in officers[TOWN][1][:LEAVING]])
        seconds = end(web)
        leaving.leave()
        result.figures["sigterm_seconds"] = seconds
        result.targets.append(Target(f"SIGTERM with {LEAVING} open streams ends, seconds", seconds, "<=", 5))
    finally:
        for process in (web, worker):
            if process.poll() is None:
                end(process)
        people.remove(keys)


def _web(port: int) -> subprocess.Popen:
    """The server command of `./portal run`."""
    return python(
        "-m", "uvicorn", "tongshan_portal.asgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", str(PROCESSES),
        "--timeout-graceful-shutdown", "3", "--timeout-keep-alive", "15", "--no-access-log", "--log-level", "critical",
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _held_and_heard(result: Result, port: int, web: subprocess.Popen, town: list[str], others: list[str]) -> None:
    from bench.live_rig import people
    from tongshan_portal.accounts.models import User
    from tongshan_portal.live.public import notify_person

    reader = User.objects.get(username=f"{people.PREFIX}{TOWN}-0")
    for _ in range(30):
        notify_person(user_id=reader.pk, kind="access.changed", link="/")
    for _ in range(2):
        _pages_ms(port, town[0])  # warm
        Crowd(port, "/live/stream", town[:20]).leave()
    alone, before_mb = _pages_ms(port, town[0]), memory_mb(web)
    with_town, with_others = Crowd(port, "/live/stream", town), Crowd(port, "/live/stream", others)
    held_mb, beside = memory_mb(web), _pages_ms(port, town[0])
    _say_events()
    heard, astray = with_town.arrivals(), with_others.arrivals()
    beside += _pages_ms(port, town[0])
    with_others.leave()
    with_town.leave()
    time.sleep(1)
    alone += _pages_ms(port, town[0])
    alone_ms, held_ms = statistics.median(alone), statistics.median(beside)
    times = [one for some in heard for one in some]
    connected = with_town.answer["connected"] + with_others.answer["connected"]
    result.figures |= {
        "connections": connected,
        "connects_per_second": connected / (with_town.answer["seconds"] + with_others.answer["seconds"]),
        "memory_more_mb": held_mb - before_mb,
        "kib_per_connection": (held_mb - before_mb) * 1e6 / 1024 / max(1, connected),
        "page_alone_ms": alone_ms,
        "page_beside_ms": held_ms,
        "event_p50_ms": percentile(times, 0.5) * 1000 if times else None,
        "event_p99_ms": percentile(times, 0.99) * 1000 if times else None,
        "delivered_share": len(times) / (EVENTS * len(town)),
    }
    result.ratios["page beside the connections : alone"] = held_ms / alone_ms
    result.targets += [
        Target("live connections held", connected, ">=", LISTENING + OTHERS),
        Target("more memory for them, MB", held_mb - before_mb, "<=", 300),
        Target("a list page beside them : alone", held_ms / alone_ms, "<=", 1.1),
        Target("an event at its 1,000 sessions, p99 ms", percentile(times, 0.99) * 1000 if times else None, "<=", 150),
        Target("share of deliveries that arrived", len(times) / (EVENTS * len(town)), "==", 1),
        Target("deliveries to anybody else", sum(map(len, astray)), "==", 0),
    ]


def _pages_ms(port: int, cookie: str) -> list[float]:
    """Milliseconds of a list page of 30 rows, two readers at a time: the median of each window."""
    return [_page_ms(port, cookie) for _ in range(PAGE_WINDOWS)]


def _page_ms(port: int, cookie: str) -> float:
    times: list[float] = []

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            began = time.perf_counter()
            connection.request("GET", "/notices/", headers={"Cookie": cookie})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                raise RuntimeError(f"the page answered {response.status}")
            times.append((time.perf_counter() - began) * 1000)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    return statistics.median(times)


def _say_events() -> None:
    """Publish as an action does: through the outbox, the worker and Redis."""
    from tongshan_portal.live.public import publish

    for _ in range(EVENTS):
        publish(topic=TOPIC, kind="bench.said", area_code=TOWN, line={"t": time.time()})
        time.sleep(1 / EVENTS_PER_SECOND)
    time.sleep(1.5)


def _deaf(result: Result, port: int, cookies: list[str]) -> None:
    """Clients that never read, while far more is said to them than sockets and queue hold."""
    from tongshan_portal.live.public import Event, publish_many

    sockets = []
    for cookie in cookies:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", port))
        one.sendall(f"GET /live/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        sockets.append(one)
    time.sleep(1)
    opened = _peers_of(sockets)
    for _ in range(6):
        publish_many(Event(TOPIC, "bench.said", DEAF_TOWN, {"text": "x" * 20_000}) for _ in range(100))
        time.sleep(0.5)
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and _peers_of(sockets):
        time.sleep(0.2)
    left = _peers_of(sockets)
    for one in sockets:
        one.close()
    result.figures["deaf_clients_dropped"] = opened - left
    result.targets.append(Target("clients that never read and are still held", left, "==", 0))
    result.targets.append(Target("clients that never read and were connected", opened, "==", DEAF))


def _peers_of(sockets: list[socket.socket]) -> int:
    """How many of these sockets are still established."""
    return sum(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == 1 for one in sockets)


def _peer(result: Result, peer: str) -> None:
    """Absent where it cannot be had."""
    port = free_port()
    application = "bench.live_rig.peers:application"
    if peer == "eventstream":
        command = ["-m", "uvicorn", application, "--port", str(port), "--log-level", "critical", "--timeout-graceful-shutdown", "1"]
    else:
        command = ["-m", "daphne", "-v", "0", "-p", str(port), application]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | {"BENCH_PEER": peer}
    server = python(*command, env=environment, stderr=subprocess.DEVNULL)
    crowd: Crowd | None = None
    try:
        await_answer(f"http://127.0.0.1:{port}/nothing?t=0", 15)
        before = memory_mb(server)
        crowd = Crowd(port, "/listen", ["none=1"] * PEER_LISTENING)
        held = memory_mb(server)
        for _ in range(PEER_EVENTS):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/emit?t={time.time()}", timeout=30).close()
            time.sleep(1 / EVENTS_PER_SECOND)
        time.sleep(4)
        times = [one for some in crowd.arrivals() for one in some]
        result.figures |= {
            f"{peer}_kib_per_connection": (held - before) * 1e6 / 1024 / PEER_LISTENING,
            f"{peer}_event_p99_ms": percentile(times, 0.99) * 1000 if times else None,
            f"{peer}_delivered_share": len(times) / (PEER_EVENTS * PEER_LISTENING),
        }
        ours = result.figures["event_p99_ms"]
        if times and isinstance(ours, float):
            result.ratios[f"p99 of {peer}, 500 listeners : the portal with 4,000"] = percentile(times, 0.99) * 1000 / ours
    except (RuntimeError, OSError, ValueError) as reason:
        result.figures[f"{peer}_event_p99_ms"] = None
        result.figures[f"{peer}_absent"] = str(reason)[:120]
    finally:
        if crowd is not None:
            crowd.process.kill()
        if server.poll() is None:
            server.send_signal(signal.SIGKILL)
            server.wait()
