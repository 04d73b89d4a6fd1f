"""`demo_district`: the synthetic district with its shapes, for the demo and for benches."""

from itertools import islice

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from grids.areas.demo import district
from grids.areas.writing import write_areas, write_shapes
from tongshan_portal.kernel import clock

SOURCE = "synthetic"


class Command(BaseCommand):
    help = (
        "Load the synthetic demo district: 29 towns, 320 villages, 1,640 grids, and micro-grids for a share of them. Run again, it goes on."
    )

    def add_arguments(self, parser):
        parser.add_argument("--scale", type=float, default=0.02, help="share of the grids that get micro-grids, 0 to 1 (default 0.02)")

    def handle(self, *args, scale: float, **options):
        if not settings.DEMO_MODE:
            raise CommandError("The synthetic district is for demo mode only: import the real one.")
        if not 0 <= scale <= 1:
            raise CommandError("--scale is a share from 0 to 1.")
        total, rows, at = 0, district.rows(scale=scale), clock.now()
        while batch := list(islice(rows, 2_000)):
            with transaction.atomic():
                write_areas((row.code, row.name) for row in batch)
                total += write_shapes(((row.code, row.shape) for row in batch), source=SOURCE, at=at)
            self.stdout.write(f"\rareas: {total}", ending="")
            self.stdout.flush()
        self.stdout.write(f"\rareas: {total}, done")
