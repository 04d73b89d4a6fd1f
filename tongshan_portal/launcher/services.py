"""The embedded services of a command: started when DATABASE_URL or REDIS_URL is not set."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongshan_portal import embedded


def start(var: Path) -> list[str]:
    """Start what is not given by the environment and set the two variables; answers the names of what was started."""
    started = []
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = embedded.start_postgres(var)
        started.append("PostgreSQL")
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = embedded.start_redis(var)
        started.append("Redis")
    return started


def stop(var: Path) -> None:
    """Stop the embedded services of this folder."""
    embedded.stop(var)


@contextmanager
def ensured(var: Path) -> Iterator[None]:
    """Services for one command. What was not running before is stopped after it."""
    running = embedded.is_running(var)
    started = start(var)
    try:
        yield
    finally:
        if started and not running:
            stop(var)
