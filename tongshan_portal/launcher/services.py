"""The embedded services of a command: started when DATABASE_URL or REDIS_URL is not set, stopped by the last command that needs them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tongshan_portal import embedded

from .places import say

VARIABLES = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}


def start(var: Path) -> list[str]:
    """Start what is not given by the environment and set the two variables; answers the names of what is ours to keep running."""
    ours = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
    for name in ours:
        os.environ[VARIABLES[name]] = embedded.START[name](var)
    return ours


def stop(var: Path) -> None:
    """Stop the embedded services of this folder."""
    embedded.stop(var)
    _leftover(var).unlink(missing_ok=True)


def _leftover(var: Path) -> Path:
    """Exists while services that their own command could not stop, because another used them, are to be stopped by that one."""
    return var / "services.leftover"


@contextmanager
def ensured(var: Path, *, leave_running: bool | None = None) -> Iterator[list[str]]:
    """Services for one command; gives the names of those that are embedded.

    Afterwards they are stopped, unless another command still uses them. `leave_running`: True leaves them, False stops them even when they
    were running before; None, as for short commands, leaves what was found running.
    """
    if all(os.environ.get(variable) for variable in VARIABLES.values()):
        yield []
        return
    var.mkdir(parents=True, exist_ok=True)
    with (var / "services.users").open("w") as users:  # shared by all that use them; the lock ends with its process
        fcntl.flock(users, fcntl.LOCK_SH)
        before = embedded.is_running(var)
        try:
            yield start(var)
        finally:
            leave = before and not _leftover(var).exists() if leave_running is None else leave_running
            if not leave:
                _stop_as_the_last(users, var)


def _stop_as_the_last(users, var: Path) -> None:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _leftover(var).touch()
        say("PostgreSQL and Redis stay up: another command of this folder uses them, and stops them when it ends.")
        return
    stop(var)
