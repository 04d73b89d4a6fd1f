"""A portal of its own, started as a person starts it, in a folder of its own; its processes are killed with -9, its keepers are not."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from bench.live_rig.processes import BASE, free_port
from tongshan_portal import embedded

KINDS = ("web", "live", "beat", "redis", "postgres")
READY = 240.0
_WORDS = {"web": ("uvicorn", "tongshan_portal.asgi:application"), "live": ("celery", "-Q", "live"), "beat": ("celery", "beat")}


class Portal:
    """`with Portal(folder) as portal: portal.kill("redis")`. The folder keeps data, keys and the demo people."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._environment = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL", "PORTAL_RUN")}
        self._environment |= {"PORTAL_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "tongshan_portal.settings.local"}
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> "Portal":
        command = [sys.executable, "-m", "tongshan_portal.launcher", "run", "--port", str(self.port)]
        self.log = (self.folder / "portal.log").open("wb")
        self._process = subprocess.Popen(command, cwd=BASE, env=self._environment, stdout=self.log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + READY
        while not (self.folder / "run" / "up").exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"the portal did not start:\n{(self.folder / 'portal.log').read_text()[-2000:]}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_error) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
        embedded.stop(self.folder)
        self.log.close()

    def database_url(self) -> str:
        """Where its PostgreSQL listens; started again when it was killed a moment ago."""
        return embedded.start_postgres(self.folder)

    def manage(self, *arguments: str) -> str:
        """Run a management command over its data; answers what it said. Raises CalledProcessError."""
        environment = self._environment | {"DATABASE_URL": self.database_url(), "REDIS_URL": embedded.start_redis(self.folder)}
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def _of_kind(self, kind: str) -> list[psutil.Process]:
        if kind in ("redis", "postgres"):
            file = self.folder / ("redis/pid" if kind == "redis" else "postgres/postmaster.pid")
            if not file.exists():
                from tongshan_portal.embedded.folders import postgres_data

                file = postgres_data(self.folder) / "postmaster.pid"
            with contextlib.suppress(OSError, ValueError, psutil.Error):
                server = psutil.Process(int(file.read_text().split()[0]))
                return [server, *server.children(recursive=True)] if kind == "redis" else [server]
            return []
        assert self._process is not None
        found = []
        for one in psutil.Process(self._process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                words = one.cmdline()
                if all(word in words for word in _WORDS[kind]) and not any(word.endswith("keeper.py") for word in words):
                    found += [one, *one.children(recursive=True)]
        return found

    def kill(self, kind: str) -> int:
        """`kill -9` of every process of a kind (of PostgreSQL the postmaster: what serves sessions follows it). Answers how many."""
        count = 0
        for one in self._of_kind(kind):
            with contextlib.suppress(psutil.Error, ProcessLookupError):
                os.kill(one.pid, signal.SIGKILL)
                count += 1
        return count

    def await_well(self, seconds: float = 60.0) -> None:
        """Until pages and services answer again."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.address}/readyz", timeout=3):
                return
            time.sleep(0.2)
        raise RuntimeError("the portal did not come back")
