"""The live path while its processes are killed: what was committed is shown, once, without a reload."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import psutil
import pytest
from django.conf import settings
from django.db import connections

from bench.chaos_rig.watcher import Watcher
from tests.conftest import TOWN
from tests.live.client import session_of
from tests.processes import database_url
from tongshan_portal.live import store
from tongshan_portal.live.publish import publish

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]
TOPIC = "announcements"
SECONDS = 6


class Browser(Watcher):
    """A live page of somebody, which notes the numbers that are said."""

    def __init__(self, port: int, session_key: str, *, resumes: bool = True) -> None:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session_key}"
        super().__init__(f"http://127.0.0.1:{port}", cookie, notes=(r"test\.said", "n"), resumes=resumes)

    @property
    def numbers(self) -> list[int]:
        """What was said, in the order shown."""
        return [int(number) for _kind, number in self.shown]


class Rig:
    """The web process, the worker and beat of this test's database."""

    def __init__(self, folder) -> None:
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "tongshan_portal.settings.test",
        }
        self.processes: dict[str, subprocess.Popen] = {}

    def start(self, name: str) -> None:
        celery = ["-W", "ignore::UserWarning", "-m", "celery", "-q", "-A", "tongshan_portal"]
        web = ["-m", "uvicorn", "tongshan_portal.asgi:application", "--port", str(self.port), "--log-level", "critical"]
        commands = {
            "web": [*web, "--timeout-graceful-shutdown", "2"],
            "worker": [*celery, "worker", "-Q", "live", "-c", "1", "-l", "critical", "--without-mingle", "--without-gossip"],
            "beat": [*celery, "beat", "-l", "critical", "-s", str(self.folder / "beat"), "--pidfile="],
        }
        self.processes[name] = subprocess.Popen(
            [sys.executable, *commands[name]],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
        )

    def kill(self, name: str) -> None:
        """kill -9, with all its children."""
        process = self.processes.pop(name)
        for one in [*psutil.Process(process.pid).children(recursive=True), process]:
            os.kill(one.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.processes):
            self.kill(name)


@pytest.fixture
def rig(tmp_path):
    running = Rig(tmp_path)
    try:
        yield running
    finally:
        running.stop()


def _say_for(seconds: float, accepted: list[int], each: float = 0.01) -> None:
    """Publish one event after the other; what was committed is written down."""
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        publish(topic=TOPIC, kind="test.said", area_code=TOWN, line={"n": str(number)})
        accepted.append(number)
        number += 1
        time.sleep(each)


def _saying(seconds: float) -> tuple[threading.Thread, list[int]]:
    accepted: list[int] = []

    def say() -> None:
        try:
            _say_for(seconds, accepted)
        finally:
            connections.close_all()

    thread = threading.Thread(target=say)
    thread.start()
    return thread, accepted


def _wait(condition, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.05)


def test_worker_web_and_redis_data_are_killed_and_everything_is_shown_once(rig, cast):
    for name in ("web", "worker", "beat"):
        rig.start(name)
    browsers = [Browser(rig.port, session_of(cast[name])) for name in ("town_officer", "duty_officer")]
    outsider = Browser(rig.port, session_of(cast["other_town_officer"]))
    for browser in [*browsers, outsider]:
        browser.start()
    _wait(lambda: all(browser.last_id for browser in [*browsers, outsider]), 20)
    saying, accepted = _saying(SECONDS)
    time.sleep(1)
    rig.kill("worker")
    rig.start("worker")
    time.sleep(1)
    store.client().delete(store.stream_key(store.cursor().epoch))  # what a Redis without its files forgets
    time.sleep(0.5)
    rig.kill("web")
    time.sleep(0.5)
    rig.start("web")
    saying.join()
    rig.kill("worker")  # in the middle of the rest
    publish(topic=TOPIC, kind="test.said", area_code=TOWN, line={"n": str(len(accepted))})
    accepted.append(len(accepted))
    rig.start("worker")
    _wait(lambda: all(len(browser.numbers) >= len(accepted) for browser in browsers), 15)
    for browser in [*browsers, outsider]:
        browser.stopped = True
    assert len(accepted) > 100
    assert [browser.connects > 1 for browser in browsers] == [True, True]
    assert [sorted(browser.numbers) for browser in browsers] == [accepted, accepted]
    assert outsider.numbers == []


def test_a_browser_that_does_not_resume_loses_so_the_rig_can_show_a_loss(rig, cast):
    """The negative control: the same kill of the web process, without the last event id."""
    for name in ("web", "worker"):
        rig.start(name)
    forgetful = Browser(rig.port, session_of(cast["town_officer"]), resumes=False)
    forgetful.start()
    _wait(lambda: forgetful.last_id, 20)
    saying, accepted = _saying(3)
    time.sleep(0.5)
    rig.kill("web")
    time.sleep(0.5)
    rig.start("web")
    saying.join()
    _wait(lambda: forgetful.connects > 1, 10)
    publish(topic=TOPIC, kind="test.said", area_code=TOWN, line={"n": str(len(accepted))})
    accepted.append(len(accepted))
    _wait(lambda: accepted[-1] in forgetful.numbers, 10)
    forgetful.stopped = True
    assert forgetful.connects > 1
    assert set(forgetful.numbers) < set(accepted)
