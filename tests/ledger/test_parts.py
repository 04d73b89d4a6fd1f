"""Parts of the portal: known, shown in words, and never to be taken for a person."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import override

from tongshan_portal.accounts.actor import system_actor
from tongshan_portal.ledger import parts
from tongshan_portal.ledger.models import LedgerEntry


@pytest.mark.parametrize(
    ("label", "language", "expected"),
    [
        ("portal/demo", "zh-hans", "门户·演示数据"),
        ("portal/demo", "en", "portal: demo data"),
        ("portal/gone", "zh-hans", "gone"),
        ("demo", "zh-hans", "demo"),
        ("", "zh-hans", ""),
    ],
)
def test_part_is_shown_in_words_and_a_person_by_name(label, language, expected):
    with override(language):
        assert LedgerEntry(actor_label=label).who == expected


def test_part_that_no_app_registered_cannot_act():
    with pytest.raises(KeyError, match="no part of the portal is called 'nobody'"):
        system_actor("nobody")


def test_two_parts_are_not_called_alike():
    with pytest.raises(ValueError, match="two parts"):
        parts.register_parts({"demo": "something else"})


def test_nobody_can_be_called_like_a_part():
    with pytest.raises(ValidationError) as refused:
        get_user_model()(username=parts.PREFIX + "demo", name="x").clean_fields(exclude=["password"])
    assert list(refused.value.error_dict) == ["username"]
