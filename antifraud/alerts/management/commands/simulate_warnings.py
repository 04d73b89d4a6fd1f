"""`simulate_warnings --rate 2 --seconds 60`: made-up warnings through the real door, for training and demonstrations."""

import time
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from antifraud.alerts.actions.receiving import receive_warnings
from antifraud.alerts.simulating import SOURCE, simulated_rows
from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.kernel import clock

TICK = 0.5
"""Seconds between two batches."""


class Command(BaseCommand):
    help = "Send made-up fraud warnings at a rate (demo mode only). They are marked as simulated wherever they are shown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rate", type=float, default=1.0, help="warnings per second")
        parser.add_argument("--seconds", type=float, default=30.0, help="for how long; 0 sends one batch")
        parser.add_argument("--seed", type=int, help="the same warnings each time")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Simulated warnings are for demo mode only.")
        rows, begun, sent = simulated_rows(clock.now(), options["seed"]), time.monotonic(), 0
        while True:
            passed = min(time.monotonic() - begun + TICK, max(options["seconds"], TICK))
            due = max(int(passed * options["rate"]) - sent, 0)
            if due:
                batch = list(islice(rows, due))
                received = receive_warnings(actor=system_actor("alerts"), source=SOURCE, rows=batch, is_simulated=True)
                sent += due
                self.stdout.write(f"{received.accepted} warnings: {len(received.opened)} alerts opened, {len(received.joined)} joined")
            if time.monotonic() - begun + TICK >= options["seconds"]:
                break
            time.sleep(TICK)
        self.stdout.write(f"{sent} warnings sent")
