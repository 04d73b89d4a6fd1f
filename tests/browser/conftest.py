"""Journeys in real Chromium: the system's, without any outside address, failing on every console error."""

import os
import shutil
import threading
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.test import Client
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's loop runs in this thread; nothing here is async

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items):
    """Two cores bear one browser: tests/conftest.py keeps the journeys on one worker."""
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="module")
def browser():
    """One Chromium per module: Playwright's event loop must be gone before other tests of this worker run theirs."""
    if BROWSER is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed, and with CI set that is a failure")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser):
    """A fresh profile: no cookies, no storage."""
    profile = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield profile
    profile.close()


@pytest.fixture
def page(context):
    """A tab."""
    return context.new_page()


@pytest.fixture
def portal(live_server, context, page):
    """The portal in a browser: `portal.open(path)`, `portal.sign_in(user)`, `portal.look(theme=, lang=, width=)`, `portal.axe()`."""
    visit = Portal(live_server.url, context, page)
    yield visit
    context.close()
    hush()
    assert visit.complaints == []


class Asked:
    """Requests that the test server's threads are answering now, by Django's own signals.

    What a test asks by Django's client in its own thread is not among them: an answer that nobody read to its end never finishes.
    """

    def __init__(self):
        self._open: dict[threading.Thread, int] = {}
        self._lock = threading.Lock()
        request_started.connect(self._begin, weak=False)
        request_finished.connect(self._end, weak=False)

    def _begin(self, **_):
        self._change(1)

    def _end(self, **_):
        self._change(-1)

    def _change(self, by: int) -> None:
        thread = threading.current_thread()
        if thread is not threading.main_thread():
            with self._lock:
                self._open[thread] = self._open.get(thread, 0) + by

    @property
    def count(self) -> int:
        with self._lock:
            self._open = {thread: number for thread, number in self._open.items() if thread.is_alive() and number > 0}
            return sum(self._open.values())


ASKED = Asked()


def hush(patience: float = 5.0, calm: float = 0.2) -> None:
    """Wait until nobody has asked the test server anything for a while, then cut off whoever still holds the database.

    A browser that is closed leaves requests behind: emptying the tables while a thread reads them is a deadlock,
    and a thread that lives longer than its test reads a database that is no longer open to it.
    """
    deadline, quiet_since = time.monotonic() + patience, time.monotonic()
    while (moment := time.monotonic()) < deadline and moment - quiet_since < calm:
        if ASKED.count > 0:
            quiet_since = moment
        time.sleep(0.02)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'"
        )


class Portal:
    """One reader at one browser."""

    def __init__(self, url: str, context, page):
        self.url, self.context, self.page = url, context, page
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self._hear("error", str(error)))
        page.on("request", lambda request: self._outside(request.url))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not any(part in text for part in self.expected):
            self.complaints.append(text)

    def _outside(self, address: str) -> None:
        if not address.startswith((self.url, "data:", "blob:", "about:")):
            self.complaints.append(f"outside address: {address}")

    def expect_console(self, *parts: str) -> None:
        """Console errors that this journey brings about on purpose, such as the 404 it asks for."""
        self.expected = parts

    def sign_in(self, user) -> None:
        """A session as the sign-in page makes it, without the page."""
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.url}])

    def look(self, *, theme: str = "light", lang: str = "zh-hans", width: int = 1440) -> None:
        """Theme, language and width of what follows."""
        cookies = {"theme": theme, "django_language": lang}
        self.context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies.items()])
        self.page.set_viewport_size({"width": width, "height": 900 if width > 500 else 740})

    def open(self, path: str):
        """Go to a path; answers the response."""
        return self.page.goto(self.url + path)

    def axe(self) -> list[str]:
        """What axe-core finds on the page: rule and element, nothing when all is well."""
        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window; where a page is just being turned, of the one that comes."""
        root = "document.documentElement"
        found = self.page.wait_for_function(f"() => document.body && {{ over: {root}.scrollWidth - {root}.clientWidth }}")
        return found.json_value()["over"]
