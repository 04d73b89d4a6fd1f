"""A wave of fraud warnings comes in as processes are killed with -9 at random: web, worker, beat, Redis, PostgreSQL.

What was accepted is compared with the database; what live pages showed, with the events there are. That the rig can see a loss and a double
is shown by tests/chaos. `BENCH_CHAOS_SECONDS` is the length of the wave, `BENCH_CHAOS_WARNINGS` how many come.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from bench.framework import Result, Target

SECONDS = float(os.environ.get("BENCH_CHAOS_SECONDS", "60"))
WARNINGS = int(os.environ.get("BENCH_CHAOS_WARNINGS", "20000"))
BATCH = 250


def run() -> Result:
    """One exercise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    from bench.chaos_rig import exercise, warning_exercise

    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = warning_exercise.run(Path(folder), SECONDS, count=WARNINGS, size=BATCH)
    result = Result(
        "chaos_warnings", {"seconds": SECONDS, "warnings": WARNINGS, "sent_again": found.retries, "took_seconds": found.seconds}
    )
    result.figures |= {f"killed_{kind}": count for kind, count in found.kills.items()}
    result.figures |= {name.replace(" ", "_").replace("-", "_"): count for name, count in found.facts.items()}
    result.figures |= {"pages_loaded_anew": found.loads, "settled_after_seconds": found.settled_after, "ledger": found.chain}
    if found.problems:
        result.figures["the first of the answers nobody should get"] = found.problems[0]
    result.targets = [Target(name.replace("_", " "), count, "==", 0) for name, count in found.verdict.as_dict().items()]
    result.targets += [
        Target("warnings accepted", found.accepted, "==", WARNINGS),
        Target("answers nobody should get", len(found.problems), "==", 0),
        Target("events that a page missed", found.missed, "==", 0),
        Target("events that a page showed twice", found.twice, "==", 0),
        Target("events that a page showed outside its scope", found.outside, "==", 0),
        Target("seconds until every page was right again", found.settled_after, "<=", exercise.SETTLES),
        Target("processes killed", sum(found.kills.values()), ">=", 5),
    ]
    return result
