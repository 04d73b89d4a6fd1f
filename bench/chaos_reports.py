"""Reports are filed and handled for a while, as processes are killed with -9 at random: web, worker, beat, Redis, PostgreSQL.

What was acknowledged is compared with the database; what a live page showed, with the events there are. That the rig can see a loss is
shown by tests/chaos.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import django

from bench.framework import Result, Target

SECONDS = float(os.environ.get("BENCH_CHAOS_SECONDS", "60"))


def run() -> Result:
    """One exercise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    from bench.chaos_rig import exercise

    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = exercise.run(Path(folder), SECONDS)
    result = Result("chaos_reports", {"seconds": SECONDS, "filed": found.filed, "closed": found.closed, "pressed_again": found.retries})
    result.figures |= {f"killed_{kind}": count for kind, count in found.kills.items()}
    result.figures |= {"settled_after_seconds": found.settled_after, "ledger": found.chain}
    if found.problems:
        result.figures["the first of the answers nobody should get"] = found.problems[0]
    wrong = found.verdict.as_dict()
    result.targets = [Target(name.replace("_", " "), count, "==", 0) for name, count in wrong.items()]
    result.targets += [
        Target("answers nobody should get", len(found.problems), "==", 0),
        Target("events that the page of the town missed", found.page_missed, "==", 0),
        Target("events that it showed twice", found.page_twice, "==", 0),
        Target("events that the page of another town showed", found.outside, "==", 0),
        Target("seconds until the page was right again", found.settled_after, "<=", 15),
        Target("reports taken through the whole loop meanwhile", found.closed, ">=", SECONDS / 5),
        Target("processes killed", sum(found.kills.values()), ">=", 5),
    ]
    return result
