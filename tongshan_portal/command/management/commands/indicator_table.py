"""`indicator_table`: writes docs/indicators.md, or checks it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...indicators import render


class Command(BaseCommand):
    help = "Write docs/indicators.md from the registered indicators."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path, text = settings.BASE_DIR / "docs" / "indicators.md", render()
        if not check:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            raise CommandError("docs/indicators.md is stale: `./portal manage indicator_table` writes it anew.")
