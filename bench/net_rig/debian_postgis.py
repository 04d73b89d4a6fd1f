"""A PostgreSQL of Debian's with PostGIS, on a Unix socket in a folder of its own, for the length of a comparison."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg2

HOME = Path("/usr/lib/postgresql")
SHARE = Path("/usr/share/postgresql")


def newest() -> Path | None:
    """The programs of the newest Debian PostgreSQL that has PostGIS; None where there is none."""
    found = [
        folder / "bin"
        for folder in HOME.glob("*")
        if (SHARE / folder.name / "extension" / "postgis.control").exists() and (folder / "bin" / "initdb").exists()
    ]
    return max(found, key=lambda place: int(place.parent.name), default=None)


@contextmanager
def connected() -> Iterator[Any]:
    """A connection to a fresh server; None where Debian's PostGIS is not installed (packages postgresql and postgresql-*-postgis-3)."""
    programs = newest()
    if programs is None:
        yield None
        return
    # initdb refuses to run as root: Debian's package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    with TemporaryDirectory(prefix="bench-postgis-") as folder:
        data = Path(folder) / "data"
        if user:
            entry = pwd.getpwnam(user)
            os.chown(folder, entry.pw_uid, entry.pw_gid)

        def call(*command: str) -> None:
            subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

        call(str(programs / "initdb"), "-D", str(data), "-U", "bench", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
        control = str(programs / "pg_ctl")
        options = f"-k {folder} -c listen_addresses= -c shared_buffers=128MB"
        call(control, "-D", str(data), "-o", options, "-l", str(Path(folder) / "log"), "-w", "start")
        try:
            connection = psycopg2.connect(host=folder, user="bench", dbname="postgres")
            connection.autocommit = True
            yield connection
            connection.close()
        finally:
            call(control, "-D", str(data), "-m", "immediate", "-w", "stop")
