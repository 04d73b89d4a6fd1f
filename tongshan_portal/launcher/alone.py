"""One start per folder: a lock that ends with its process, however that ends, and what the running start says of itself."""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Running:
    """The start that runs in this folder."""

    pid: int
    address: str


class RunsAlready(Exception):
    """Another start has the folder; `other` says which, when it has said so."""

    def __init__(self, other: Running | None):
        super().__init__(other)
        self.other = other


@contextmanager
def alone(folder: Path, address: str) -> Iterator[None]:
    """Hold the folder. Raises RunsAlready."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready(_read(lock)) from None
        lock.seek(0)
        lock.truncate()
        json.dump(asdict(Running(os.getpid(), address)), lock)
        lock.flush()
        yield


def running(folder: Path) -> Running | None:
    """Who holds the folder now; None when nobody does. The file's words count only while its lock is held."""
    try:
        with (folder / "run.lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(lock)
    except FileNotFoundError:
        return None
    return None


def wait_until_free(folder: Path, seconds: float) -> bool:
    """Wait until nobody holds the folder; answers whether that came."""
    deadline = time.monotonic() + seconds
    while running(folder) is not None:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _read(lock) -> Running | None:
    lock.seek(0)
    try:
        return Running(**json.load(lock))
    except (ValueError, TypeError):
        return None
