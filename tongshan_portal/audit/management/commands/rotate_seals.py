"""Rewrite sealed values under the keys in use, while the portal runs."""

import time

from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel.errors import Conflict
from tongshan_portal.kernel.locking import single_runner
from tongshan_portal.kernel.sealed import SealBroken
from tongshan_portal.kernel.sealed.keys import index_keys, seal_key
from tongshan_portal.kernel.sealed.rotation import BATCH, rotate
from tongshan_portal.ledger.public import record


class Command(BaseCommand):
    help = "Rewrites what older keys sealed under the first keys of SEAL_KEYS and SEAL_INDEX_KEYS. Stopped, it goes on where it was."

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=BATCH, help="values per transaction")

    def handle(self, *args, batch: int, **options):
        try:
            with single_runner("rotate_seals"):
                count = self._rotate(batch)
        except (Conflict, SealBroken) as error:
            raise CommandError(str(error)) from error
        if count:
            detail = {"count": count, "key": seal_key().id, "index_key": index_keys()[0].id}
            record(actor=system_actor("rotate_seals"), verb="seal_keys.rotated", detail=detail)
        self.stdout.write(f"{count} values rewritten; nothing is left under another key than {seal_key().id} and {index_keys()[0].id}")

    def _rotate(self, batch: int) -> int:
        done: dict[str, int] = {}
        shown = 0.0
        for step in rotate(batch):
            done[step.label] = step.done
            if step.done == step.total or time.monotonic() - shown > 1:
                shown = time.monotonic()
                self.stdout.write(f"{step.label}: {step.done} of {step.total}")
        return sum(done.values())
