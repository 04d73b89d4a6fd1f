"""Keeps one component running: `python -m tongshan_portal.launcher.keeper NAME [--heartbeat FILE] -- COMMAND …`.

A component that ends is started again after a moment, at most `TRIES` times in `WINDOW` seconds; then the keeper gives up, and
with it the supervisor. A component with a heartbeat file that falls silent is killed and started again: a worker whose Redis was
killed under it may stay alive without ever consuming again.
"""

import signal
import subprocess
import sys
import time
from pathlib import Path

TRIES, WINDOW, PAUSE = 10, 120.0, 0.5
SILENCE = 45.0
"""Seconds without a heartbeat after which a component counts as silent; also its time to begin."""


class Keeper:
    """One component and its restarts."""

    def __init__(self, name: str, command: list[str], heartbeat: Path | None):
        self._name, self._command, self._heartbeat = name, command, heartbeat
        self._process: subprocess.Popen | None = None
        self._ending = False

    def end(self, *_signal) -> None:
        """Pass the wish to end on to the component."""
        self._ending = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _silent(self, since: float) -> bool:
        if self._heartbeat is None:
            return False
        try:
            last = max(self._heartbeat.stat().st_mtime, since)
        except FileNotFoundError:
            last = since
        return time.time() - last > SILENCE

    def _once(self) -> int:
        started = time.time()
        self._process = subprocess.Popen(self._command)
        if self._ending:
            self._process.terminate()
        while True:
            try:
                return self._process.wait(timeout=1.0)
            except subprocess.TimeoutExpired:
                if not self._ending and self._silent(started):
                    print(f"{self._name} fell silent; it is started again", flush=True)  # noqa: T201
                    self._process.kill()

    def run(self) -> int:
        """Until asked to end, or until the component failed too often. Answers the exit status."""
        starts: list[float] = []
        while not self._ending:
            starts = [*(moment for moment in starts if time.monotonic() - moment < WINDOW), time.monotonic()]
            if len(starts) > TRIES:
                print(f"{self._name} ended {TRIES} times in {WINDOW:.0f} s; giving up", flush=True)  # noqa: T201
                return 1
            status = self._once()
            if not self._ending:
                print(f"{self._name} ended with status {status}; it is started again", flush=True)  # noqa: T201
                time.sleep(PAUSE)
        return 0


def main(arguments: list[str]) -> int:
    """Parse, install the signals, keep."""
    split = arguments.index("--")
    options, command = arguments[:split], arguments[split + 1 :]
    heartbeat = Path(options[options.index("--heartbeat") + 1]) if "--heartbeat" in options else None
    keeper = Keeper(options[0], command, heartbeat)
    signal.signal(signal.SIGTERM, keeper.end)
    signal.signal(signal.SIGINT, keeper.end)
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
