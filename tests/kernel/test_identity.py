"""Identity numbers, credit codes, mobile numbers."""

import pytest

from tongshan_portal.kernel.errors import DomainError
from tongshan_portal.kernel.identity import credit_code, identity_number, mobile_number


@pytest.mark.parametrize(
    ("check", "text", "normal"),
    [
        (identity_number, "11010519491231002X", "11010519491231002X"),
        (identity_number, " 110105 19491231 002x", "11010519491231002X"),
        (identity_number, "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        (credit_code, "91110000600037341l", "91110000600037341L"),
        (mobile_number, "+86 138-1234-1234", "13812341234"),
    ],
)
def test_valid_numbers_come_in_one_form(check, text, normal):
    assert check(text) == normal


@pytest.mark.parametrize(
    ("check", "text", "sentence"),
    [
        (identity_number, "1101051949123100", "An identity number has 18 characters; this one has 16."),
        (identity_number, "110105194912310021", "The last character does not fit the identity number: please compare it with the card."),
        (identity_number, "11010519491231A02X", "This is not an identity number: please compare its digits with the card."),
        (credit_code, "123", "A unified social credit code has 18 characters; this one has 3."),
        (
            credit_code,
            "91110000600037342L",
            "The last character does not fit the unified social credit code: please compare it with the licence.",
        ),
        (credit_code, "A1110000600037341L", "This is not a unified social credit code: please compare it with the licence."),
        (mobile_number, "12812341234", "A mobile number has 11 digits and begins with 13 to 19."),
        (mobile_number, "1381234123", "A mobile number has 11 digits and begins with 13 to 19."),
    ],
)
def test_wrong_numbers_are_refused_with_a_sentence_and_the_field(check, text, sentence):
    from django.utils import translation

    with translation.override("en"), pytest.raises(DomainError) as refusal:
        check(text, field="number")
        pytest.fail("was taken")
    with translation.override("en"):
        assert (str(refusal.value), refusal.value.field) == (sentence, "number")
