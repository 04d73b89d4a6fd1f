"""Servers: every secret from the environment, TLS in front, JSON logs. Nothing here has an unsafe default."""

import os

from django.core.exceptions import ImproperlyConfigured

from tongshan_portal.operations.logs import configuration

from .base import *  # noqa: F403


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name} (docs/operations.md says to what).")
    return value


PRODUCTION = True
DEMO_MODE = os.environ.get("PORTAL_DEMO", "") == "1"  # refused by a system check: demo people have known passwords
SECRET_KEY = _required("PORTAL_SECRET_KEY")
SEAL_KEYS = _required("PORTAL_SEAL_KEYS")
ALLOWED_HOSTS = _required("PORTAL_HOSTS").split(",")
_required("DATABASE_URL")
_required("REDIS_URL")

CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not host.startswith(".")]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

LOGGING = configuration(json=True, level=os.environ.get("PORTAL_LOG_LEVEL", "INFO"))
