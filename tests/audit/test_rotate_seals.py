"""The command around the rotation (whose own tests are the kernel's)."""

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.sealed_model import Letter
from tests.kernel.test_sealed_fields import AES_FIRST
from tongshan_portal.kernel.sealed import rotation
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(monkeypatch):
    monkeypatch.setattr(rotation, "sealed_fields", lambda: [Letter._meta.get_field("phone")])


def test_command_rewrites_says_so_and_leaves_an_entry(letter, fields, settings, capsys):
    call_command("rotate_seals")
    assert LedgerEntry.objects.count() == 0
    settings.SEAL_KEYS = AES_FIRST
    call_command("rotate_seals")
    assert capsys.readouterr().out.splitlines()[-1] == "1 values rewritten; nothing is left under another key than t1 and i1"
    assert LedgerEntry.objects.values_list("verb", "detail__count").get() == ("seal_keys.rotated", 1)


def test_value_that_does_not_open_is_said_plainly(letter, fields, settings):
    settings.SEAL_KEYS = AES_FIRST.split(",")[0]
    with pytest.raises(CommandError, match="no key to open a value of key id 't2'"):
        call_command("rotate_seals")
