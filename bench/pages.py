"""A signed-in, scoped list page of 50 rows in the portal's layout, beside a bare Django view of the same rows and other ways to serve it.

Each server is one process of the command that `./portal run` uses; eight clients ask one after the other in windows that take turns.
"""

import http.client
import os
import statistics
import subprocess
import threading
import time

import django
from django.core.management import call_command

from bench.framework import Result, Target
from bench.live_rig.processes import await_answer, end, free_port, python

TOWN, PEOPLE, CLIENTS = "320312106", 2000, 8
ROUNDS, SECONDS = 5, 2.0
SERVERS = {
    "page": ("tongshan_portal.asgi:application", "tongshan_portal.settings.local", "/people/"),
    "bare": ("bench.page_rig.bare:application", "bench.page_rig.settings", "/rows?person={person}"),
    "handed_over": ("bench.page_rig.handed_over:application", "tongshan_portal.settings.local", "/people/"),
}


def run() -> Result:
    """Pages per second of each server, medians over the rounds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)
    from bench.live_rig import people

    people.remove([])
    users, keys = people.make(TOWN, PEOPLE)
    servers = {name: Server(*description) for name, description in SERVERS.items()}
    try:
        for server in servers.values():
            server.await_answer()
            server.pages_per_second(users[0].pk, people.cookie(keys[0]), 1.0)  # warm
        found: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(ROUNDS):
            for name, server in servers.items():
                found[name].append(server.pages_per_second(users[0].pk, people.cookie(keys[0]), SECONDS))
        return _result({name: statistics.median(values) for name, values in found.items()}, servers)
    finally:
        for server in servers.values():
            end(server.process)
        people.remove(keys)


class Server:
    """One process that serves one address."""

    def __init__(self, application: str, settings: str, address: str) -> None:
        self.port, self._address = free_port(), address
        self.bytes = 0
        self.process: subprocess.Popen = python(
            "-m", "uvicorn", application, "--host", "127.0.0.1", "--port", str(self.port), "--no-access-log", "--log-level", "critical",
            env=os.environ | {"DJANGO_SETTINGS_MODULE": settings}, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def await_answer(self) -> None:
        await_answer(f"http://127.0.0.1:{self.port}/nothing")

    def pages_per_second(self, person: int, cookie: str, seconds: float) -> float:
        """How many pages eight clients get in a window."""
        counts: list[int] = []
        until = time.monotonic() + seconds

        def ask() -> None:
            connection, count = http.client.HTTPConnection("127.0.0.1", self.port), 0
            while time.monotonic() < until:
                connection.request("GET", self._address.format(person=person), headers={"Cookie": cookie})
                response = connection.getresponse()
                body = response.read()
                if response.status != 200 or body.count(b"<tr>") < 50:
                    raise RuntimeError(f"{self._address} answered {response.status} with {body.count(b'<tr>')} rows")
                self.bytes, count = len(body), count + 1
            counts.append(count)

        clients = [threading.Thread(target=ask) for _ in range(CLIENTS)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        if len(counts) < CLIENTS:
            raise RuntimeError(f"{self._address}: a client failed")
        return sum(counts) / seconds


def _result(rates: dict[str, float], servers: dict[str, Server]) -> Result:
    result = Result("pages")
    result.figures = {"clients": CLIENTS, "rows": 50}
    for name, rate in rates.items():
        result.figures |= {f"{name}_per_second": rate, f"{name}_ms": 1000 / rate, f"{name}_bytes": servers[name].bytes}
    cost = rates["bare"] / rates["page"]
    result.ratios = {
        "cost of the page : the bare view": cost,
        "the page on WSGI threads : under Django's ASGI handler": rates["page"] / rates["handed_over"],
    }
    result.targets = [Target("cost of the page : the bare view", cost, "<=", 2)]
    return result
