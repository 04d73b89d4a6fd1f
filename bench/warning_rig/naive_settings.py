"""The portal's settings for the naive way: the same models, django-eventstream beside them."""

from tongshan_portal.settings.local import *  # noqa: F403
from tongshan_portal.settings.local import INSTALLED_APPS, REDIS_URL

INSTALLED_APPS = [*INSTALLED_APPS, "django_eventstream"]
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # the app refuses to start without it; a bare stack otherwise
ROOT_URLCONF = "bench.warning_rig.naive"
EVENTSTREAM_REDIS = (
    {"unix_socket_path": REDIS_URL.removeprefix("unix://").partition("?")[0]}
    if REDIS_URL.startswith("unix://")
    else dict(zip(("host", "port"), REDIS_URL.removeprefix("redis://").partition("/")[0].split(":"), strict=True))
)
