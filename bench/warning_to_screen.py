"""Fraud warnings on their way: posted and signed over HTTP, kept as warning, alert, task, ledger entry and outbox row, shown in 200 pages.

The sessions are those of people who hear alerts: the district's anti-fraud desk, and the community police of every town; each must be shown
what its scope holds, once, and nothing else. The time runs from the moment before the request until the event has arrived in a session.
First single warnings at their pace, then a wave in batches. Beside it in the same run the naive way: a Celery task for each warning that
writes by the ORM, and django-eventstream for the push, under the same load, for a bounded time.

`BENCH_SECONDS` is the length of the wave, `BENCH_RATE` the warnings a second that it offers, `BENCH_BATCH` how many in a call.
"""

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import django
from django.core.management import call_command

from bench.framework import Result, Target, percentile
from bench.live_rig.processes import Crowd, await_answer, end, free_port, processor_time, python

SECONDS = float(os.environ.get("BENCH_SECONDS", "60"))
RATE = float(os.environ.get("BENCH_RATE", "1100"))
BATCH = int(os.environ.get("BENCH_BATCH", "500"))
SINGLES, SINGLES_SECONDS = 50, min(20.0, SECONDS)
WAY = os.environ.get("BENCH_WAY", "both")
SESSIONS, DESK = 200, 8
WEB = int(os.environ.get("BENCH_WEB", "2"))
SOURCES = ("police", "bank", "telecom", "payments")
NAIVE_SECONDS, NAIVE_PATIENCE = 8.0, 40.0
"""For how long the naive way is offered the wave, and how long it may take over it altogether."""
KINDS, KEY = r"alert\.(?:received|joined)", "alert"
POLICE = "community_police"


def run() -> Result:
    """The portal, then the naive way."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.report_rig import databases

    result = Result("warning_to_screen", {"sessions": SESSIONS, "seconds": SECONDS, "offered_per_second": RATE, "in_a_call": BATCH})
    with databases.scratch("bench_warnings", "bench_naive"):
        if WAY in ("both", "portal"):
            databases.use("bench_warnings")
            _portal(result, databases.url("bench_warnings"))
        if WAY in ("both", "naive"):
            databases.use("bench_naive")
            _naive(result, databases.url("bench_naive"))
    _compare(result)
    return result


@dataclass(slots=True)
class Load:
    """What one way did: batches that were answered, and what each session was shown, as (alert, moment)."""

    sent: list = field(default_factory=list)
    shown: list[list[tuple[str, float]]] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)


def _cast() -> tuple[list[str], dict[str, str]]:
    """The grids, and the cookies of all sessions with the area each one's scope holds."""
    from bench.live_rig import people
    from bench.warning_rig import district
    from tongshan_portal.accounts.enums import Role

    grids = district.settle()
    towns = sorted({code[:9] for code in grids})
    keys = {key: district.DISTRICT for key in people.make(district.DISTRICT, DESK, Role.ANTIFRAUD_OFFICER)[1]}
    police = SESSIONS - DESK
    for number, town in enumerate(towns):
        some = police // len(towns) + (number < police % len(towns))
        keys |= dict.fromkeys(people.make(town, some, Role.COMMUNITY_POLICE)[1], town)
    return grids, {people.cookie(key): area for key, area in keys.items()}


def _portal(result: Result, database: str) -> None:
    from bench.warning_rig import district, sender
    from bench.warning_rig.rows import warnings
    from tongshan_portal.kernel import clock

    grids, sessions = _cast()
    sources = sender.set_up(SOURCES)
    count, singly = int(RATE * SECONDS), int(SINGLES * SINGLES_SECONDS)
    district.protect(grids, count + singly + 1000)
    port, environment = free_port(), os.environ | {"DATABASE_URL": database}
    web = python(
        "-m", "uvicorn", "tongshan_portal.asgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WEB),
        "--no-access-log", "--log-level", "critical", env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    worker = python(
        "-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal", "worker", "-Q", "live", "-c", "1",
        "-n", "bench-warnings@%h", "-l", "error", "--without-mingle", "--without-gossip", env=environment, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await_answer(f"http://127.0.0.1:{port}/nothing")
        crowd = Crowd(port, "/live/stream", list(sessions), KINDS, KEY)
        sends = [lambda body, source=source: source.send(port, body) for source in sources]
        warm = sender.bodies(warnings(grids, 200, clock.now(), first=count + singly, again=False, prefix="warm"), 10)
        sender.pace(sends, warm, 0.05, 20)
        time.sleep(1)
        _shown(crowd)
        single = Load(
            sender.pace(
                sends, sender.bodies(warnings(grids, singly, clock.now(), again=False, prefix="one"), 1), 1 / SINGLES, SINGLES_SECONDS + 5
            )
        )
        time.sleep(2)
        single.shown = _shown(crowd)
        made = sender.bodies(warnings(grids, count, clock.now(), first=singly), BATCH)
        before = _processor_time(web, worker, crowd)
        wave = Load(sender.pace(sends[:2], made, BATCH / RATE, 2 * SECONDS))
        wave.shown = _settled(crowd, wave)
        after = _processor_time(web, worker, crowd)
        wave.cpu = {name: after[name] - before[name] for name in before}
        crowd.leave()
        _judge(result, single, wave, list(sessions.values()))
    finally:
        for process in (web, worker):
            if process.poll() is None:
                end(process)


def _shown(crowd: Crowd) -> list[list[tuple[str, float]]]:
    """What each session was shown since the last call; an event that tells of several alerts shows each."""
    return [
        [(code, moment) for marks, moment in session for code in (json.loads(marks) if marks.startswith("[") else [marks])]
        for session in crowd.arrivals()
    ]


def _settled(crowd: Crowd, load: Load, patience: float = 15.0) -> list[list[tuple[str, float]]]:
    """What was shown once the desk of the district has everything, or patience is at its end."""
    expected = sum(len(set(one.codes)) for one in load.sent)
    shown: list[list[tuple[str, float]]] = [[] for _ in range(SESSIONS)]
    until = time.monotonic() + patience
    while time.monotonic() < until and min(len(one) for one in shown[:DESK]) < expected:
        time.sleep(0.5)
        for own, more in zip(shown, _shown(crowd), strict=True):
            own.extend(more)
    time.sleep(1)  # what comes twice would come now
    for own, more in zip(shown, _shown(crowd), strict=True):
        own.extend(more)
    return shown


def _processor_time(web: subprocess.Popen, worker: subprocess.Popen, crowd: Crowd) -> dict[str, float]:
    """Seconds of processor time so far: beside others on the machine, time on the wall says little."""
    from bench.report_rig import databases

    own = time.process_time()
    return {
        "web": processor_time(web), "live_worker": processor_time(worker), "listeners": processor_time(crowd.process),
        "database": databases.processor_time(), "sender": own,
    }  # fmt: skip


def _areas(codes: Iterable[str]) -> dict[str, str]:
    from antifraud.alerts.models import FraudAlert

    held = FraudAlert.objects.unscoped("bench").filter(code__in=set(codes))
    return dict(held.values_list("code", "area_code"))


def _compare_with_scope(load: Load, scopes: list[str]) -> tuple[int, int, int, int]:
    """(expected, missed, shown twice, shown outside the scope), over all sessions."""
    pushes = Counter(code for one in load.sent for code in set(one.codes))
    areas = _areas(pushes)
    expected = missed = twice = outside = 0
    for scope, own in zip(scopes, load.shown, strict=True):
        due = Counter({code: count for code, count in pushes.items() if areas[code].startswith(scope)})
        seen = Counter(code for code, _moment in own if code in pushes)
        expected += due.total()
        missed += (due - seen).total()
        outside += sum(count for code, count in seen.items() if not areas[code].startswith(scope))
        twice += sum(count - due[code] for code, count in seen.items() if code in due and count > due[code])
    return expected, missed, twice, outside


def _times(load: Load) -> list[float]:
    """Milliseconds from before the request until a session showed the alert; of an alert in several batches, the first is meant."""
    begun: dict[str, float] = {}
    for one in sorted(load.sent, key=lambda sent: sent.moment):
        for code in one.codes:
            begun.setdefault(code, one.moment)
    found = []
    for own in load.shown:
        known: set[str] = set()
        for code, moment in own:
            if code in begun and code not in known:
                known.add(code)
                found.append((moment - begun[code]) * 1000)
    return found


def _judge(result: Result, single: Load, wave: Load, scopes: list[str]) -> None:
    accepted = sum(len(one.codes) for one in wave.sent)
    begun = min(one.moment for one in wave.sent)
    answered = max(one.moment + one.seconds for one in wave.sent) - begun
    shown = max((moment for own in wave.shown for _code, moment in own), default=begun) - begun
    singles, waves = _times(single), _times(wave)
    checks = [_compare_with_scope(load, scopes) for load in (single, wave)]
    result.figures |= {
        "singles_per_second": SINGLES,
        "single_answered_p50_ms": percentile([one.seconds * 1000 for one in single.sent], 0.5),
        "single_answered_p99_ms": percentile([one.seconds * 1000 for one in single.sent], 0.99),
        "single_shown_p50_ms": percentile(singles, 0.5) if singles else None,
        "single_shown_p99_ms": percentile(singles, 0.99) if singles else None,
        "wave_warnings": accepted,
        "wave_accepted_per_second": accepted / answered,
        "wave_shown_per_second": accepted / shown if shown else None,
        "wave_batch_answered_p50_ms": percentile([one.seconds * 1000 for one in wave.sent], 0.5),
        "wave_batch_answered_p99_ms": percentile([one.seconds * 1000 for one in wave.sent], 0.99),
        "wave_shown_p50_ms": percentile(waves, 0.5) if waves else None,
        "wave_shown_p99_ms": percentile(waves, 0.99) if waves else None,
        "deliveries_expected": sum(one[0] for one in checks),
    }
    result.figures |= {f"cpu_ms_per_warning_{name}": seconds / accepted * 1000 for name, seconds in wave.cpu.items()}
    portal = sum(seconds for name, seconds in wave.cpu.items() if name not in ("listeners", "sender"))
    result.figures["cpu_ms_per_warning"] = portal / accepted * 1000
    result.figures["warnings_per_second_of_two_cores_by_processor_time"] = 2 * accepted / portal
    result.targets += [
        Target("warnings accepted per second, sustained", accepted / answered, ">=", 1000),
        Target("warnings shown per second, sustained", accepted / shown if shown else None, ">=", 1000 * 0.97),
        Target("single warning → shown, p50 ms", percentile(singles, 0.5) if singles else None, "<=", 120),
        Target("single warning → shown, p99 ms", percentile(singles, 0.99) if singles else None, "<=", 400),
        Target("single warnings per second", len(single.sent) / SINGLES_SECONDS, ">=", SINGLES * 0.98),
        Target("rows refused", sum(one.refused for one in [*single.sent, *wave.sent]), "==", 0),
        Target("pushes that a session missed", sum(one[1] for one in checks), "==", 0),
        Target("pushes that a session was shown twice", sum(one[2] for one in checks), "==", 0),
        Target("pushes outside a session's scope", sum(one[3] for one in checks), "==", 0),
    ]


def _naive(result: Result, database: str) -> None:
    """The same load on the naive way: singles, then as much of the wave as its time allows."""
    from bench.warning_rig import district
    from bench.warning_rig.naive_load import Naive, Sender

    grids, sessions = _cast()
    district.protect(grids, int(RATE * NAIVE_SECONDS) + 1000)
    areas = list(sessions.values())
    listens = [f"/listen/{'all' if area == district.DISTRICT else area}\tnone=1" for area in areas]
    try:
        with Naive(database, WEB) as naive:
            crowd = Crowd(naive.port, "", listens, KINDS, KEY)
            try:
                Sender(naive, grids, crowd, _shown).run(result, RATE, BATCH, SINGLES, NAIVE_SECONDS, NAIVE_PATIENCE)
            finally:
                crowd.process.kill()
    except (RuntimeError, OSError, ValueError) as reason:
        result.figures |= {"naive_shown_per_second": None, "naive_absent": str(reason)[:200]}


def _compare(result: Result) -> None:
    def both(ours: str, theirs: str) -> tuple[float, float] | None:
        found = result.figures.get(ours), result.figures.get(theirs)
        return found if all(isinstance(one, float) and one > 0 for one in found) else None  # type: ignore[return-value]

    if found := both("wave_shown_per_second", "naive_shown_per_second"):
        result.ratios["warnings shown per second: the portal : the naive way"] = found[0] / found[1]
    if found := both("cpu_ms_per_warning", "naive_cpu_ms_per_warning"):
        result.ratios["processor time of a warning: the naive way : the portal"] = found[1] / found[0]
    for share in ("p50", "p99"):
        if found := both(f"single_shown_{share}_ms", f"naive_single_shown_{share}_ms"):
            result.ratios[f"{share} of a single warning: the naive way : the portal"] = found[1] / found[0]
        if found := both(f"wave_shown_{share}_ms", f"naive_wave_shown_{share}_ms"):
            result.ratios[f"{share} in the wave: the naive way : the portal"] = found[1] / found[0]
