"""Where the servers keep data and sockets, under which account they run, and which processes are theirs."""

import hashlib
import os
import pwd
import stat
import tempfile
from pathlib import Path

import psutil

RUN_MARK = "PORTAL_RUN"
"""The environment variable that marks the processes of a start of the portal; the servers outlive a start, so they do not carry it."""


class ServiceFailed(RuntimeError):
    """A server could not be started or stopped; the message says why, as far as its log tells."""


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]


def socket_folder(var: Path) -> Path:
    """A folder whose name is short whatever the path of `var`: a socket's path may have 107 bytes at most.

    It lies in /tmp whatever TMPDIR says, so that every command finds the same one. Somebody else's folder of that name is refused.
    """
    base = Path("/tmp")  # noqa: S108 - owner and kind are looked at below
    base = base if os.access(base, os.W_OK) else Path(tempfile.gettempdir())
    folder = base / f"tongshan-{os.geteuid()}-{_digest(var.resolve())}"
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServiceFailed(f"{folder} belongs to somebody else; remove it.")
    return folder


def postgres_account() -> dict:
    """PostgreSQL refuses to run as root: as root its processes run as `nobody`. Keywords for subprocess."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("nobody")
    except KeyError:
        return {"user": 65534, "group": 65534, "extra_groups": []}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def open_to_all(path: Path) -> bool:
    """Whether everybody may enter every folder on the way to `path`, itself included where it exists."""
    return all(folder.stat().st_mode & 0o001 for folder in [path, *path.parents] if folder.exists())


def state_folder(subject: Path) -> Path:
    """As root: a folder for what belongs to `subject` but must be open to the unprivileged account, where `subject` is not."""
    return Path("/var/lib") / f"tongshan-{_digest(subject)}"


def postgres_data(var: Path) -> Path:
    """Where PostgreSQL keeps its data: under `var`, or, as root where nobody may enter `var`, under the system's state folder.

    A cluster that exists stays where it is, whatever happened to the rights of the folders meanwhile.
    """
    inside, outside = var / "postgres", state_folder(var) / "postgres"
    for place in (inside, outside):
        if (place / "PG_VERSION").exists():
            return place
    return inside if not postgres_account() or open_to_all(var) else outside


def environment() -> dict[str, str]:
    """The environment of a server: this process's, without the mark of one start of the portal."""
    return {name: value for name, value in os.environ.items() if name != RUN_MARK}


def server_of(pid_file: Path, mark: str) -> psutil.Process | None:
    """The process that a pid file names, when its command line holds `mark`; after a crash or a reboot the number may be a stranger's."""
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        return process if mark in " ".join(process.cmdline()) else None
    except (OSError, ValueError, psutil.Error):
        return None


def end(processes: list[psutil.Process]) -> None:
    """Kill what is left of a server that no longer answers. Both servers write ahead: nothing acknowledged is lost."""
    for process in processes:
        try:
            process.kill()
        except psutil.Error:
            continue
    psutil.wait_procs(processes, timeout=10)


def keep_log_small(log: Path, limit: int = 10_000_000) -> None:
    """Put a log of more than `limit` bytes aside; one older part is kept."""
    if log.exists() and log.stat().st_size > limit:
        log.replace(log.with_name(f"{log.name}.old"))


def last_words(log: Path, lines: int = 5) -> str:
    """The end of a log, for the sentence that says why a server did not start."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "it left no log"
