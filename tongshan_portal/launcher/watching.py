"""Keeps the embedded services alive while the portal runs: one that was killed or hangs is started again within seconds."""

import signal
import sys
import threading
from pathlib import Path

from tongshan_portal import embedded

from .places import say

EVERY = 1.0
FAILURES = 5
"""So many failed starts in a row end the portal: its supervisor stops the rest."""


def watch(var: Path, names: list[str], ending: threading.Event) -> int:
    """Until asked to end, or until a service cannot be started. Answers the exit status. The services themselves are left running."""
    failures = 0
    while not ending.wait(EVERY):
        for name in names:
            if embedded.answers(var, name):
                continue
            say(f"{name} does not answer; it is started again")
            try:
                embedded.START[name](var)
                failures = 0
            except embedded.ServiceFailed as failure:
                failures += 1
                say(str(failure))
                if failures >= FAILURES:
                    return 1
    return 0


def main(arguments: list[str]) -> int:
    """`watching VAR NAME …`: watch `postgres`, `redis` or both."""
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    return watch(Path(arguments[0]), arguments[1:], ending)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
