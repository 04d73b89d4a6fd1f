"""A component that dies, leaves children behind or falls silent is started again, a bounded number of times."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tongshan_portal.launcher import keeper
from tongshan_portal.launcher.keeper import Keeper

SCRIPT = Path(keeper.__file__)


def notes_its_pid(file: Path, then: str) -> list[str]:
    """A component that writes its pid into a file and goes on as `then` says."""
    return ["/bin/sh", "-c", f'echo $$ >> "{file}"; {then}']


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def until(holds, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def kept(tmp_path):
    """Starts a keeper process over a component; answers it and the file of pids."""
    started = []

    def start(then: str, *options: str):
        file = tmp_path / "pids"
        process = subprocess.Popen([sys.executable, "-S", str(SCRIPT), "part", *options, "--", *notes_its_pid(file, then)])
        started.append(process)
        return process, file

    yield start
    for process in started:
        process.terminate()
        process.wait(timeout=10)


def test_component_that_is_killed_is_started_again(kept):
    _keeper, file = kept("exec sleep 600")
    assert until(lambda: len(pids(file)) == 1)
    os.kill(pids(file)[0], signal.SIGKILL)
    assert until(lambda: len(pids(file)) == 2)
    assert psutil.pid_exists(pids(file)[1])


def test_what_a_dead_component_left_behind_is_ended_before_it_starts_again(kept, tmp_path):
    _keeper, file = kept(f"sleep 600 & echo $! > '{tmp_path}/orphan'; wait")
    assert until((tmp_path / "orphan").exists) and until(lambda: len(pids(tmp_path / "orphan")) == 1)
    orphan = pids(tmp_path / "orphan")[0]
    os.kill(pids(file)[0], signal.SIGKILL)
    assert until(lambda: len(pids(file)) == 2)
    assert until(lambda: not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE)


def test_being_asked_to_end_is_passed_on_and_nothing_starts_again(kept):
    process, file = kept("exec sleep 600")
    assert until(lambda: len(pids(file)) == 1)
    process.terminate()
    assert process.wait(timeout=5) == 0
    assert (len(pids(file)), psutil.pid_exists(pids(file)[0])) == (1, False)


def test_component_begins_when_what_it_waits_for_is_there(kept, tmp_path):
    _keeper, file = kept("exec sleep 600", "--after", str(tmp_path / "up"))
    time.sleep(0.5)
    assert pids(file) == []
    (tmp_path / "up").touch()
    assert until(lambda: len(pids(file)) == 1)


def test_keeper_gives_up_on_a_component_that_only_fails(monkeypatch, tmp_path, capfd):
    monkeypatch.setattr(keeper, "TRIES", 3)
    monkeypatch.setattr(keeper, "PAUSE", 0.0)
    file = tmp_path / "pids"
    assert Keeper("part", notes_its_pid(file, "exit 4")).run() == 1
    assert len(pids(file)) == 3
    said = capfd.readouterr().out.splitlines()
    assert said == ["part ended with status 4; it is started again"] * 3 + ["part ended 3 times in 120 s; giving up"]


def test_silent_component_is_killed_and_one_that_shows_life_is_not(monkeypatch, tmp_path):
    monkeypatch.setattr(keeper, "SILENCE", 1.5)
    monkeypatch.setattr(keeper, "TRIES", 1)
    monkeypatch.setattr(keeper, "PAUSE", 0.0)
    began, life = time.monotonic(), tmp_path / "life"
    alive_for_a_while = f'for n in 1 2 3 4 5 6; do touch "{life}"; sleep 0.5; done; sleep 600'
    assert Keeper("part", ["/bin/sh", "-c", alive_for_a_while], life).run() == 1
    assert 4.0 < time.monotonic() - began < 9.0
