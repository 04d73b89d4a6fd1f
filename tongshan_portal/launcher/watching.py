"""Keeps the embedded services alive while the portal runs: one that was killed is started again within a second or two."""

import signal
import sys
import threading
from pathlib import Path

from tongshan_portal import embedded

EVERY = 1.0


def main(arguments: list[str]) -> int:
    """`watching VAR NAME …`: watch `postgres`, `redis` or both until asked to end. The services themselves are left running."""
    var, names = Path(arguments[0]), arguments[1:]
    ending = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ending.set())
    signal.signal(signal.SIGINT, lambda *_: ending.set())
    while not ending.wait(EVERY):
        for name in names:
            if not embedded.answers(var, name):
                print(f"{name} does not answer; it is started again", flush=True)  # noqa: T201
                embedded.START[name](var)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
