"""`import_reports --mapping FILE`: another system's reports, areas and dictionaries from its own files."""

import csv
import gc
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from grids.reports.foreign.ground import bring_ground, read_ground
from grids.reports.foreign.mapping import Mapping, read_mapping
from grids.reports.foreign.rows import Progress, Reading
from grids.reports.models import Report
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.exchange.public import Outcome
from tongshan_portal.kernel.cells import neutral
from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.locking import single_runner
from tongshan_portal.ledger.public import record


class Command(BaseCommand):
    help = (
        "Bring the reports of another system from its files, as a mapping says (docs/import-reports.md). "
        "Stopped with Ctrl-C it loses at most the portion in hand; run again it goes on, and what is there already counts as unchanged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mapping", required=True, type=Path, metavar="FILE", help="the mapping, a TOML file")
        parser.add_argument("--reports", default="", metavar="FILE", help="the file of reports, instead of the mapping's")
        parser.add_argument("--areas", default="", metavar="FILE", help="the file of areas, instead of the mapping's")
        parser.add_argument("--bad-rows", default="", metavar="FILE", help="where rows to correct go (ORIGIN-bad-rows.csv)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            mapping = read_mapping(options["mapping"], reports=options["reports"], areas=options["areas"])
            with single_runner("import_reports"):
                self._run(mapping, Path(options["bad_rows"] or f"{mapping.reports.origin}-bad-rows.csv"))
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _run(self, mapping: Mapping, bad_rows: Path) -> None:
        actor = system_actor("report_imports")
        ground = read_ground(mapping)
        changed = bring_ground(actor=actor, mapping=mapping, ground=ground)
        self.stdout.write(f"areas: {len(ground)}, of which {changed} new or changed")
        reading = Reading(mapping, ground)
        progress, verb = reading.progress, "report_import.finished"
        gc.disable()  # thousands of rows at a time make the collector walk the heap again and again
        try:
            for portion in reading.portions():
                reading.file(actor, portion)
                self._say(progress)
                gc.collect()
        except KeyboardInterrupt:
            verb = "report_import.stopped"
        finally:
            gc.enable()
            reading.close()
        self.stdout.write("")
        counts = {f"{outcome.value}_rows": progress.outcomes[outcome] for outcome in Outcome}
        detail = {"origin": mapping.reports.origin, "rows": progress.position, **counts, "bad_rows": len(progress.bad)}
        record(actor=actor, verb=verb, area_code=mapping.district.code, detail=detail)
        self._hand_back(reading, bad_rows)
        if verb == "report_import.stopped":
            raise CommandError(f"Stopped after row {progress.position:,}. Run the same command again to go on.", returncode=130)
        self._conclude(mapping, progress)

    def _say(self, progress: Progress) -> None:
        words = ", ".join(f"{progress.outcomes[outcome]:,} {outcome.value}" for outcome in Outcome)
        self.stdout.write(f"\rrows: {progress.position:,} ({words}, {len(progress.bad):,} to correct)", ending="")
        self.stdout.flush()

    def _hand_back(self, reading: Reading, path: Path) -> None:
        """Rows to correct as a file of the same columns, with number and reason before them."""
        if not reading.progress.bad:
            return
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "reason", *reading.header])
            writer.writerows([row.number, "; ".join(row.reasons), *map(neutral, row.cells)] for row in reading.progress.bad)
        self.stdout.write(f"rows to correct: {path}")

    def _conclude(self, mapping: Mapping, progress: Progress) -> None:
        if progress.named:
            share = 100 * progress.agree / progress.named
            self.stdout.write(f"areas: {progress.agree:,} of {progress.named:,} as the file itself names them ({share:.2f} %)")
        dated = due_and_closed(mapping.reports.origin)
        total, on_time = dated.count(), dated.on_time().count()  # type: ignore[attr-defined]
        if total:
            self.stdout.write(f"on time: {on_time:,} of {total:,} closed with a deadline ({100 * on_time / total:.2f} %)")


def due_and_closed(origin: str) -> QuerySet[Report]:
    """The reports of a system that have a deadline and are closed: the denominator of what is on time."""
    rows = Report.objects.unscoped("the command counts what it brought")
    return rows.filter(origin=origin, deadline_at__isnull=False, closed_at__isnull=False)
