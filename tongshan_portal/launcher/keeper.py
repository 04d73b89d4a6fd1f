"""Keeps one component running: `python keeper.py NAME [--heartbeat FILE] [--after FILE] -- COMMAND …`.

Standard library only: it costs next to nothing. A component that ends is started again after a moment, at most `TRIES` times in `WINDOW`
seconds; then the keeper gives up, and with it the supervisor. A component with a heartbeat file that falls silent is killed and started
again: a worker whose Redis was killed under it may stay alive without ever consuming again.

With `--after` it begins when that file exists, or after `PATIENCE` seconds: the pages come up first, what works behind them next.

A component is a process group of its own. What its first process leaves behind, such as web workers that still hold the port, or the pool
of a worker, is ended before it is started again.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TRIES, WINDOW, PAUSE = 10, 120.0, 0.5
PATIENCE = 15.0
SILENCE = 45.0
"""Seconds without a heartbeat after which a component counts as silent; also its time to begin."""


def say(sentence: str) -> None:
    """A line for the supervisor to print."""
    print(sentence, flush=True)  # noqa: T201


class Keeper:
    """One component and its restarts."""

    def __init__(self, name: str, command: list[str], heartbeat: Path | None = None):
        self._name, self._command, self._heartbeat = name, command, heartbeat
        self._process: subprocess.Popen | None = None
        self._ending = False

    def end(self, *_signal) -> None:
        """Pass the wish to end on to the component."""
        self._ending = True
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_for(self, file: Path | None) -> None:
        """Until the file exists, the patience is over, or it is time to end."""
        until = time.monotonic() + PATIENCE
        while file is not None and not self._ending and time.monotonic() < until and not file.exists():
            time.sleep(0.05)

    def _silent(self, since: float) -> bool:
        if self._heartbeat is None:
            return False
        try:
            last = max(self._heartbeat.stat().st_mtime, since)
        except FileNotFoundError:
            last = since
        return time.time() - last > SILENCE

    def _kill_group(self, process: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)

    def _once(self) -> int:
        started = time.time()
        self._process = process = subprocess.Popen(self._command, start_new_session=True)
        if self._ending:
            process.terminate()
        while True:
            try:
                status = process.wait(timeout=1.0)
            except subprocess.TimeoutExpired:
                if not self._ending and self._silent(started):
                    say(f"{self._name} fell silent; it is started again")
                    self._kill_group(process)
            else:
                self._kill_group(process)
                return status

    def run(self) -> int:
        """Until asked to end, or until the component failed too often. Answers the exit status."""
        starts: list[float] = []
        while not self._ending:
            starts = [*(moment for moment in starts if time.monotonic() - moment < WINDOW), time.monotonic()]
            if len(starts) > TRIES:
                say(f"{self._name} ended {TRIES} times in {WINDOW:.0f} s; giving up")
                return 1
            status = self._once()
            if not self._ending:
                say(f"{self._name} ended with status {status}; it is started again")
                time.sleep(PAUSE)
        return 0


def main(arguments: list[str]) -> int:
    """Parse, install the signals, keep."""
    split = arguments.index("--")
    (name, *options), command = arguments[:split], arguments[split + 1 :]
    files = {option: Path(file) for option, file in zip(options[::2], options[1::2], strict=True)}
    keeper = Keeper(name, command, files.get("--heartbeat"))
    signal.signal(signal.SIGTERM, keeper.end)
    signal.signal(signal.SIGINT, keeper.end)
    keeper.wait_for(files.get("--after"))
    return keeper.run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
