"""Runs the naive way: its processes, and the same warnings as the portal got."""

import json
import os
import subprocess
import time
import urllib.request
from collections.abc import Callable

from bench.framework import Result, percentile
from bench.live_rig.processes import Crowd, await_answer, end, free_port, processor_time, python
from bench.report_rig.databases import processor_time as database_time

from .rows import warnings
from .sender import Sent, bodies, pace

QUEUE = "bench-naive"
"""The queue of its tasks, as `naive` names it."""


class Naive:
    """`with Naive(database, web) as naive:` uvicorn with as many processes as the portal, a Celery worker with two."""

    def __init__(self, database: str, web: int):
        self.port, self._environment, self._web = free_port(), os.environ | {"DATABASE_URL": database}, web
        self._environment["DJANGO_SETTINGS_MODULE"] = "bench.warning_rig.naive_settings"
        self._processes: list[subprocess.Popen] = []

    def __enter__(self) -> "Naive":
        quiet = {"env": self._environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        web = ("-m", "uvicorn", "bench.warning_rig.naive:application", "--port", str(self.port), "--workers", str(self._web))
        worker = ("-m", "celery", "-q", "-A", "bench.warning_rig.naive:app", "worker", "-Q", QUEUE, "-c", "2", "-n", "bench-naive@%h")
        self._processes = [
            python(*web, "--no-access-log", "--log-level", "critical", "--timeout-graceful-shutdown", "2", **quiet),
            python("-W", "ignore", *worker, "-l", "error", "--without-mingle", "--without-gossip", **quiet),
        ]
        try:
            await_answer(f"http://127.0.0.1:{self.port}/nothing")
        except RuntimeError:
            self.__exit__()
            raise
        return self

    def processor_time(self) -> float:
        """Seconds of processor time of its processes and of the database's for them."""
        return sum(processor_time(one) for one in self._processes) + database_time()

    def __exit__(self, *_error) -> None:
        from tongshan_portal.live import store

        for process in self._processes:
            if process.poll() is None:
                end(process, 5)
        store.client().delete(QUEUE, "unacked", "unacked_index")


class Sender:
    """The naive way answers before anything is kept: what was shown is all that counts, by the number of the source."""

    def __init__(self, naive: Naive, grids: list[str], crowd: Crowd, shown: Callable[[Crowd], list[list[tuple[str, float]]]]):
        self.naive, self.port, self.grids, self.crowd, self.shown = naive, naive.port, grids, crowd, shown

    def _send(self, body: bytes) -> Sent:
        rows = json.loads(body)
        given = json.dumps({"source": "police", **rows}).encode()
        moment, clock = time.time(), time.perf_counter()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/take", given, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=60).close()
        return Sent(moment, time.perf_counter() - clock, [row["external_id"] for row in rows["rows"]])

    def _times(self, sent: list[Sent], patience: float) -> tuple[list[float], int, float]:
        """(milliseconds of each delivery, warnings shown to somebody, the moment of the last), once all are shown or patience ends."""
        begun = {code: one.moment for one in sent for code in one.codes}
        until, times, known, last = time.monotonic() + patience, [], set(), 0.0
        while time.monotonic() < until and len(known) < len(begun):
            time.sleep(0.5)
            for own in self.shown(self.crowd):
                for code, moment in own:
                    if code in begun:
                        times.append((moment - begun[code]) * 1000)
                        known.add(code)
                        last = max(last, moment)
        return times, len(known), last

    def run(self, result: Result, rate: float, batch: int, singles: int, seconds: float, patience: float) -> None:
        """Singles at their pace, then the wave."""
        from antifraud.alerts.models import FraudWarning
        from tongshan_portal.kernel import clock

        worked = self.naive.processor_time()
        count = int(singles * seconds)
        self._times(
            pace([self._send], bodies(warnings(self.grids, 50, clock.now(), first=count, again=False, prefix="w"), 1), 0.02, 10), 15
        )
        made = bodies(warnings(self.grids, count, clock.now(), again=False, prefix="one"), 1)
        times, kept, _last = self._times(pace([self._send] * 4, made, 1 / singles, seconds + 5), 10)
        result.figures |= {
            "naive_single_shown_p50_ms": percentile(times, 0.5) if times else None,
            "naive_single_shown_p99_ms": percentile(times, 0.99) if times else None,
            "naive_singles_shown_share": kept / count,
        }
        offered = int(rate * seconds)
        made = bodies(warnings(self.grids, offered, clock.now(), first=count + 50), batch)
        begun = time.time()
        sent = pace([self._send] * 2, made, batch / rate, patience)
        times, kept, last = self._times(sent, max(1.0, patience - (time.time() - begun)))
        result.figures |= {
            "naive_wave_warnings": offered,
            "naive_wave_shown_share": kept / offered,
            "naive_cpu_ms_per_warning": (self.naive.processor_time() - worked)
            / max(1, FraudWarning.objects.unscoped("bench").count())
            * 1000,
            "naive_shown_per_second": kept / (last - begun) if last > begun else None,
            "naive_wave_shown_p50_ms": percentile(times, 0.5) if times else None,
            "naive_wave_shown_p99_ms": percentile(times, 0.99) if times else None,
        }
