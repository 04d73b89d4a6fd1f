"""Verify the ledger, or an archive of it: exit code 0 when everything fits, 1 when anything does not."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.ledger import archive, checkpoints
from tongshan_portal.ledger.record import PortalPart, record
from tongshan_portal.ledger.verify import Verification

SHOWN = 200


class Command(BaseCommand):
    help = "Finds every changed, missing, reordered or cut-off row of the ledger and says which. May run while the portal runs."

    def add_arguments(self, parser):
        parser.add_argument("--archive", type=Path, metavar="FOLDER", help="verify the archives in this folder instead of the database")
        parser.add_argument(
            "--checkpoint", type=Path, metavar="FILE", action="append", default=[], help="an exported checkpoint to hold against"
        )
        parser.add_argument("--no-record", action="store_true", help="do not write the result to the ledger (for a read-only replica)")

    def handle(self, *args, **options):
        started, count = time.monotonic(), 0
        try:
            extra = [checkpoints.read(path) for path in options["checkpoint"]]
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self._shown = started
        if options["archive"]:
            run: Verification | archive.ArchiveVerification = archive.ArchiveVerification(options["archive"], progress=self._progress)
        else:
            run = Verification(extra, progress=self._progress)
        for fault in run:
            count += 1
            if count <= SHOWN:
                self.stdout.write(str(fault))
        if count > SHOWN:
            self.stdout.write(f"… and {count - SHOWN} more")
        seconds = max(time.monotonic() - started, 0.001)
        self.stdout.write(f"{run.rows} rows verified in {seconds:.1f} s ({run.rows / seconds:.0f} rows/s): {count} faults")
        if not options["archive"] and not options["no_record"]:
            detail = {"rows": run.rows, "faults": count, "seconds": round(seconds, 1)}
            record(actor=PortalPart("verify_ledger"), verb="ledger.checked", detail=detail)
        if count:
            sys.exit(1)

    def _progress(self, rows: int, total: int) -> None:
        """How far it is, once a second, where somebody watches."""
        if self.stderr.isatty() and time.monotonic() - self._shown > 1:
            self._shown = time.monotonic()
            self.stderr.write(f"{rows} of {total} rows")
