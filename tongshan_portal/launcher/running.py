"""`./portal run`: services, set-up, then web, worker and beat under one supervisor until Ctrl-C."""

import fcntl
import json
import os
import shlex
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from tongshan_portal.kernel import queues

from . import children, services
from .places import BASE, VAR, python, say

READY_WITHIN = 60.0
HEARTBEATS = VAR / "run" / "heartbeats"


class Unable(Exception):
    """The portal cannot start; the message says what to do."""


@contextmanager
def _alone(folder: Path, address: str) -> Iterator[None]:
    """Only one start per folder. The lock ends with its process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Unable(f"the portal is running here already: {lock.read().strip()}") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"http://{address} (process {os.getpid()})")
        lock.flush()
        yield


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise Unable(f"{host}:{port} cannot be used ({error.strerror}). Choose another: ./portal run --port {port + 1}") from None


def _set_up() -> None:
    """Migrate, compile translations, collect static files, load the demo on the first start: one process, for speed."""
    if subprocess.call(python("-m", "tongshan_portal.launcher.preparing"), cwd=BASE) != 0:
        raise Unable("the set-up failed; what it said stands above.")


def _commands(host: str, port: int, processes: int, watched: list[str]) -> dict[str, list[str]]:
    keeper = python("-m", "tongshan_portal.launcher.keeper")
    web = python("-m", "uvicorn", "tongshan_portal.asgi:application", "--host", host, "--port", str(port), "--workers", str(processes))
    web += ["--timeout-graceful-shutdown", "3", "--timeout-keep-alive", "15", "--no-access-log", "--log-level", "warning"]
    celery = python("-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal")
    commands = {
        "web": [*keeper, "web", "--", *web],
        "beat": [*keeper, "beat", "--", *celery, "beat", "-l", "warning", "-s", str(VAR / "run" / "beat"), "--pidfile="],
    }
    for queue in queues.QUEUES:
        worker = [*celery, "worker", "-Q", queue, "-n", f"{queue}@%h", "-c", "1", "-l", "warning", "--without-mingle", "--without-gossip"]
        commands[queue] = [*keeper, queue, "--heartbeat", str(HEARTBEATS / queue), "--", *worker]
    if watched:
        commands["services"] = python("-m", "tongshan_portal.launcher.watching", str(VAR), *watched)
    return commands


def _announce(manager: Manager, file: Path, address: str, began: float) -> None:
    """Remember the children, wait until the portal answers, and say where it is."""
    deadline = time.monotonic() + READY_WITHIN
    while time.monotonic() < deadline:
        time.sleep(0.2)
        children.remember(file, [entry["pid"] for entry in manager._processes.values() if entry.get("pid")])
        try:
            with urllib.request.urlopen(f"http://{address}/healthz", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            continue
    say(f"\nThe portal is up after {time.monotonic() - began:.1f} s: http://{address}/")
    signs = VAR / "run" / "demo.json"
    if signs.exists():
        facts = json.loads(signs.read_text())
        say(f"Demo people (synthetic), password {facts['password']}: {', '.join(facts['usernames'])}")
        say('Or choose "try as" on the sign-in page.')
    say("Ctrl-C stops it.\n")


def run(*, host: str, port: int, processes: int) -> int:
    """Start everything and stay until asked to end; answers the exit status."""
    began, address = time.monotonic(), f"{host}:{port}"
    try:
        with _alone(VAR / "run", address):
            return _run(host, port, processes, address, began)
    except Unable as reason:
        sys.stderr.write(f"portal: {reason}\n")
        return 2


def _run(host: str, port: int, processes: int, address: str, began: float) -> int:
    file = VAR / "run" / "children.json"
    if left := children.end_leftovers(file):
        say(f"Ended {left} processes that an earlier start had left behind.")
    _require_free(host, port)
    HEARTBEATS.mkdir(exist_ok=True)
    os.environ["PORTAL_HEARTBEATS"] = str(HEARTBEATS)
    say("Starting PostgreSQL and Redis …" if "DATABASE_URL" not in os.environ else "Using the PostgreSQL and Redis of the environment.")
    started = services.start(VAR)
    try:
        _set_up()
        manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty()))
        for name, command in _commands(host, port, processes, [name.lower().replace("postgresql", "postgres") for name in started]).items():
            manager.add_process(name, shlex.join(command), quiet=False, env=dict(os.environ), cwd=str(BASE))
        threading.Thread(target=_announce, args=(manager, file, address, began), daemon=True).start()
        manager.loop()
        return manager.returncode or 0
    finally:
        children.end_leftovers(file)
        if started:
            services.stop(VAR)
        say("Everything is stopped.")
