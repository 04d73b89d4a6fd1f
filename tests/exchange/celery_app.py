"""A Celery application with the sample importer, for the tests that kill a real worker."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.test")
django.setup()

from django.core.files.storage import storages  # noqa: E402

from tests.exchange import sample  # noqa: E402
from tongshan_portal.celery import app  # noqa: E402

storages["private"].location = os.environ["TEST_PRIVATE"]
sample.install()
__all__ = ["app"]
