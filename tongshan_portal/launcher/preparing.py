"""What must stand before the first page: tables, translations, static files, and on the first start of the demo its people."""

import json
import os
import sys
from importlib.util import find_spec

import django
from django.conf import settings
from django.core.management import call_command, get_commands

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
    if not settings.DEMO_MODE:
        return
    from django.apps import apps  # noqa: PLC0415 - after setup

    if apps.get_model("accounts", "User").objects.exists():
        return
    say("Loading the demo people and the synthetic district …")
    for command in ("demo_people", "demo_district"):
        if command in get_commands():
            call_command(command)


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
    signs = VAR / "run" / "demo.json"
    if settings.DEMO_MODE and find_spec("tongshan_portal.accounts.demo"):
        from tongshan_portal.accounts.demo import DEMO_PEOPLE, PASSWORD  # noqa: PLC0415

        signs.write_text(json.dumps({"password": PASSWORD, "usernames": [entry.username for entry in DEMO_PEOPLE]}))
    else:
        signs.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
