"""The bare view: the same rows from the same query, in a table without a layout, for whoever asks. Served as the portal serves pages."""

import os
from functools import lru_cache

import django

if os.environ.get("DJANGO_SETTINGS_MODULE") == "bench.page_rig.settings":
    django.setup()

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.template import engines
from django.urls import path

from tongshan_portal.accounts.enums import Role
from tongshan_portal.accounts.models import User
from tongshan_portal.accounts.scope import Scope, scope_of
from tongshan_portal.asgi import THREADS
from tongshan_portal.kernel import clock
from tongshan_portal.people import queries

ROWS = 50
TABLE = engines["django"].from_string(
    "<!doctype html><table>{% for row in rows %}"
    "<tr><th>{{ row.user.name }}</th><td>{{ row.role_label }}</td><td>{{ row.area_code }}</td><td>{{ row.department.name }}</td>"
    '<td>{{ row.starts_on|date:"Y-m-d" }}</td><td>{{ row.ends_on|date:"Y-m-d" }}</td></tr>'
    "{% endfor %}</table>"
)
settings.MIDDLEWARE = []  # only now: an app refuses to load without its own


@lru_cache
def scope(user_id: int) -> Scope:
    """What the person may see, found once: the bare view is only to ask and to show."""
    return scope_of(User.objects.get(pk=user_id), clock.today())


def rows(request) -> HttpResponse:
    """Fifty postings of the town of the person whose number is in the address."""
    found = queries.postings_for(scope(int(request.GET["person"]))).order_by("-id")[:ROWS]
    labels = {value: str(label) for value, label in Role.choices}  # get_role_display() would cost more than all the rest
    for row in found:
        row.role_label = labels[row.role]
    return HttpResponse(TABLE.render({"rows": found}))


urlpatterns = [path("rows", rows)]
application = WSGIMiddleware(WSGIHandler(), workers=THREADS)  # type: ignore[arg-type]
