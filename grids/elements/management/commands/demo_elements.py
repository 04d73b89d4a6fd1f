"""`demo_elements`: synthetic households and elements in the synthetic district."""

import gc
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from grids.areas.codes import Level
from grids.elements import demo
from grids.elements.actions.recording import record_elements, record_households
from grids.elements.models import KINDS, Household
from tongshan_portal.accounts.actor import actor_for
from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.kernel import clock

CHUNK = 500
"""Areas whose elements are written in one transaction."""


class Command(BaseCommand):
    help = (
        "Load synthetic households into every micro-grid, and places, facilities and organisations into every grid. Run again, it goes on."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Synthetic elements are for demo mode only.")
        director = User.objects.filter(postings__role=Role.DIRECTOR).order_by("pk").first()
        if director is None:
            raise CommandError("Load the demo people first: demo_people.")
        self.actor = actor_for(director)
        grids, micro_grids = list(demo.spots(Level.GRID)), list(demo.spots(Level.MICRO_GRID))
        gc.disable()  # ten thousand rows at a time make the collector walk the heap again and again
        for kind in ("place", "facility", "organisation"):
            self._elements(kind, grids)
        self._households(micro_grids)

    def _elements(self, kind: str, grids: list) -> None:
        for begin in range(0, len(grids), CHUNK):
            rows = list(demo.elements(kind, grids[begin : begin + CHUNK]))
            if not self._there(KINDS[kind], [row["number"] for row in rows]):
                record_elements(actor=self.actor, element=kind, rows=rows, now=clock.now())
        self.stdout.write(f"{KINDS[kind]._meta.model_name}: {KINDS[kind].objects.unscoped('the demo counts').count()}")

    def _households(self, micro_grids: list) -> None:
        for begin in range(0, len(micro_grids), CHUNK):
            rows = list(demo.households(micro_grids[begin : begin + CHUNK]))
            if not self._there(Household, [row.number for row in rows]):
                record_households(actor=self.actor, rows=rows, now=clock.now())
            self._say(min(begin + CHUNK, len(micro_grids)), len(micro_grids))
            gc.collect()
        self.stdout.write("")

    def _there(self, model: Any, numbers: list[str]) -> bool:
        """Whether an earlier run wrote all of them."""
        return model.objects.unscoped("the demo goes on where it was").filter(number__in=numbers).count() == len(numbers)

    def _say(self, done: int, total: int) -> None:
        self.stdout.write(f"\rhouseholds: {done * demo.PER_MICRO_GRID} of {total * demo.PER_MICRO_GRID}", ending="")
        self.stdout.flush()
