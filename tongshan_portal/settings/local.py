"""One machine, demo people, embedded services: what `./portal run` uses."""

import os
import secrets

from .base import *  # noqa: F403
from .base import VAR_DIR

DEMO_MODE = os.environ.get("PORTAL_DEMO", "1") == "1"
ALLOWED_HOSTS = ["*"]


def _kept_secret(name: str) -> str:
    """A secret that is made on the first start and kept under var/, readable by its owner only."""
    path = VAR_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


SECRET_KEY = _kept_secret("django")
SEAL_KEYS = _kept_secret("seal")
