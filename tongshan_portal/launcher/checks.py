"""`./portal check`: everything that can be said of the code without running it. Every step runs; one failure fails the whole."""

import os
import secrets
import subprocess
from dataclasses import dataclass, field

from . import services
from .places import BASE, VAR, python, say

LAWFUL = ("kernel", "ledger", "workflow", "accounts", "live")
"""The layers that carry law: their types are checked."""


@dataclass(frozen=True, slots=True)
class Step:
    """One check: its name and command, and environment variables of its own."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def _production() -> dict[str, str]:
    """An environment as a server has it, with secrets made for this run only."""
    return {
        "DJANGO_SETTINGS_MODULE": "tongshan_portal.settings.production",
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_SEAL_KEYS": f"check:aes-256-gcm:{secrets.token_urlsafe(32)}",
        "PORTAL_HOSTS": "portal.example",
    }


def steps() -> list[Step]:
    """All checks, cheapest first."""
    packages = [f"tongshan_portal/{name}" for name in LAWFUL if (BASE / "tongshan_portal" / name).is_dir()]
    manage = str(BASE / "manage.py")
    return [
        Step("format", python("-m", "ruff", "format", "--check", "-q", ".")),
        Step("lint", python("-m", "ruff", "check", "-q", ".")),
        Step("floors", python("-c", "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())")),
        Step("types", python("-m", "mypy", *packages)),
        Step("templates", python(manage, "lint_templates")),
        Step("scope", python(manage, "lint_scope")),
        Step("translations", python(manage, "translations", "--check")),
        Step("migrations", python(manage, "makemigrations", "--check", "--dry-run", "-v", "0")),
        Step("deployment", python(manage, "check", "--deploy", "--fail-level", "WARNING"), _production()),
    ]


def run() -> int:
    """Run all checks; answers 1 when any failed."""
    failed = []
    with services.ensured(VAR / "test"):
        for step in steps():
            result = subprocess.run(step.command, cwd=BASE, env=os.environ | step.environment, capture_output=True, text=True)
            say(f"{'ok    ' if result.returncode == 0 else 'FAILED'}  {step.name}")
            if result.returncode != 0:
                failed.append(step.name)
                say((result.stdout + result.stderr).strip())
    say(f"check: failed: {', '.join(failed)}" if failed else "check: all is well")
    return 1 if failed else 0
