"""A wave of warnings comes in over HTTP while processes are killed at random; what was not answered is sent again; then all is compared."""

import http.client
import json
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2

from bench.warning_rig.rows import warnings
from bench.warning_rig.sender import Source, bodies

from .exercise import SETTLES, kill_at_random
from .people import Browser
from .portal import Portal
from .warning_checker import Accepted, WarningVerdict, check, events_of, judge
from .watcher import ALERTS, Watcher

PREFIX = "EX"
FIRST = 60_000_000
"""The first of the numbers of the people who are warned: none of the demo's is among them."""
PAGES = {"antifraud": "320312", "police": "320312106201", "town-maocun": ""}
"""Who watches, and the area whose alerts she hears: the desk of the district, a village's police, a town's officer who hears of none."""
_SET_UP = """
import json
from bench.warning_rig.sender import set_up
print("SOURCES " + json.dumps([[one.code, one.key] for one in set_up(["police", "bank"])]))
"""


@dataclass(slots=True)
class WarningOutcome:
    """What the exercise found."""

    verdict: WarningVerdict
    accepted: int
    kills: dict[str, int]
    retries: int
    problems: list[str]
    missed: int
    """Events that a page whose scope holds them had not within SETTLES seconds."""
    twice: int
    outside: int
    loads: int
    """How often a page was told to load anew, and did."""
    settled_after: float
    chain: str
    seconds: float = 0.0
    facts: dict[str, int] = field(default_factory=dict)


class Wave:
    """Batches that are sent, each not before its moment, until they are answered: the same rows, a fresh nonce."""

    def __init__(self, portal: Portal, sources: list[Source], made: list[bytes], seconds: float):
        self.port, self.made, self.every = portal.port, made, seconds / len(made)
        self.accepted, self.problems, self.retries = Accepted(), [], 0
        self._turn, self._lock = iter(enumerate(made)), threading.Lock()
        self._threads = [threading.Thread(target=self._work, args=(source,), daemon=True) for source in sources]
        self._given_up = False

    def start(self) -> None:
        self._begun = time.monotonic()
        for thread in self._threads:
            thread.start()

    def end(self, patience: float) -> None:
        """Wait until everything was answered; what is not by then is a problem."""
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.1, until - time.monotonic()))
        self._given_up = True
        if any(thread.is_alive() for thread in self._threads):
            self.problems.append("not everything was answered in time")

    def _work(self, source: Source) -> None:
        while not self._given_up:
            with self._lock:
                number, body = next(self._turn, (0, b""))
            if not body:
                return
            time.sleep(max(0.0, self._begun + number * self.every - time.monotonic()))
            while not self._given_up and not self._answered(source, body):
                self.retries += 1
                time.sleep(0.3)

    def _answered(self, source: Source, body: bytes) -> bool:
        """Send a batch; whether it was answered by anything but an outage."""
        try:
            status, answer = source.post(self.port, body)
        except (OSError, http.client.HTTPException):
            return False
        if status >= 500:
            return False
        told = json.loads(answer)
        if status != 202 or told["errors"]:
            self.problems.append(f"{status}: {answer[:300].decode()}")
            return True
        rows = json.loads(body)["rows"]
        with self._lock:
            self.accepted.codes |= {rows[one["row"]]["external_id"]: one["reference"] for one in told["rows"]}
        return True


def run(folder: Path, seconds: float, **given: Any) -> WarningOutcome:
    """As `on`, over a portal that is started in `folder`."""
    with Portal(folder) as portal:
        return on(portal, seconds, **given)


def on(portal: Portal, seconds: float, *, count: int, size: int, seed: int = 320312) -> WarningOutcome:
    """Send `count` warnings to a portal over `seconds`, each kind of process killed at least once; compare."""
    said = portal.manage("shell", "-c", _SET_UP)
    keys = json.loads(next(line for line in said.splitlines() if line.startswith("SOURCES "))[8:])
    watchers = _watch(portal)
    rows = warnings(_grids(portal), count, datetime.now(UTC), first=FIRST, since=FIRST, prefix=PREFIX)
    wave = Wave(portal, [Source(code, key) for code, key in keys], bodies(rows, size), seconds)
    begun = time.monotonic()
    wave.start()
    kills = kill_at_random(portal, seconds, random.Random(seed))
    portal.await_well()
    wave.end(max(60.0, 3 * seconds))
    took = time.monotonic() - begun
    settled = _settle(portal, watchers)
    for one in watchers.values():
        one.stopped = True
    events = events_of(portal.database_url(), PREFIX)
    judged = [judge(watchers[name], area, events) for name, area in PAGES.items()]
    return WarningOutcome(
        verdict=check(portal.database_url(), wave.accepted, PREFIX),
        accepted=len(wave.accepted.codes),
        kills=kills,
        retries=wave.retries,
        problems=wave.problems,
        missed=sum(one[0] for one in judged),
        twice=sum(one[1] for one in judged),
        outside=sum(one[2] for one in judged),
        loads=sum(one.resyncs for one in watchers.values()),
        settled_after=settled,
        chain=portal.manage("verify_ledger").strip().splitlines()[-1],
        seconds=took,
        facts={f"shown to {name}": len(one.shown) for name, one in watchers.items()},
    )


def _watch(portal: Portal) -> dict[str, Watcher]:
    watchers = {}
    for name in PAGES:
        reader = Browser(portal.address, name)
        cookie = "; ".join(f"{one.name}={one.value}" for one in reader.client.cookies.jar)
        watchers[name] = Watcher(portal.address, cookie, notes=ALERTS, page="/antifraud/alerts/" if PAGES[name] else "/")
        watchers[name].start()
    until = time.monotonic() + 20
    while not all(one.last_id for one in watchers.values()) and time.monotonic() < until:
        time.sleep(0.1)
    return watchers


def _settle(portal: Portal, watchers: dict[str, Watcher]) -> float:
    """Seconds until every page has what it must have; SETTLES when one never has."""
    begun = time.monotonic()
    while time.monotonic() - begun < SETTLES:
        events = events_of(portal.database_url(), PREFIX)
        if all(one[0] is not None for one in events) and not any(judge(watchers[name], area, events)[0] for name, area in PAGES.items()):
            break
        time.sleep(0.3)
    settled = time.monotonic() - begun
    time.sleep(0.5)  # what comes twice would come now
    return settled


def _grids(portal: Portal) -> list[str]:
    """Grids of the village of the police and of the rest of the district, one of these after one of those."""
    with psycopg2.connect(portal.database_url()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT code FROM areas_area WHERE length(code) = 15 AND valid_to IS NULL ORDER BY code")
        codes = [code for (code,) in cursor.fetchall()]
    own = [code for code in codes if code.startswith(PAGES["police"])]
    others: Iterable[str] = (code for code in codes if not code.startswith(PAGES["police"]))
    return [code for pair in zip(own * (200 // len(own)), others, strict=False) for code in pair]
