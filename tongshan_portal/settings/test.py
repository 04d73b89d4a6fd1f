"""The suite: the same engines as in production, cheap password hashes, everything else as it is."""

import os
import re

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, REDIS_URL, VAR_DIR

SECRET_KEY = "test-only-not-a-secret"  # noqa: S105
SEAL_KEYS = "t2:sm4gcm:dGVzdC1vbmx5LXNtNC1rZQ==,t1:aes256gcm:dGVzdC1vbmx5LW5vdC1hLXNlY3JldC1hZXMtMjU2LWs="
SEAL_INDEX_KEYS = "i1:hmacsm3:dGVzdC1vbmx5LW5vdC1hLXNlY3JldC1ibGluZC1pbmRleC1rZXk="
LEDGER_STRICT = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": VAR_DIR / "test-private"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATABASES["default"]["CONN_MAX_AGE"] = 0
CELERY_TASK_ALWAYS_EAGER = False
EXCHANGE_LANES = 1  # a test's transaction is seen by its own connection alone; the tests of several lanes ask for them
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # journeys run on http://localhost
MFA_REQUIRED_ROLES = frozenset()  # the cast signs in without one; the tests of the second factor name the roles
WHITENOISE_AUTOREFRESH = True  # static files are found where they are written, none are collected:
WHITENOISE_USE_FINDERS = True  # also for a web process of its own
# Two workers of the suite share one Redis server, each with databases of its own: neither takes the other's wake-ups, and emptying a cache
# empties its whole database.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 8
REDIS_URL = re.sub(r"(db=|/)\d+$", rf"\g<1>{_WORKER}", REDIS_URL)
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CACHES["default"]["LOCATION"] = re.sub(r"(db=|/)\d+$", rf"\g<1>{8 + _WORKER}", REDIS_URL)
