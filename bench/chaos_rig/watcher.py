"""A live page without a browser: an EventSource that resumes from its last id and shows each event once, as live.js does."""

import re
import threading
import time
import urllib.request

_LINE = re.compile(r'data: \{"id":(\d+),.*?"kind":"(report\.[a-z_]+)".*"report":"([A-Z0-9-]+)"')


class Watcher(threading.Thread):
    """`shown` lists (kind, code) in the order shown; `resumes=False` forgets where it was: the rig's negative control."""

    def __init__(self, address: str, cookie: str, *, resumes: bool = True):
        super().__init__(daemon=True)
        self.address, self.cookie, self.resumes = address, cookie, resumes
        self.shown: list[tuple[str, str]] = []
        self.resyncs, self.connects, self.greatest = 0, 0, 0
        self.last_id = ""
        self.stopped = False

    def run(self) -> None:
        while not self.stopped:
            try:
                self._stream()
            except OSError:
                time.sleep(0.2)

    def _stream(self) -> None:
        headers = {"Cookie": self.cookie}
        if self.last_id and self.resumes:
            headers["Last-Event-ID"] = self.last_id
        request = urllib.request.Request(f"{self.address}/live/stream", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as stream:
            self.connects += 1
            for line in stream:
                self._line(line.decode().rstrip("\n"))
                if self.stopped:
                    return

    def _line(self, line: str) -> None:
        if line.startswith("id: "):
            self.last_id = line[4:]
        elif line == "event: resync":
            self.resyncs += 1
        elif (found := _LINE.match(line)) and int(found[1]) > self.greatest:
            self.greatest = int(found[1])
            self.shown.append((found[2], found[3]))
