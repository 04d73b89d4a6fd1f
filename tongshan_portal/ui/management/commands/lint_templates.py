"""`lint_templates`: no inline code, no outside address, no words without translation, no missing part."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.ui.template_lint import faults


class Command(BaseCommand):
    help = "Look through all templates for what must not be in them."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        found = faults(settings.BASE_DIR / "templates")
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} faults in templates")
