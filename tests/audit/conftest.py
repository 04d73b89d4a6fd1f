"""The department's name is no secret: a sealed field of the suite alone stands in for the people's."""

import pytest
from django.db import connection

from tests.kernel.sealed_model import Letter
from tongshan_portal.accounts import policy
from tongshan_portal.accounts.enums import Role
from tongshan_portal.audit.public import Revealable, register_revealable
from tongshan_portal.ledger.public import Verb, register_verbs, says

OPEN = policy.Action("letters.open", "open letters", "A town officer opens letters.", frozenset({Role.TOWN_OFFICER, Role.DUTY_OFFICER}))
policy.register([OPEN])
register_verbs([Verb("suite.moved", "suite moved", says("%(who)s moved %(object)s."))])
LETTERS = Revealable(Letter, "phone", "letters.open", lambda scope: Letter.objects.all() if scope.reaches else Letter.objects.none())
register_revealable(LETTERS)


@pytest.fixture(autouse=True)
def counters_of_this_test_alone(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def letter(db):
    with connection.schema_editor() as editor:
        editor.create_model(Letter)
    return Letter.objects.create(phone="13812341234", note="n")
