from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tongshan_portal.workflow.diagrams import all_tables, page


class Command(BaseCommand):
    help = "Write docs/states/ from the transition tables; with --check, fail when a page is stale."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, fail when something would change")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.BASE_DIR) / "docs" / "states"
        wanted = {f"{table.name}.md": page(table) for table in all_tables()}
        present = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
        stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
        if options["check"]:
            if stale:
                raise CommandError(f"stale in docs/states: {', '.join(stale)}. Run `manage.py state_diagrams`.")
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in stale:
            if name in wanted:
                (folder / name).write_text(wanted[name], encoding="utf-8")
            else:
                (folder / name).unlink()
            self.stdout.write(name)
