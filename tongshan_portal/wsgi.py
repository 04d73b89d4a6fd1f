"""The pages: Django under WSGI."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongshan_portal.settings.local")
application = get_wsgi_application()
