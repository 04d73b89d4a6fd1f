"""Sign the heads of the ledger, and write them to a file that is kept elsewhere."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from tongshan_portal.ledger import checkpoints
from tongshan_portal.ledger.record import PortalPart, record


class Command(BaseCommand):
    help = "Signs the heads of all strands of the ledger; --to writes them to a file as well, for a place the database cannot reach."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, metavar="FILE")

    def handle(self, *args, to: Path | None, **options):
        with transaction.atomic():
            checkpoint = checkpoints.take()
            record(actor=PortalPart("checkpoint_ledger"), verb="ledger.checkpointed", detail={"strands": len(checkpoint.heads)})
        if to is not None:
            to.write_text(checkpoint.as_json(), encoding="utf-8")
        self.stdout.write(f"{len(checkpoint.heads)} strands signed at {checkpoint.at}")
