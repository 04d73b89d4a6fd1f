"""What the `portal` script does once its environment stands."""

import os
import subprocess
import sys
from pathlib import Path

from . import embedded

BASE = Path(__file__).resolve().parent.parent


def services(var: Path) -> None:
    """Set DATABASE_URL and REDIS_URL to the embedded servers, where they are not set."""
    if "DATABASE_URL" not in os.environ:
        os.environ["DATABASE_URL"] = embedded.start_postgres(var)
    if "REDIS_URL" not in os.environ:
        os.environ["REDIS_URL"] = embedded.start_redis(var)


def manage(arguments: list[str]) -> int:
    return subprocess.call([sys.executable, str(BASE / "manage.py"), *arguments])


def main(arguments: list[str]) -> int:
    command, rest = arguments[0], arguments[1:]
    if command == "test":
        os.environ["DJANGO_SETTINGS_MODULE"] = "tongshan_portal.settings.test"
        services(BASE / "var" / "test")
        return subprocess.call([sys.executable, "-m", "pytest", *rest])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
    services(BASE / "var")
    if command == "manage":
        return manage(rest)
    if command == "run":
        manage(["migrate", "-v", "0"])
        return manage(["runserver", "127.0.0.1:8000"])
    print("portal run | test | check | bench | manage")
    return 2
