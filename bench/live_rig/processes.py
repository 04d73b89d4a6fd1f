"""Servers and listeners as processes: start, measure, stop."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

BASE = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def python(*arguments: str, **options) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *arguments], cwd=BASE, **options)


def await_answer(address: str, seconds: float = 90) -> None:
    """Wait until a server answers anything at all."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer")


def memory_mb(process: subprocess.Popen) -> float:
    """Memory of a process and its children that nobody else uses, in MB."""
    root = psutil.Process(process.pid)
    return sum(one.memory_full_info().uss for one in [root, *root.children(recursive=True)]) / 1e6


def processor_time(process: subprocess.Popen) -> float:
    """Seconds of processor time of a process and its children so far."""
    root = psutil.Process(process.pid)
    times = [one.cpu_times() for one in [root, *root.children(recursive=True)]]
    return sum(one.user + one.system for one in times)


def end(process: subprocess.Popen, seconds: float = 30) -> float:
    """SIGTERM; answers the seconds until it was gone. Killed when it does not go."""
    began = time.monotonic()
    family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    for one in psutil.wait_procs(family, timeout=5)[1]:
        one.kill()
    return time.monotonic() - began


class Crowd:
    """Listeners in their own process."""

    def __init__(self, port: int, path: str, cookies: list[str], *marked: str) -> None:
        arguments = ("-m", "bench.live_rig.listeners", "127.0.0.1", str(port), path, *marked)
        self.process = python(*arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._write("\n".join(cookies) + "\n\n")
        self.answer = self._read()
        if self.answer["errors"]:
            raise RuntimeError(self.answer["errors"][0])

    def _write(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def _read(self) -> dict:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def arrivals(self) -> list[list]:
        """What arrived since the last call, by listener: the seconds it took, or with a mark (mark, moment)."""
        self._write("report\n")
        return self._read()["arrivals"]

    def leave(self) -> None:
        self._write("quit\n")
        self.process.wait(20)
