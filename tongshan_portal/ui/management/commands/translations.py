"""`translations`: bring the catalogue up to the sources, fill it, check it, compile it."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.ui import catalogue

DOMAINS = ("django", "djangojs")


class Command(BaseCommand):
    help = "Update locale/zh_Hans from the sources (no option), --fill it from JSON, --check that it is complete, or --compile it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument(
            "--fill",
            type=Path,
            metavar="FILE",
            help='JSON: {"English": "中文", "context\\u0004English": "中文"}; for a plural the one Chinese form',
        )
        parser.add_argument("--check", action="store_true", help="change nothing; fail on a missing, fuzzy, wrong or stale entry")
        parser.add_argument("--compile", action="store_true", help="write the .mo files that are older than their source")

    def handle(self, *args, fill, check, compile, **options):
        if check:
            self._check()
            return
        if not compile:
            filled = json.loads(fill.read_text(encoding="utf-8")) if fill else {}
            for domain in DOMAINS:
                catalogue.update(settings.BASE_DIR, domain, filled)
            self._report()
        catalogue.compile_stale(settings.BASE_DIR)

    def _report(self):
        for domain in DOMAINS:
            for message in catalogue.problems(settings.BASE_DIR, domain).missing:
                self.stdout.write(f"{domain}: no Chinese for: {message}")

    def _check(self):
        failed = False
        for domain in DOMAINS:
            found = catalogue.problems(settings.BASE_DIR, domain)
            failed = failed or bool(found)
            for kind in ("missing", "fuzzy", "wrong", "stale", "half_width"):
                for message in getattr(found, kind):
                    self.stderr.write(f"{domain}: {kind}: {message}")
        if failed:
            raise CommandError("The catalogue is not complete: `./portal manage translations` brings it up, `--fill` fills it.")
