"""Processes of an earlier start that outlived their supervisor. No stranger is ever ended.

Every process of a start carries a mark in its environment, which its own children inherit, and the mark is written down before the first of
them begins. So a web worker whose supervisor and keeper are both dead is still known, and a recycled process id is not taken for ours.
"""

import json
import os
import re
import uuid
from pathlib import Path

import psutil

from tongshan_portal.embedded.folders import RUN_MARK

_MARK = re.compile(r"[0-9a-f]{32}")


def mark(file: Path) -> None:
    """Begin a start: this process and all that it starts from now on carry a new mark."""
    os.environ[RUN_MARK] = uuid.uuid4().hex
    draft = file.with_name(f"{file.name}.new")
    draft.write_text(json.dumps({"mark": os.environ[RUN_MARK]}))
    draft.replace(file)


def _ours(file: Path) -> list[psutil.Process]:
    """What runs with the mark of the last start, this process left out."""
    try:
        wanted = json.loads(file.read_text())["mark"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    if not isinstance(wanted, str) or not _MARK.fullmatch(wanted):
        return []  # without this, a file that says nothing would name every process that carries no mark
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get(RUN_MARK) == wanted:
                found.append(process)
        except psutil.Error:
            continue  # ended meanwhile, a zombie, or of another account: not ours
    return found


def end_leftovers(file: Path, patience: float = 5.0) -> int:
    """End what is left of an earlier start: asked first, killed after `patience` seconds. Answers how many there were."""
    left = _ours(file)
    for process in left:
        try:
            process.terminate()
        except psutil.Error:
            continue
    _gone, alive = psutil.wait_procs(left, timeout=patience)
    for process in alive:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(alive, timeout=patience)
    file.unlink(missing_ok=True)
    return len(left)
