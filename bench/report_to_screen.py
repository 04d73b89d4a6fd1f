"""A report on its way: sent over HTTP by one person, shown in the sessions of 200 others through PostgreSQL, Celery, Redis and the stream.

The time runs from the moment before the request is sent until the event has arrived in a session; all deliveries count, and one that did
not arrive fails. Beside it in the same run: django-eventstream, which only passes events on, at the same pace to as many listeners.
"""

import os
import subprocess
import threading
import time
from uuid import uuid4

import django
import httpx
from django.core.management import call_command

from bench.framework import Result, Target, percentile
from bench.live_rig.processes import Crowd, await_answer, end, free_port, python

TOWN, GRID = "320312106", "320312106201001"
SESSIONS, FILERS = 200, 8
RATE = int(os.environ.get("BENCH_RATE", "50"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "30"))
WARM = 2.0
"""Seconds of filing at the same pace before anything counts: connections, prepared statements, caches."""


def run() -> Result:
    """The portal, then the peer."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.report_rig import databases

    result = Result("report_to_screen", {"sessions": SESSIONS, "reports_per_second": RATE, "seconds": SECONDS})
    with databases.scratch("bench_screen"):
        _portal(result, databases.url("bench_screen"))
    _peer(result)
    return result


def _portal(result: Result, database: str) -> None:
    from bench.live_rig import people
    from grids.areas.demo import district
    from grids.areas.writing import write_areas
    from tongshan_portal.accounts.enums import Role

    write_areas((row.code, row.name) for row in district.rows(scale=0))
    watching, filing = people.make(TOWN, SESSIONS)[1], people.make(GRID, FILERS, Role.GRID_WORKER)[1]
    port, environment = free_port(), os.environ | {"DATABASE_URL": database}
    web = python(
        "-m", "uvicorn", "tongshan_portal.asgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", "2",
        "--no-access-log", "--log-level", "critical", env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    worker = python(
        "-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal", "worker", "-Q", "live", "-c", "1",
        "-n", "bench-screen@%h", "-l", "error", "--without-mingle", "--without-gossip", env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await_answer(f"http://127.0.0.1:{port}/nothing")
        crowd = Crowd(port, "/live/stream", [people.cookie(key) for key in watching], "report.filed", "report")
        filers = [Filer(port, people.cookie(key)) for key in filing]
        pace(filers, RATE, WARM)
        time.sleep(1)
        crowd.arrivals()
        sent = pace(filers, RATE, SECONDS)
        time.sleep(3)
        heard = crowd.arrivals()
        crowd.leave()
        _judge(result, sent, heard)
    finally:
        for process in (web, worker):
            if process.poll() is None:
                end(process)


class Filer:
    """One signed-in person with a connection that is kept."""

    def __init__(self, port: int, cookie: str):
        name, _equals, value = cookie.partition("=")
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", cookies={name: value}, timeout=20, trust_env=False)
        self._token = self.client.get("/reports/file/", headers={"Accept": "application/json"}).raise_for_status().json()["token"]

    def send(self) -> tuple[str, float, float]:
        """File one report; answers its code, the moment before the request, and the seconds until the answer."""
        form = {"key": str(uuid4()), "title": "路口井盖缺失", "area": GRID, "anyway": "1", "csrfmiddlewaretoken": self._token}
        begun, clock = time.time(), time.perf_counter()
        answer = self.client.post("/reports/file/", data=form, headers={"Accept": "application/json"})
        answer.raise_for_status()
        return answer.json()["code"], begun, time.perf_counter() - clock


def pace(filers: list[Filer], rate: float, seconds: float) -> list[tuple[str, float, float]]:
    """File `rate` reports a second by all together, each at its own moment however long others take; answers what `send` answered."""
    sent: list[tuple[str, float, float]] = []
    begun, every = time.perf_counter(), len(filers) / rate

    def file(number: int) -> None:
        turn = 0
        while (due := begun + number / rate + turn * every) < begun + seconds:
            time.sleep(max(0.0, due - time.perf_counter()))
            sent.append(filers[number].send())
            turn += 1

    threads = [threading.Thread(target=file, args=(number,)) for number in range(len(filers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sent


def _judge(result: Result, sent: list[tuple[str, float, float]], heard: list[list]) -> None:
    begun = {code: moment for code, moment, _seconds in sent}
    times = [(shown - begun[code]) * 1000 for session in heard for code, shown in session if code in begun]
    answered = [seconds * 1000 for _code, _moment, seconds in sent]
    result.figures |= {
        "filed": len(sent),
        "filed_per_second": len(sent) / SECONDS,
        "request_answered_p50_ms": percentile(answered, 0.5),
        "request_answered_p99_ms": percentile(answered, 0.99),
        "shown_p50_ms": percentile(times, 0.5) if times else None,
        "shown_p99_ms": percentile(times, 0.99) if times else None,
    }
    result.targets = [
        Target("filed → shown in another session, p50 ms", percentile(times, 0.5) if times else None, "<=", 150),
        Target("filed → shown in another session, p99 ms", percentile(times, 0.99) if times else None, "<=", 500),
        Target("reports filed per second", len(sent) / SECONDS, ">=", RATE * 0.98),
        Target("share of deliveries that arrived", len(times) / max(1, len(sent) * SESSIONS), "==", 1),
    ]


def _peer(result: Result) -> None:
    """django-eventstream under uvicorn, as its documentation shows it: an event a request, nothing filed."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"} | {"BENCH_PEER": "eventstream"}
    server = python(
        "-m", "uvicorn", "bench.live_rig.peers:application", "--port", str(port), "--log-level", "critical", env=environment,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    crowd: Crowd | None = None
    try:
        await_answer(f"http://127.0.0.1:{port}/nothing?t=0", 15)
        crowd = Crowd(port, "/listen", ["none=1"] * SESSIONS)
        count = int(RATE * min(SECONDS, 10))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            begun = time.perf_counter()
            for number in range(count):
                time.sleep(max(0.0, begun + number / RATE - time.perf_counter()))
                client.get("/emit", params={"t": time.time()}).raise_for_status()
        time.sleep(4)
        times = [one * 1000 for some in crowd.arrivals() for one in some]
        result.figures |= {"eventstream_p99_ms": percentile(times, 0.99), "eventstream_delivered_share": len(times) / (count * SESSIONS)}
        ours = result.figures["shown_p99_ms"]
        if isinstance(ours, float):
            result.ratios["p99 of django-eventstream, nothing filed : the portal, filed and shown"] = percentile(times, 0.99) / ours
    except (RuntimeError, OSError, ValueError, IndexError, httpx.HTTPError) as reason:
        result.figures |= {"eventstream_p99_ms": None, "eventstream_absent": str(reason)[:120]}
    finally:
        if crowd is not None:
            crowd.process.kill()
        if server.poll() is None:
            end(server, 5)
