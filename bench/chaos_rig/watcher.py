"""A live page without a browser: an EventSource that resumes from its last id and shows each event once, as live.js does."""

import re
import threading
import time
import urllib.request

REPORTS = (r"report\.[a-z_]+", "report")
"""Which events a watcher of reports notes: their kind, and the field of the line that holds the code."""
ALERTS = (r"alert\.(?:received|joined)", "alert")


class Watcher(threading.Thread):
    """`shown` lists (kind, code) in the order shown, `at` the position of each; `resumes=False` forgets where it was: the rig's negative
    control.

    Told to load anew (more was missed than is sent again), it fetches `page`; `loaded` are the spans of positions (first, last] that the
    page holds then.
    """

    def __init__(self, address: str, cookie: str, *, notes: tuple[str, str] = REPORTS, page: str = "", resumes: bool = True):
        super().__init__(daemon=True)
        self.address, self.cookie, self.page, self.resumes = address, cookie, page, resumes
        self._noted = re.compile(rf'data: {{"id":(\d+),.*?"kind":"({notes[0]})".*"{notes[1]}":"([A-Z0-9-]+)"')
        self.shown: list[tuple[str, str]] = []
        self.at: list[int] = []
        self.loaded: list[tuple[int, int]] = []
        self.resyncs, self.connects, self.greatest = 0, 0, 0
        self.last_id = ""
        self.stopped = False
        self._loads = False

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
            before, self.last_id = self._position(), line[4:]
            if self._loads:
                self._load(before)
        elif line == "event: resync":
            self.resyncs += 1
            self._loads = bool(self.page)
        elif (found := self._noted.match(line)) and int(found[1]) > self.greatest:
            self.greatest = int(found[1])
            self.shown.append((found[2], found[3]))
            self.at.append(self.greatest)

    def _position(self) -> int:
        return int(self.last_id.rpartition("-")[2] or 0)

    def _load(self, before: int) -> None:
        """Load the page; what happened up to the position that the stream has reached is in it. Where it does not answer, nothing is."""
        self._loads = False
        reached = self._position()
        for _try in range(50):
            try:
                request = urllib.request.Request(f"{self.address}{self.page}", headers={"Cookie": self.cookie})
                urllib.request.urlopen(request, timeout=10).close()
            except OSError:
                time.sleep(0.2)
                continue
            self.loaded.append((min(before, self.greatest), reached))
            self.greatest = max(self.greatest, reached)
            return

    def has(self, position: int) -> bool:
        """Whether the page holds the event of a position: shown, or loaded with it."""
        return position in set(self.at) or any(first < position <= last for first, last in self.loaded)
