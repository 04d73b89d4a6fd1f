"""People at browsers: they sign in as the demo's people, press again when nothing answered, and write down what was acknowledged."""

import re
import threading
import time
from uuid import uuid4

import httpx

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 0.3


class Browser:
    """One signed-in person. `post` presses until something was answered: with the same key, so that twice is once."""

    def __init__(self, address: str, username: str, *, gives_up: threading.Event | None = None):
        self.address, self.username, self.stopped = address, username, gives_up or threading.Event()
        self.client = httpx.Client(base_url=address, timeout=10, trust_env=False)
        self.retries = 0
        self.sign_in()

    def sign_in(self) -> None:
        token = self._token("/account/login/")
        self.client.post("/account/try-as/", data={"csrfmiddlewaretoken": token, "username": self.username})
        self._token("/account/password/")  # signing in has changed it

    def _token(self, path: str) -> str:
        answer = self.client.get(path)
        found = TOKEN.search(answer.text)
        if found is None:
            raise httpx.HTTPError(f"{path} answered {answer.status_code} without a form")
        self._last = found[1]
        return found[1]

    @property
    def session(self) -> str:
        """The value of the session cookie."""
        return next(cookie.value or "" for cookie in self.client.cookies.jar if "session" in cookie.name)

    def post(self, path: str, data: dict[str, str], **headers: str) -> httpx.Response | None:
        """Press until the portal answered with something other than an outage; None when told to stop before."""
        while not self.stopped.is_set():
            try:
                answer = self.client.post(path, data={**data, "csrfmiddlewaretoken": self._last}, headers=headers)
                if answer.status_code < 500:
                    return answer
            except httpx.HTTPError:
                pass
            self.retries += 1
            time.sleep(PATIENCE)
        return None


LOOP = (
    ("open_report", "duty", {}),
    ("dispatch", "dispatcher", {"recipient": "department:{department}"}),
    ("sign_for", "department", {}),
    ("feed_back", "department", {"result": "已处置"}),
    ("verify", "supervisor", {}),
    ("close", "supervisor", {"answer": "已处置"}),
)
"""Who does what with a report, in the order of the loop."""


class Promises:
    """What was acknowledged: codes that were filed under which key, and steps that were answered."""

    def __init__(self) -> None:
        self.filed: dict[str, str] = {}
        self.steps: list[tuple[str, str]] = []
        self.problems: list[str] = []
        self.retries = 0
        self._lock = threading.Lock()

    def file(self, key: str, code: str) -> None:
        with self._lock:
            self.filed[key] = code

    def step(self, code: str, verb: str) -> None:
        with self._lock:
            self.steps.append((code, verb))

    def retried(self, count: int) -> None:
        with self._lock:
            self.retries += count

    def problem(self, sentence: str) -> None:
        with self._lock:
            self.problems.append(sentence)


def file_one(browser: Browser, promises: Promises, area: str, *, key: str | None = None) -> str | None:
    """File a report; answers its code once the portal has acknowledged it."""
    key = key or str(uuid4())
    form = {"key": key, "title": f"演练 {key}", "area": area, "anyway": "1"}
    answer = browser.post("/reports/file/", form, Accept="application/json")
    if answer is None:
        return None
    if answer.status_code == 302:
        code = answer.headers["location"].rstrip("/").rsplit("/", 1)[-1]
    elif answer.status_code in (200, 201):
        code = answer.json()["code"]
    else:
        promises.problem(f"filing answered {answer.status_code}: {answer.text[:200]}")
        return None
    promises.file(key, code)
    return code


def walk(people: dict[str, Browser], promises: Promises, code: str, department: int) -> bool:
    """Take a report through the loop; answers whether it came to its end."""
    for verb, who, given in LOOP:
        data = {name: value.format(department=department) for name, value in given.items()}
        answer = people[who].post(f"/reports/{code}/{verb}/", data)
        if answer is None:
            return False
        if answer.status_code != 302:
            promises.problem(f"{verb} of {code} answered {answer.status_code}")
            return False
        promises.step(code, verb)
    return True
