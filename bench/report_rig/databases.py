"""Scratch databases beside one another in the same PostgreSQL, so that two sizes take turns in one run."""

from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from django.core.management import call_command
from django.db import connection


def use(name: str) -> None:
    """Go on with another database; what a process keeps of the net belongs to the one before."""
    from grids.areas import locating, names, succession

    connection.close()
    connection.settings_dict["NAME"] = name
    for kept in (locating.kept, names.kept, succession.kept):
        kept.forget()


def url(name: str) -> str:
    """The address of a scratch database, for other processes."""
    held = connection.settings_dict
    return f"postgres://{held['USER']}@/{name}?host={held['HOST'].replace('/', '%2F')}"


def processor_time() -> float:
    """Seconds of processor time of the processes that serve the sessions of the present database: of this process and of others."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        served = [psutil.Process(pid).cpu_times() for (pid,) in cursor.fetchall() if psutil.pid_exists(pid)]
    return sum(one.user + one.system for one in served)


@contextmanager
def scratch(*names: str) -> Iterator[None]:
    """Make migrated databases of these names and drop them at the end."""
    home = connection.settings_dict["NAME"]
    try:
        for name in names:
            use(home)
            _say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
            use(name)
            call_command("migrate", verbosity=0)
        yield
    finally:
        use(home)
        for name in names:
            _say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _say(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
