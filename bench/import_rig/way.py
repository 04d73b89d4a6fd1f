"""The way of a file through the exchange, in a scratch database that is made and dropped here."""

import csv
import os
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@contextmanager
def scratch() -> Iterator[Path]:
    """A database of its own, and a folder for files. The broker is memory, so nothing is sent."""
    import django
    from django.db import connection
    from django.test.utils import override_settings

    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with TemporaryDirectory() as folder, override_settings(CELERY_BROKER_URL="memory://"):
            yield Path(folder)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"].removeprefix("test_"), verbosity=0)


def district() -> list[str]:
    """Write the demo's areas; answers the codes of its grids."""
    from grids.areas.demo import district
    from grids.areas.writing import write_areas

    areas = [(row.code, row.name) for row in district.rows(scale=0)]
    write_areas(areas)
    return [code for code, _name in areas if len(code) == 15]


def director() -> Any:
    """A director of the district, as an actor."""
    from datetime import date

    from tongshan_portal.accounts.actor import actor_for
    from tongshan_portal.accounts.enums import Role
    from tongshan_portal.accounts.models import Posting, User

    user = User.objects.create_user(username="bench", name="bench")
    Posting.objects.create(user=user, role=Role.DIRECTOR, area_code="320312", starts_on=date(2020, 1, 1))
    return actor_for(user)


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target).writerows([header, *rows])


@dataclass(frozen=True, slots=True)
class Brought:
    """An import that is done: the run, the seconds of writing and of everything, and the seconds of processor that writing took.

    Those of the processor say more than the clock where the machine has other work.
    """

    run: Any
    writing: float
    whole: float
    portal: float
    database: float

    def figures(self, word: str, rows: int) -> dict[str, float]:
        """Rows per second, and microseconds of processor for a row, under names that begin with `word`."""
        return {
            f"{word}_rows_per_second": round(rows / self.writing),
            f"{word}_with_preview_rows_per_second": round(rows / self.whole),
            f"{word}_portal_us_per_row": round(self.portal / rows * 1e6, 1),
            f"{word}_database_us_per_row": round(self.database / rows * 1e6, 1),
        }


def bring(actor: Any, kind: str, path: Path) -> Brought:
    """Upload, check and write a file, as an officer does."""
    from tongshan_portal.exchange.actions import imports
    from tongshan_portal.exchange.importers import importer
    from tongshan_portal.exchange.worker import run_import

    begun = time.perf_counter()
    with path.open("rb") as file:
        run = imports.upload_import(actor=actor, kind=importer(kind), file=file, name=path.name, size=path.stat().st_size)
    imports.check_import(actor=actor, run_id=run.pk, mapping=run.mapping)
    run_import(run.pk)
    checked, ours, theirs = time.perf_counter(), time.process_time(), processor_of_database()
    imports.start_import(actor=actor, run_id=run.pk)
    run_import(run.pk)
    ended = time.perf_counter()
    used = time.process_time() - ours, processor_of_database() - theirs
    run.refresh_from_db()
    return Brought(run, ended - checked, ended - begun, *used)


def processor_of_database() -> float:
    """Seconds of processor that this connection's server process has used, and those that have ended; nan on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [(pid,)] = cursor.fetchall()
    if not (own := _times(pid)):
        return float("nan")
    ended = _times(own[1])  # of the server's first process, which waits for the others
    return sum((*own[11:13], *ended[13:15])) / os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> list[int]:
    """The numbers of /proc/PID/stat behind the name, from the state (as 0) on; empty where there is no such process."""
    path = Path(f"/proc/{pid}/stat")
    return [0, *map(int, path.read_text().rsplit(")", 1)[1].split()[1:])] if path.exists() else []


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
