"""The exercise: people file and handle while processes are killed at random; then everything is compared."""

import random
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from .checker import Verdict, check
from .people import Browser, Promises, file_one, walk
from .portal import KINDS, Portal
from .watcher import Watcher

GRID, TOWN_READER, OUTSIDER = "320312106201001", "town-liuxin", "town-maocun"
HANDLERS = ("duty", "dispatcher", "department", "supervisor")
SETTLES = 15.0
"""Seconds within which every live page is right again, without a reload."""


@dataclass(slots=True)
class Outcome:
    """What the exercise found."""

    verdict: Verdict
    filed: int
    closed: int
    kills: dict[str, int]
    retries: int
    problems: list[str]
    page_missed: int
    """Events that the town's page did not show within SETTLES seconds."""
    page_twice: int
    outside: int
    """Events of the exercise that the page of another town showed; its own demo reports are its own."""
    settled_after: float
    chain: str
    facts: dict[str, int] = field(default_factory=dict)


def run(folder: Path, seconds: float, **given: Any) -> Outcome:
    """As `on`, over a portal that is started in `folder`."""
    with Portal(folder) as portal:
        return on(portal, seconds, **given)


def on(portal: Portal, seconds: float, *, filers: int = 3, seed: int = 320312, resumes: bool = True) -> Outcome:
    """Exercise a portal for `seconds`, each kind of process killed at least once; compare."""
    portal.await_well()
    stop, promises = threading.Event(), Promises()
    department = _department(portal)
    watchers = {}
    for name in (TOWN_READER, OUTSIDER):
        reader = Browser(portal.address, name)
        cookie = "; ".join(f"{one.name}={one.value}" for one in reader.client.cookies.jar)
        watchers[name] = Watcher(portal.address, cookie, resumes=resumes)
        watchers[name].start()
    until = time.monotonic() + 20
    while not all(one.last_id for one in watchers.values()) and time.monotonic() < until:
        time.sleep(0.1)
    crews = [_crew(portal.address, stop) for _ in range(filers)]  # signed in before anything is killed
    workers = [threading.Thread(target=_work, args=(*crew, promises, department, stop), daemon=True) for crew in crews]
    for worker in workers:
        worker.start()
    kills = kill_at_random(portal, seconds, random.Random(seed))
    portal.await_well()
    stop.set()
    for worker in workers:
        worker.join(60)
    begun = time.monotonic()
    expected = _expected(portal)
    page = watchers[TOWN_READER]
    while time.monotonic() - begun < SETTLES and not set(expected) <= set(page.shown):
        time.sleep(0.1)
    settled = time.monotonic() - begun
    for one in watchers.values():
        one.stopped = True
    seen = [one for one in page.shown if one in set(expected)]
    return Outcome(
        verdict=check(portal.database_url(), promises), filed=len(promises.filed),
        closed=sum(verb == "close" for _code, verb in promises.steps), kills=kills, retries=promises.retries,
        problems=promises.problems, page_missed=len(set(expected) - set(seen)), page_twice=len(seen) - len(set(seen)),
        outside=len(set(watchers[OUTSIDER].shown) & set(expected)), settled_after=settled,
        chain=portal.manage("verify_ledger").strip().splitlines()[-1],
    )  # fmt: skip


def _crew(address: str, stop: threading.Event) -> tuple[Browser, dict[str, Browser]]:
    """One grid worker and the desks behind her."""
    return Browser(address, "grid-worker", gives_up=stop), {name: Browser(address, name, gives_up=stop) for name in HANDLERS}


def _work(filer: Browser, people: dict[str, Browser], promises: Promises, department: int, stop: threading.Event) -> None:
    """File, take through the loop, again."""
    while not stop.is_set():
        code = file_one(filer, promises, GRID)
        if code is not None:
            walk(people, promises, code, department)
    promises.retried(sum(one.retries for one in [filer, *people.values()]))


def kill_at_random(portal: Portal, seconds: float, chance: random.Random) -> dict[str, int]:
    """Kill one kind after another, each kind in every round, with pauses in which some work gets done."""
    kills = dict.fromkeys(KINDS, 0)
    until, waiting = time.monotonic() + seconds, []
    pause = max(2.0, min(5.0, seconds / len(KINDS) - 0.5))
    while time.monotonic() < until:
        if not waiting:
            waiting = list(KINDS)
            chance.shuffle(waiting)
        time.sleep(pause * chance.uniform(0.7, 1.3))
        kind = waiting.pop()
        if portal.kill(kind):
            kills[kind] += 1
    return kills


def _department(portal: Portal) -> int:
    with psycopg2.connect(portal.database_url()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM accounts_department WHERE code = 'urban-management'")
        return cursor.fetchone()[0]


def _expected(portal: Portal) -> list[tuple[str, str]]:
    """Every event of the exercise that the town's page must have shown."""
    with psycopg2.connect(portal.database_url()) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT event.kind, event.line->>'report' FROM live_outboxevent AS event JOIN reports_report AS report"
            " ON report.code = event.line->>'report' WHERE event.topic = 'reports' AND event.user_ids = '{}' AND report.title LIKE '演练 %'"
        )
        return cursor.fetchall()
