"""`./portal run`: services, set-up, then web, workers and beat under one supervisor until Ctrl-C."""

import contextlib
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from honcho.manager import Manager
from honcho.printer import Printer

from tongshan_portal.embedded import ServiceFailed
from tongshan_portal.kernel import queues

from . import children, services
from .alone import Running, RunsAlready, alone, running, wait_until_free
from .places import BASE, VAR, python, say

READY_WITHIN = 60.0
STOPS_WITHIN = 30.0
RUN = VAR / "run"
HEARTBEATS, METRICS, CHILDREN, UP = RUN / "heartbeats", RUN / "metrics", RUN / "children.json", RUN / "up"
KEEPER = str(BASE / "tongshan_portal" / "launcher" / "keeper.py")


class Unable(Exception):
    """The portal cannot start; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `./portal run` was asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 2
    keep_services: bool = False

    @property
    def address(self) -> str:
        """What a browser on this machine opens."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def _require_free(options: Options) -> None:
    with socket.socket(socket.AF_INET6 if ":" in options.host else socket.AF_INET) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((options.host, options.port))
            trial.listen()
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            other = options.port + 1 if options.port < 65535 else 8000
            raise Unable(
                f"{options.host}:{options.port} cannot be used ({reason}). Choose another port: ./portal run --port {other}"
            ) from None


def _set_up() -> None:
    """Migrate, compile translations, collect static files, load the demo on the first start: one process, for speed."""
    if subprocess.call(python("-m", "tongshan_portal.launcher.preparing"), cwd=BASE) != 0:
        raise Unable("the set-up failed; what it said stands above.")


def _commands(options: Options, watched: list[str]) -> dict[str, list[str]]:
    """The components by name. Each runs under a keeper, the watcher of the services keeps itself. Pages come first."""
    keeper = python("-S", KEEPER)
    web = python("-m", "uvicorn", "tongshan_portal.asgi:application", "--host", options.host, "--port", str(options.port))
    web += ["--workers", str(options.processes), "--timeout-graceful-shutdown", "3", "--timeout-keep-alive", "15"]
    web += ["--no-access-log", "--log-level", "warning"]
    celery = python("-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal")
    commands = {"web": [*keeper, "web", "--", *web]}
    for queue in queues.QUEUES:
        worker = [*celery, "worker", "-Q", queue, "-n", f"{queue}@%h", "-c", "1", "-l", "warning", "--without-mingle", "--without-gossip"]
        commands[queue] = [*keeper, queue, "--after", str(UP), "--heartbeat", str(HEARTBEATS / queue), "--", *worker]
    commands["beat"] = [*keeper, "beat", "--after", str(UP), "--", *celery, "beat", "-l", "warning", "-s", str(RUN / "beat"), "--pidfile="]
    if watched:
        commands["services"] = python("-m", "tongshan_portal.launcher.watching", str(VAR), *watched)
    return commands


def _answers(address: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the environment is not asked for this machine
    try:
        with opener.open(f"{address}/healthz", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _announce(options: Options, began: float) -> None:
    """Wait until the portal answers, and say where it is."""
    deadline = time.monotonic() + READY_WITHIN
    while not _answers(options.address):
        if time.monotonic() > deadline:
            say(f"\nThe portal does not answer at {options.address}/ after {READY_WITHIN:.0f} s; the lines above may say why.\n")
            return
        time.sleep(0.1)
    UP.touch()
    say(f"\nThe portal is up after {time.monotonic() - began:.1f} s: {options.address}/")
    signs = RUN / "demo.json"
    if signs.exists():
        facts = json.loads(signs.read_text())
        say(f"Demo people (synthetic), password {facts['password']}: {', '.join(facts['usernames'])}")
        say('Or choose "try as" on the sign-in page.')
    say("Ctrl-C stops it.\n")


def _ask_to_end(*_signal) -> None:
    raise KeyboardInterrupt


def _hear_signals() -> None:
    """Until the supervisor listens itself, being asked to end is Ctrl-C; a closed terminal is a wish to end too."""
    signal.signal(signal.SIGTERM, _ask_to_end)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def run(options: Options) -> int:
    """Start everything and stay until asked to end; answers the exit status."""
    began = time.monotonic()
    _hear_signals()
    try:
        with alone(RUN, options.address):
            return _run(options, began)
    except RunsAlready as already:
        where = f": {already.other.address}/ (process {already.other.pid})" if already.other else ""
        sys.stderr.write(f"portal: the portal is running in this folder already{where}. ./portal stop ends it.\n")
        return 2
    except (Unable, ServiceFailed) as reason:
        sys.stderr.write(f"portal: {reason}\n")
        return 2
    except KeyboardInterrupt:
        return 130


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _run(options: Options, began: float) -> int:
    if left := children.end_leftovers(CHILDREN):
        say(f"Ended {left} processes that an earlier start had left behind.")
    _require_free(options)
    os.environ["PORTAL_HEARTBEATS"] = str(_fresh(HEARTBEATS))
    try:
        given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
        say("Using the PostgreSQL and Redis of the environment." if given else "Starting PostgreSQL and Redis …")
        with services.ensured(VAR, leave_running=options.keep_services) as embedded:
            try:
                _set_up()
                return _supervise(options, embedded, began)
            finally:
                _end_all()
    finally:
        say("Everything is stopped.")


def _end_all() -> None:
    """End what still runs; not to be interrupted by an impatient second Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    children.end_leftovers(CHILDREN)


def _supervise(options: Options, embedded: list[str], began: float) -> int:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_fresh(METRICS))
    UP.unlink(missing_ok=True)
    children.mark(CHILDREN)
    manager = Manager(Printer(sys.stdout, colour=sys.stdout.isatty()))
    for name, command in _commands(options, embedded).items():
        manager.add_process(name, f"exec {shlex.join(command)}", quiet=False, env=dict(os.environ), cwd=str(BASE))
    threading.Thread(target=_announce, args=(options, began), daemon=True).start()
    manager.loop()
    return manager.returncode or 0


def stop() -> int:
    """End what runs in this folder, whoever started it: the supervisor, what a killed one left behind, the embedded services."""
    other: Running | None = running(RUN)
    if other is not None:
        say(f"Stopping the portal at {other.address}/ …")
        with contextlib.suppress(ProcessLookupError):
            os.kill(other.pid, signal.SIGTERM)
        if not wait_until_free(RUN, STOPS_WITHIN):
            sys.stderr.write(f"portal: process {other.pid} does not end; kill -9 {other.pid} and run ./portal stop again.\n")
            return 1
    children.end_leftovers(CHILDREN)
    services.stop(VAR)
    say("Everything is stopped.")
    return 0
