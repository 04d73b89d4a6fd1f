"""What must stand before the first page: tables, translations, static files, and on the first start of the demo its people."""

import json
import os
import secrets
import sys

import django
from django.conf import settings
from django.core.management import call_command

from .places import BASE, VAR, say


def _newest(folder) -> float:
    return max((path.stat().st_mtime for path in folder.rglob("*")), default=0.0)


def _static_files() -> None:
    """Collect the static files when a source is newer than the last collection."""
    stamp = VAR / "run" / "static.stamp"
    newest = max(_newest(BASE / "static"), (BASE / "requirements.txt").stat().st_mtime)
    if stamp.exists() and stamp.stat().st_mtime >= newest and settings.STATIC_ROOT.exists():
        return
    say("Collecting static files …")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.touch()


def _demo() -> None:
    """On the first start of the demo its people and district; for the terminal, their names and common password."""
    signs = VAR / "run" / "demo.json"
    if not settings.DEMO_MODE:
        signs.unlink(missing_ok=True)
        return
    from tongshan_portal.accounts.demo import DEMO_PEOPLE  # noqa: PLC0415 - after setup
    from tongshan_portal.accounts.models import User  # noqa: PLC0415

    if not signs.exists() or not User.objects.exists():
        say("Loading the demo people and the synthetic district …")
        password = f"demo-{secrets.token_urlsafe(6)}"
        call_command("demo_people", password=password)
        call_command("demo_district")
        call_command("demo_elements")
        call_command("demo_alerts")
        call_command("demo_reports")
        call_command("demo_registrations")
        call_command("demo_publicity")
        descriptor = os.open(signs, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump({"password": password, "usernames": [person.username for person in DEMO_PEOPLE]}, file)


def main() -> int:
    """Do what is needed; answers the exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    django.setup()
    from django.db import connection  # noqa: PLC0415 - after setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from tongshan_portal.ui import catalogue  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database …")
        call_command("migrate", verbosity=0)
    catalogue.compile_stale(BASE)
    _static_files()
    _demo()
    return 0


if __name__ == "__main__":
    sys.exit(main())
