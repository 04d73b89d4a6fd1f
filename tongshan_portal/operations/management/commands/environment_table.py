"""Write the table of environment variables into docs/operations.md, or say whether it is stale."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.operations.documentation import environment_in, with_environment

PAGE = "docs/operations.md"


class Command(BaseCommand):
    help = "Write the table of environment variables into docs/operations.md; with --check, fail when it is stale."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")

    def handle(self, *args, **options):
        page = settings.BASE_DIR / PAGE
        text = page.read_text("utf-8")
        fresh = with_environment(text)
        if options["check"]:
            if fresh != text:
                raise CommandError(f"{PAGE} is stale: ./portal manage environment_table")
            return
        page.write_text(fresh, "utf-8")
        self.stdout.write(f"{PAGE}: {environment_in(fresh)} variables")
