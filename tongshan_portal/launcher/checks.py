"""`./portal check`: everything that can be said of the code without running it. Every step runs; one failure fails the whole."""

import base64
import os
import secrets
import subprocess
import time
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


def production() -> dict[str, str]:
    """An environment as a server has it, with secrets made for this run only."""
    return {
        "DJANGO_SETTINGS_MODULE": "tongshan_portal.settings.production",
        "PORTAL_SECRET_KEY": secrets.token_urlsafe(64),
        "PORTAL_SEAL_KEYS": f"k1:sm4gcm:{base64.b64encode(secrets.token_bytes(16)).decode()}",
        "PORTAL_SEAL_INDEX_KEYS": f"k1:hmacsm3:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "PORTAL_HOSTS": "portal.example",
        "PORTAL_DEMO": "",
    }


def steps() -> list[Step]:
    """All checks, cheapest first."""
    packages = [f"tongshan_portal/{name}" for name in LAWFUL]
    manage = str(BASE / "manage.py")
    lint_imports = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run(['--no-logo']))"
    return [
        Step("format", python("-m", "ruff", "format", "--check", ".")),
        Step("lint", python("-m", "ruff", "check", "-q", ".")),
        Step("floors", python("-c", lint_imports)),
        Step("types", python("-m", "mypy", *packages), {"DJANGO_SETTINGS_MODULE": "tongshan_portal.settings.test"}),
        Step("templates", python(manage, "lint_templates")),
        Step("scope", python(manage, "lint_scope")),
        Step("translations", python(manage, "translations", "--check")),
        Step("migrations", python(manage, "makemigrations", "--check", "--dry-run", "-v", "0")),
        Step("deployment", python(manage, "check", "--deploy", "--fail-level", "WARNING"), production()),
    ]


def run() -> int:
    """Run all checks; answers 1 when any failed."""
    failed = []
    with services.ensured(VAR / "test"):
        for step in steps():
            began = time.monotonic()
            result = subprocess.run(step.command, cwd=BASE, env=os.environ | step.environment, capture_output=True, text=True)
            say(f"{'ok    ' if result.returncode == 0 else 'FAILED'}  {step.name:<12}  {time.monotonic() - began:4.1f} s")
            if result.returncode != 0:
                failed.append(step.name)
                say((result.stdout + result.stderr).strip())
    say(f"check: failed: {', '.join(failed)}" if failed else "check: all is well")
    return 1 if failed else 0
