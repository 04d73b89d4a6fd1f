"""One machine, demo people, embedded services: what `./portal run` uses."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable

from tongshan_portal.operations.logs import configuration

from . import environment
from .base import *  # noqa: F403
from .base import VAR_DIR

DEMO_MODE = os.environ.get("PORTAL_DEMO", "1") == "1"  # on unless it is turned off, unlike on servers
ALLOWED_HOSTS = ["*"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
if DEMO_MODE and not environment.flag("PORTAL_DEMO_MFA"):
    MFA_REQUIRED_ROLES = frozenset()


def _kept_secret(name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """A secret that is made on the first start and kept under var/, readable by its owner only."""
    path = VAR_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Written aside and linked: two processes that start together agree on one, and none reads half of it.
        fresh = path.with_name(f"{name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()


def _fresh_key(algorithm: str, size: int) -> str:
    """One entry of SEAL_KEYS or SEAL_INDEX_KEYS, in the format of kernel.sealed.keys."""
    return f"k1:{algorithm}:{base64.b64encode(secrets.token_bytes(size)).decode()}"


SECRET_KEY = _kept_secret("django")
SEAL_KEYS = _kept_secret("seal_keys", lambda: _fresh_key("sm4gcm", 16))
SEAL_INDEX_KEYS = _kept_secret("seal_index_keys", lambda: _fresh_key("hmacsm3", 32))
LOGGING = configuration(json=False, level=os.environ.get("PORTAL_LOG_LEVEL", "WARNING"))  # a terminal is for people
environment.refuse_faults()
