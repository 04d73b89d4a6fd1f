"""What an earlier start left behind is known by its mark, and nobody else is ended."""

import os
import subprocess
import sys

import psutil
import pytest

from tongshan_portal.embedded.folders import RUN_MARK
from tongshan_portal.launcher import children

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = f"import subprocess, sys, time; subprocess.Popen({SLEEP!r}); print('ready', flush=True); time.sleep(600)"


@pytest.fixture
def marked(tmp_path, monkeypatch):
    """A start that has begun; answers its file."""
    monkeypatch.setenv(RUN_MARK, "")
    children.mark(tmp_path / "children.json")
    return tmp_path / "children.json"


@pytest.fixture
def spawn():
    """Starts a process that is ended after the test."""
    started = []

    def start(command, **options):
        started.append(subprocess.Popen(command, **options))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_grandchild_is_found_though_its_parent_is_dead(marked, spawn):
    parent = spawn([sys.executable, "-c", PARENT], stdout=subprocess.PIPE)
    parent.stdout.readline()
    [grandchild] = psutil.Process(parent.pid).children()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert children.end_leftovers(marked) == 1
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE
    assert not marked.exists()


def test_process_with_the_same_command_but_without_the_mark_is_left_alone(marked, spawn):
    stranger = spawn(SLEEP, env={name: value for name, value in os.environ.items() if name != RUN_MARK})
    of_another_start = spawn(SLEEP, env=os.environ | {RUN_MARK: "another"})
    assert children.end_leftovers(marked) == 0
    assert (stranger.poll(), of_another_start.poll()) == (None, None)


def test_process_that_will_not_be_asked_is_killed(marked, spawn):
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(600)"
    process = spawn([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    process.stdout.readline()
    assert children.end_leftovers(marked, patience=0.5) == 1
    assert psutil.pid_exists(process.pid) is False
    process.stdout.close()


@pytest.mark.parametrize("content", ["", "{", '{"other": 1}', "[]", '{"mark": null}'])
def test_file_that_says_nothing_ends_nobody(tmp_path, content):
    (tmp_path / "children.json").write_text(content)
    assert children.end_leftovers(tmp_path / "children.json") == 0
