"""Fraud warnings taken in: matched, joined or opened, assigned, sealed, in the ledger and the outbox, one transaction per batch.

Everything happens in a scratch database that is made and dropped here: the synthetic district with a grid worker in every grid, a fifth of
the numbers registered, a fifth a household's, one warning in ten about somebody who was warned of before. One process, one connection.
`BENCH_WARNINGS` says how many; `BENCH_PROFILE=1` prints where the time goes.
"""

import cProfile
import os
import pstats
import time
from pathlib import Path

import django

from bench.framework import Result, Target, percentile

WARNINGS = int(os.environ.get("BENCH_WARNINGS", "20000"))
PROFILE = os.environ.get("BENCH_PROFILE") == "1"


def run() -> Result:
    """Batches of a thousand, then of five hundred."""
    from django.db import connection

    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measure()
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"].removeprefix("test_"), verbosity=0)


def _measure() -> Result:
    from antifraud.alerts.models import FraudAlert, FraudWarning
    from bench.warning_rig import district

    grids = district.settle()
    officer = district.officer()
    district.protect(grids, 2 * WARNINGS)
    result = Result("receive_warnings", {"warnings": WARNINGS})
    for size, offset in ((1000, 0), (500, WARNINGS)):
        seconds, batches, cpu = _receive(officer, grids, size, offset)
        speed = WARNINGS / seconds
        result.figures[f"batches_of_{size}_warnings_per_second"] = round(speed)
        result.figures[f"batches_of_{size}_p99_ms"] = round(percentile(batches, 0.99) * 1000, 1)
        result.figures[f"batches_of_{size}_cpu_ms_per_warning_portal"] = round(cpu[0] / WARNINGS * 1000, 3)
        result.figures[f"batches_of_{size}_cpu_ms_per_warning_database"] = round(cpu[1] / WARNINGS * 1000, 3)
        core = WARNINGS / sum(cpu)
        result.figures[f"batches_of_{size}_warnings_per_second_of_one_core"] = round(core)
        result.targets.append(Target(f"warnings per second of processor time in batches of {size}", core, ">=", 1000))
        result.targets.append(Target(f"warnings per second in batches of {size}", speed, ">=", 1000))
    assert FraudWarning.objects.count() == 2 * WARNINGS
    result.figures["alerts"] = FraudAlert.objects.unscoped("bench").count()
    return result


def _backend() -> float:
    """Processor time of the database's process for this connection, in seconds: beside others, time on the wall says little."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not path.exists():
        return 0.0
    user, system = path.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _receive(officer, grids: list[str], size: int, offset: int) -> tuple[float, list[float], tuple[float, float]]:
    from antifraud.alerts.actions.receiving import receive_warnings
    from bench.warning_rig.rows import warnings
    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.kernel import clock

    rows = warnings(grids, WARNINGS, clock.now(), first=offset)
    actor = actor_for(officer)
    batches, profile = [], cProfile.Profile()
    if PROFILE:
        profile.enable()
    begun, worked, served = time.perf_counter(), time.process_time(), _backend()
    for start in range(0, WARNINGS, size):
        before = time.perf_counter()
        received = receive_warnings(actor=actor, source="bench", rows=rows[start : start + size])
        batches.append(time.perf_counter() - before)
        assert received.accepted == min(size, WARNINGS - start), received.rejected[:3]
    seconds, cpu = time.perf_counter() - begun, (time.process_time() - worked, _backend() - served)
    if PROFILE:
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
    return seconds, batches, cpu
