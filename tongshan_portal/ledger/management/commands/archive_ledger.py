"""Move older parts of the ledger to files that verify by themselves."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tongshan_portal.kernel import clock
from tongshan_portal.kernel.errors import Conflict
from tongshan_portal.kernel.locking import single_runner
from tongshan_portal.ledger import archive
from tongshan_portal.ledger.record import PortalPart, record

LEAST_DAYS = 183
"""网络安全法 article 23: six months. The database's own guard has the same number."""


class Command(BaseCommand):
    help = "Writes ledger entries from before a day to an archive in a folder, verifies it, and only then removes them from the database."

    def add_arguments(self, parser):
        parser.add_argument("--before", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")

    def handle(self, *args, before: date, to: Path, **options):
        keep = max(settings.LEDGER_KEEP_DAYS, LEAST_DAYS)
        newest = clock.today() - timedelta(days=keep)
        if before > newest:
            raise CommandError(f"the ledger keeps {keep} days: --before may be {newest.isoformat()} at the latest")
        try:
            with single_runner("archive_ledger"):
                self._run(timezone.make_aware(datetime.combine(before, time.min)), to)
        except Conflict as error:
            raise CommandError(str(error)) from error

    def _run(self, before: datetime, folder: Path) -> None:
        # An earlier run that was stopped between writing and removing is finished first.
        for manifest in archive.manifests(folder):
            self._finish(manifest, folder)
        fresh = archive.write(folder, before, self._progress)
        if fresh is None:
            self.stdout.write("nothing to archive")
            return
        self._finish(fresh, folder)

    def _finish(self, manifest: archive.Manifest, folder: Path) -> None:
        if archive.is_cut(manifest):
            return
        faults = list(archive.ArchiveVerification(folder, only=[manifest]))
        if faults:
            raise CommandError(f"{manifest.name} does not verify, nothing was removed: {faults[0]}")
        removed = archive.cut(manifest)
        detail = {"archive": manifest.name, "before": manifest.before, "count": manifest.rows, "sha256": manifest.sha256}
        record(actor=PortalPart("archive_ledger"), verb="ledger.archived", detail=detail)
        self.stdout.write(f"{manifest.name}: {manifest.rows} rows written and verified, {removed} removed")

    def _progress(self, rows: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"{rows} of {total} rows written")
