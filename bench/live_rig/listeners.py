"""Listeners with raw sockets, in a process of their own: `python -m bench.live_rig.listeners HOST PORT PATH [KIND KEY]`.

Standard input: one cookie header per line (or a path, a tab and a cookie header), then an empty line; later the words `report` or `quit`.
Standard output: JSON lines, first how many are connected, then for each `report` what arrived since the last one. An event carries `"t":`
seconds since 1970 and its arrival is the seconds it took; with KIND (a regular expression) and KEY it is the value of KEY in events of that
kind, or that of KEYs, a list as it was written, and the moment it was shown.
"""

import asyncio
import json
import re
import resource
import sys
import time

EVENT = re.compile(rb'"t": ?([0-9.]+)')


class Listeners:
    """`arrivals` holds, by listener, the seconds that each event took."""

    def __init__(self, count: int, kind: str = "", key: str = "") -> None:
        self.arrivals: list[list] = [[] for _ in range(count)]
        self._marked = (
            re.compile(rf'"kind":"(?:{kind})".*"{re.escape(key)}s?":(?:"|(?=\[))(\[[^\]]*\]|[^",}}]+)'.encode()) if kind else None
        )
        self.connected = 0
        self.closed = 0
        self._gate = asyncio.Semaphore(64)

    async def listen(self, number: int, host: str, port: int, path: str, cookie: str) -> None:
        own, tab, rest = cookie.partition("\t")
        path, cookie = (own, rest) if tab else (path, cookie)
        async with self._gate:
            reader, writer = await asyncio.open_connection(host, port, limit=2**20)
            request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n"
            writer.write(request.encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(head.decode(errors="replace"))
            self.connected += 1
        rest = b""
        while data := await reader.read(65536):
            now = time.time()
            lines = (rest + data).split(b"\n")
            rest = lines.pop()
            for line in lines:
                if not line.startswith(b"data:"):
                    continue
                if self._marked is not None and (marked := self._marked.search(line)):
                    self.arrivals[number].append((marked[1].decode(), now))
                elif self._marked is None and (found := EVENT.search(line)):
                    self.arrivals[number].append(now - float(found[1]))
        self.closed += 1
        writer.close()


def say(value: dict) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


async def main(host: str, port: int, path: str, *marked: str) -> None:
    cookies = []
    while (line := sys.stdin.readline().strip()) != "":
        cookies.append(line)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listeners, began = Listeners(len(cookies), *marked), time.monotonic()
    tasks = [asyncio.create_task(listeners.listen(number, host, port, path, cookie)) for number, cookie in enumerate(cookies)]
    for task in tasks:  # a server that goes away is what some of them are for: the first error is reported, none is printed
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
    while listeners.connected < len(cookies) and time.monotonic() - began < 40 and not any(task.done() for task in tasks):
        await asyncio.sleep(0.02)
    errors = [str(task.exception()) for task in tasks if task.done() and task.exception()]
    say({"connected": listeners.connected, "seconds": time.monotonic() - began, "errors": errors[:1]})
    while (await asyncio.to_thread(sys.stdin.readline)).strip() == "report":
        say({"arrivals": listeners.arrivals, "closed": listeners.closed})
        listeners.arrivals = [[] for _ in cookies]


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:]))
