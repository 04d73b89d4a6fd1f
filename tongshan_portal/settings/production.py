"""Servers: every secret from the environment, TLS in front, JSON logs. Nothing here has an unsafe default."""

from django.core.exceptions import ImproperlyConfigured

from tongshan_portal.kernel.sealed.keys import read_index_keys, read_seal_keys
from tongshan_portal.operations.logs import configuration

from . import environment
from .base import *  # noqa: F403

PRODUCTION = True
DEMO_MODE = environment.flag("PORTAL_DEMO")
SECRET_KEY = environment.required("PORTAL_SECRET_KEY")
SEAL_KEYS = environment.required("PORTAL_SEAL_KEYS")
SEAL_INDEX_KEYS = environment.required("PORTAL_SEAL_INDEX_KEYS")
environment.required("PORTAL_HOSTS")
ALLOWED_HOSTS = environment.names("PORTAL_HOSTS")
environment.required("DATABASE_URL")
environment.required("REDIS_URL")

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

LOGGING = configuration(json=True, level=environment.text("PORTAL_LOG_LEVEL"))

if DEMO_MODE:
    environment.FAULTS.append("PORTAL_DEMO is 1: demo people have known passwords, so anybody could sign in as anybody.")
if len(SECRET_KEY) < 50 and SECRET_KEY:
    environment.FAULTS.append("PORTAL_SECRET_KEY has less than 50 characters.")
for text, read in ((SEAL_KEYS, read_seal_keys), (SEAL_INDEX_KEYS, read_index_keys)):
    try:
        if text:
            read(text)
    except ImproperlyConfigured as fault:
        environment.FAULTS.append(f"PORTAL_{fault}.")
environment.refuse_faults()
