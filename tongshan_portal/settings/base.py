"""What every installation shares. Values that differ between machines come from the environment, see docs/operations.md."""

import json
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from tongshan_portal.kernel import queues

from . import environment
from .signin import *  # noqa: F403
from .wheels import library

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = BASE_DIR / environment.text("PORTAL_VAR")

DEBUG = False
DEMO_MODE = False
PRODUCTION = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "tongshan_portal.ui",  # before the admin and allauth: its templates win
    "tongshan_portal.people.admin_config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "guardian",
    "django_htmx",
    "django_filters",
    "leaflet",
    "tongshan_portal.kernel",
    "tongshan_portal.ledger",
    "tongshan_portal.workflow",
    "grids.areas",
    "tongshan_portal.accounts",
    "tongshan_portal.signin",
    "tongshan_portal.live",
    "tongshan_portal.exchange",
    "tongshan_portal.operations",
    "grids.net",
    "grids.elements",
    "grids.boundaries",
    "grids.reports",
    "antifraud.registrations",
    "antifraud.alerts",
    "tongshan_portal.people",
    "tongshan_portal.audit",
    "tongshan_portal.command",
]

MIDDLEWARE = [
    "tongshan_portal.operations.requests.RequestIdMiddleware",
    "tongshan_portal.operations.metrics.MetricsMiddleware",
    "tongshan_portal.ui.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tongshan_portal.accounts.middleware.ActorMiddleware",
    "tongshan_portal.audit.middleware.DeniedAccessMiddleware",  # innermost: it sees what the views raise
    "tongshan_portal.live.middleware.LivePositionMiddleware",
    "tongshan_portal.signin.middleware.SignInMiddleware",
]

ROOT_URLCONF = "tongshan_portal.urls"
WSGI_APPLICATION = "tongshan_portal.wsgi.application"
ASGI_APPLICATION = "tongshan_portal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongshan_portal.ui.context_processors.shell",
                "tongshan_portal.live.context_processors.live",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)
    or {"ENGINE": "django.db.backends.postgresql", "NAME": "portal"},
}
REDIS_URL = environment.text("REDIS_URL") or "redis://127.0.0.1:6379/0"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "portal"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
GUARDIAN_AUTO_PREFETCH = False
ANONYMOUS_USER_NAME = None
# guardian's backend knows nothing of a grant's last day, so it stays out: accounts.policy.can() is the one way to ask.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
# An exceptional grant lasts at most so many days.
GRANT_MAX_DAYS = environment.number("PORTAL_GRANT_MAX_DAYS")
# People have no e-mail address here: no personal data without need.
ACCOUNT_USER_MODEL_EMAIL_FIELD = None

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# GeoDjango's geometry libraries: the system's where an installation names them, else those that the wheels of pyogrio and shapely carry.
GDAL_LIBRARY_PATH = environment.text("PORTAL_GDAL_LIBRARY") or library("pyogrio", "libgdal")
GEOS_LIBRARY_PATH = environment.text("PORTAL_GEOS_LIBRARY") or library("shapely", "libgeos_c")
FILE_UPLOAD_HANDLERS = [
    "tongshan_portal.exchange.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

FORM_RENDERER = "tongshan_portal.ui.form_rendering.FormRenderer"
CSRF_FAILURE_VIEW = "tongshan_portal.ui.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Other origins that forms may lead to: the sign-in of an identity provider.
CSP_FORM_TARGETS = environment.names("PORTAL_FORM_TARGETS")

# Who may read /metrics without signing in; empty means nobody.
METRICS_TOKEN = environment.text("PORTAL_METRICS_TOKEN")

# The district this installation serves: its code is the root of every scope.
DISTRICT_CODE = environment.text("PORTAL_DISTRICT_CODE")
# A point outside every grid belongs to the nearest one within so many metres, and is marked so.
AREA_REACH_METRES = environment.number("PORTAL_AREA_REACH_METRES")
# The approval number (审图号) that a public map of official boundaries must show; empty while boundaries are synthetic.
MAP_APPROVAL_NUMBER = environment.text("PORTAL_MAP_APPROVAL_NUMBER")
MAP_ATTRIBUTION = environment.text("PORTAL_MAP_ATTRIBUTION")
# Background tiles, where an installation has some; without them the map is drawn from the portal's own vectors alone.
MAP_TILES = environment.text("PORTAL_MAP_TILES")
MAP_TILES_SUBDOMAINS = environment.text("PORTAL_MAP_TILES_SUBDOMAINS")
MAP_TILES_ATTRIBUTION = environment.text("PORTAL_MAP_TILES_ATTRIBUTION")
# Levels of the net whose boundaries are open data.
PUBLISHED_LEVELS = environment.names("PORTAL_PUBLISHED_LEVELS")

# Celery. kombu has its own word for a Unix socket.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = queues.LIVE
CELERY_BEAT_SCHEDULE = {
    **{
        f"sign-of-life-{queue}": {
            "task": queues.SIGN_OF_LIFE,
            "schedule": 10.0,
            "kwargs": {"queue": queue},
            "options": {"queue": queue, "expires": 30},
        }
        for queue in queues.QUEUES
    },
    "live-sweep": {"task": queues.LIVE_SWEEP, "schedule": 3.0, "options": {"queue": queues.LIVE, "expires": 10}},
    "exchange-sweep": {"task": queues.SWEEP_EXCHANGE, "schedule": 20.0, "options": {"queue": queues.BULK, "expires": 60}},
    "reports-sweep": {"task": queues.SWEEP_REPORTS, "schedule": 15.0, "options": {"queue": queues.LIVE, "expires": 30}},
    "messages-wake": {"task": queues.WAKE_MESSAGES, "schedule": 5.0, "options": {"queue": queues.MESSAGES, "expires": 10}},
    "registrations-sweep": {"task": queues.SWEEP_REGISTRATIONS, "schedule": 3600.0, "options": {"queue": queues.BULK, "expires": 3600}},
    "reports-erase-contacts": {"task": queues.ERASE_CONTACTS, "schedule": 3600.0, "options": {"queue": queues.BULK, "expires": 3600}},
    "reports-tallies": {"task": queues.SWEEP_TALLIES, "schedule": 15.0, "options": {"queue": queues.BULK, "expires": 30}},
    "reports-views": {"task": queues.SWEEP_VIEWS, "schedule": 60.0, "options": {"queue": queues.BULK, "expires": 60}},
    "alerts-sweep": {"task": queues.SWEEP_ALERTS, "schedule": 15.0, "options": {"queue": queues.LIVE, "expires": 30}},
    "alerts-tallies": {"task": queues.SWEEP_ALERT_TALLIES, "schedule": 15.0, "options": {"queue": queues.BULK, "expires": 30}},
    "boundaries-sweep": {"task": queues.SWEEP_BOUNDARIES, "schedule": 20.0, "options": {"queue": queues.BULK, "expires": 60}},
    "live-prune": {"task": queues.LIVE_PRUNE, "schedule": 3600.0, "options": {"queue": queues.LIVE}},
    "signin-sweep": {"task": queues.SWEEP_SIGNIN, "schedule": 3600.0, "options": {"queue": queues.BULK, "expires": 3600}},
    "grants-sweep": {"task": queues.SWEEP_GRANTS, "schedule": 3600.0, "options": {"queue": queues.BULK, "expires": 3600}},
    "ledger-checkpoint": {"task": queues.CHECKPOINT_LEDGER, "schedule": crontab(hour=3, minute=30), "options": {"queue": queues.BULK}},
}

# The live path: when the sweep delivers what lost its wake-up, how long a client may have been away, streams per person.
LIVE_GRACE_SECONDS = 3
LIVE_REPLAY_HOURS = 24
LIVE_STREAMS_PER_PERSON = 6

# The gateway of short messages. Without an address: the terminal on one machine, none on a server.
SMS_URL = environment.text("PORTAL_SMS_URL")
SMS_TOKEN = environment.text("PORTAL_SMS_TOKEN")
SMS_SIGN = environment.text("PORTAL_SMS_SIGN")

# Days the ledger keeps its entries before `archive_ledger` may move them out. The law asks for six months (网络安全法 23); the database
# itself refuses to let go of anything younger than 183 days.
LEDGER_KEEP_DAYS = environment.number("PORTAL_LEDGER_KEEP_DAYS")
# Whether recording a verb that no app registered is an error (on developers' machines and in the suite) or a warning in the log.
LEDGER_STRICT = False

# Working days of years that chinesecalendar does not hold yet, or holds differently: a JSON file as docs/workflow.md shows.
CALENDAR_FILE = environment.text("PORTAL_WORKING_CALENDAR")
WORKING_CALENDAR = json.loads(Path(CALENDAR_FILE).read_text("utf-8")) if CALENDAR_FILE else {}
# Hours of service of a working day; a default until the district sets its own.
SERVICE_HOURS = [("09:00", "12:00"), ("13:30", "17:30")]

# Residents without account: whether they read a person's name beside the desk's, how much one address or phone number may send,
# and when the contact they gave is erased. The numbers are the portal's own defaults.
SHOW_OFFICER_NAMES = environment.flag("PORTAL_SHOW_OFFICER_NAMES")
RESIDENT_REPORTS_PER_HOUR = environment.number("PORTAL_RESIDENT_REPORTS_PER_HOUR")
RESIDENT_REPORTS_PER_PHONE = environment.number("PORTAL_RESIDENT_REPORTS_PER_PHONE")
RESIDENT_ADDITIONS_PER_DAY = environment.number("PORTAL_RESIDENT_ADDITIONS_PER_DAY")
RESIDENT_WRONG_PER_HOUR = environment.number("PORTAL_RESIDENT_WRONG_PER_HOUR")
RESIDENT_SECONDS = environment.number("PORTAL_RESIDENT_SECONDS")
RESIDENT_CONTACT_DAYS = environment.number("PORTAL_RESIDENT_CONTACT_DAYS")
