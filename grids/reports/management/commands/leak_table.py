"""`leak_table`: writes docs/leaks.md, or checks it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...leaks import render


class Command(BaseCommand):
    help = "Write docs/leaks.md from the leak matrix of case reports."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path, text = settings.BASE_DIR / "docs" / "leaks.md", render()
        if not check:
            path.write_text(text, "utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            raise CommandError("docs/leaks.md is stale: `./portal manage leak_table` writes it anew.")
