"""Django as bare as it comes over the portal's tables: no context processors, one address, and (see `bare`) no middleware."""

from tongshan_portal.settings.local import *  # noqa: F403

ROOT_URLCONF = "bench.page_rig.bare"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
LANGUAGE_CODE = "zh-hans"
