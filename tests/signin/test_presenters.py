"""Every entry that sign-in writes can be read."""

import pytest
from django.utils import translation

from tongshan_portal.ledger.models import LedgerEntry
from tongshan_portal.ledger.public import present


@pytest.mark.django_db
def test_what_happened_reads_as_a_sentence(person, device, sign_in):
    person("wang", name="王芳")
    sign_in(device(), "wang", "a-wrong-guess-1")
    sign_in(device(), "no-such-name", "a-wrong-guess-1")
    sign_in(device(), "wang")
    with translation.override("en"):
        told = [present(entry) for entry in LedgerEntry.objects.order_by("pk")]
    assert told == ["王芳 was not let in: wrong password.", "Somebody was not let in: unknown name.", "王芳 signed in."]
