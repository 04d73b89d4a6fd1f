"""Processes of an earlier start that outlived their supervisor: known by pid, start time and command, so that no stranger is ever ended."""

import json
from pathlib import Path

import psutil


def remember(file: Path, pids: list[int]) -> None:
    """Write down which processes belong to this start."""
    rows = []
    for pid in pids:
        try:
            process = psutil.Process(pid)
            rows.append({"pid": pid, "started": process.create_time(), "command": process.cmdline()})
        except psutil.Error:
            continue
    file.write_text(json.dumps(rows))


def _ours(file: Path) -> list[psutil.Process]:
    """The remembered processes that still run, with all they started."""
    found: list[psutil.Process] = []
    try:
        rows = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return found
    for row in rows:
        try:
            process = psutil.Process(row["pid"])
            if process.create_time() == row["started"] and process.cmdline() == row["command"]:
                found += [process, *process.children(recursive=True)]
        except psutil.Error:
            continue
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
    file.unlink(missing_ok=True)
    return len(left)
