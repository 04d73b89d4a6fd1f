"""The gallery shows every component there is."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse


@pytest.mark.django_db
def test_every_component_is_shown(client, cast):
    client.force_login(cast["system_admin"])
    shown = {template.name for template in client.get(reverse("gallery")).templates}
    there = {f"components/{path.name}" for path in Path(settings.BASE_DIR, "templates/components").glob("*.html")}
    assert sorted(there - shown) == []
