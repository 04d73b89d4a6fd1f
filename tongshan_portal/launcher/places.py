"""Where things lie, how a Python of this environment is called, and how a person at the terminal is told."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("PORTAL_VAR", BASE / "var"))


def python(*arguments: str) -> list[str]:
    """A command line for this environment's Python."""
    return [sys.executable, *arguments]


def manage(*arguments: str) -> int:
    """Run manage.py; answers its exit status."""
    return subprocess.call(python(str(BASE / "manage.py"), *arguments), cwd=BASE)


def say(sentence: str) -> None:
    """Tell the person at the terminal what happens now. A terminal that was closed is no reason to fail."""
    with contextlib.suppress(OSError):
        print(sentence, flush=True)  # noqa: T201 - a command line speaks by printing
