"""`lint_scope`: request code reads rows with an area through the door only."""

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tongshan_portal.accounts.querysets import GuardedQuerySet
from tongshan_portal.accounts.scope_lint import faults

FOLDERS = ("tongshan_portal", "grids", "disputes", "deliberation", "partybuilding", "volunteers", "antifraud")


def guarded_models() -> set[str]:
    """The names of the models whose rows lie behind the door."""
    return {model.__name__ for model in apps.get_models() if isinstance(model._default_manager.get_queryset(), GuardedQuerySet)}


class Command(BaseCommand):
    help = "Look through request code for rows with an area that are read without the scope."
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        found = faults(settings.BASE_DIR, FOLDERS, guarded_models())
        for fault in found:
            self.stderr.write(str(fault))
        if found:
            raise CommandError(f"{len(found)} reads past the door")
