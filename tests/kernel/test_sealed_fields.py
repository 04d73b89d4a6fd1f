"""Sealed fields: what the column holds, what a row shows, and what finds it."""

import copy
import json
import logging
import pickle

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.forms import modelform_factory

from tests.kernel.sealed_model import Letter
from tongshan_portal.kernel.sealed import SealBroken, Sealed, matching, open_sealed, open_secret, seal_secret

PHONE = "13812341234"
AES_FIRST = "t1:aes256gcm:dGVzdC1vbmx5LW5vdC1hLXNlY3JldC1hZXMtMjU2LWs=,t2:sm4gcm:dGVzdC1vbmx5LXNtNC1rZQ=="


def stored(pk: int, column: str = "phone"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM suite_letter WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("keys", [None, AES_FIRST], ids=["sm4", "aes"])
def test_column_holds_no_text_and_the_text_comes_back(letters, settings, keys):
    settings.SEAL_KEYS = keys or settings.SEAL_KEYS
    letter = letters.create(phone=PHONE, body="看见两个人")
    text = stored(letter.pk)
    assert text.split(".")[:2] == ["s1", "t1" if keys else "t2"]
    assert PHONE not in text
    again = letters.get(pk=letter.pk)
    assert (open_sealed(again.phone), open_sealed(again.body)) == (PHONE, "看见两个人")


def test_same_text_is_sealed_differently_each_time(letters):
    first, second = letters.create(phone=PHONE), letters.create(phone=PHONE)
    assert stored(first.pk) != stored(second.pk)
    assert stored(first.pk, "phone_index") == stored(second.pk, "phone_index")


def test_a_row_never_shows_the_text(letters, caplog):
    letter = letters.create(phone=PHONE, body="secret words")
    for value in (letter.phone, letters.get(pk=letter.pk).phone):
        assert (str(value), f"{value}", value.masked) == ("138****1234", "138****1234", "138****1234")
        assert repr(value) == "<Sealed suite.letter.phone>"
        logging.getLogger("suite").warning("%s %r %s", value, [value], vars(letter))
        with pytest.raises(TypeError):
            json.dumps({"phone": value})
        with pytest.raises(TypeError):
            pickle.dumps(value)
        assert not hasattr(value, "__dict__")
        assert copy.deepcopy(value) is value
    assert PHONE not in caplog.text
    assert "secret words" not in caplog.text
    assert letter.body.masked == "****"


def test_plain_text_assigned_is_wrapped_before_any_save():
    letter = Letter(phone=PHONE)
    assert isinstance(letter.phone, Sealed)
    letter.phone = "13900000000"
    assert letter.phone.masked == "139****0000"
    letter.phone = ""
    assert letter.phone is None


def test_value_moved_to_another_column_or_changed_does_not_open(letters, caplog):
    letter = letters.create(phone=PHONE, body="x")
    text = stored(letter.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE suite_letter SET body = phone, phone = %s WHERE id = %s", [text[:-40] + "AAAA" + text[-36:], letter.pk])
    again = letters.get(pk=letter.pk)
    for value in (again.body, again.phone):
        with pytest.raises(SealBroken):
            open_sealed(value)
        assert value.masked == "****"


def test_index_of_one_row_cannot_be_put_on_the_text_of_another(letters):
    letter, other = letters.create(phone=PHONE), letters.create(phone="13900000000")
    swapped = stored(letter.pk).rpartition(".")[0] + "." + stored(other.pk).rpartition(".")[2]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE suite_letter SET phone = %s WHERE id = %s", [swapped, letter.pk])
    with pytest.raises(SealBroken):
        open_sealed(letters.get(pk=letter.pk).phone)


def test_value_without_its_key_says_which_key_is_missing(letters, settings):
    letter = letters.create(phone=PHONE)
    settings.SEAL_KEYS = "t1:aes256gcm:dGVzdC1vbmx5LW5vdC1hLXNlY3JldC1hZXMtMjU2LWs="
    with pytest.raises(SealBroken, match="key id 't2'"):
        open_sealed(letters.get(pk=letter.pk).phone)


@pytest.mark.parametrize("text", [PHONE, "138 1234 1234", "+86 138-1234-1234", "１３８１２３４１２３４", "008613812341234"])
def test_rows_are_found_by_any_writing_of_the_text(letters, text):
    letter = letters.create(phone=PHONE)
    letters.create(phone="13912341234")
    assert list(letters.filter(matching(Letter, "phone", text))) == [letter]


def test_index_follows_every_way_of_writing(letters):
    letter = letters.create(phone=PHONE)
    letter.phone = "13900000000"
    letter.save(update_fields=["phone"])
    assert letters.filter(matching(Letter, "phone", "13900000000")).count() == 1
    letters.filter(pk=letter.pk).update(phone="13911111111")
    assert letters.filter(matching(Letter, "phone", "13911111111")).count() == 1
    letter.refresh_from_db()
    letter.phone = "13922222222"
    letters.bulk_update([letter], ["phone"])
    assert letters.filter(matching(Letter, "phone", "13922222222")).count() == 1
    letters.bulk_create([Letter(phone="13933333333")])
    assert letters.filter(matching(Letter, "phone", "13933333333")).count() == 1
    letters.filter(pk=letter.pk).update(phone=None)
    assert letters.filter(phone_index=None).count() == 1


def test_saving_an_untouched_row_keeps_its_sealed_form(letters):
    letter = letters.create(phone=PHONE)
    before = stored(letter.pk)
    again = letters.get(pk=letter.pk)
    again.note = "x"
    again.save()
    assert stored(letter.pk) == before


def test_lookups_that_could_only_mislead_are_refused(letters):
    for lookup in ("phone", "phone__contains", "phone__in", "phone__lower"):
        with pytest.raises(FieldError):
            letters.filter(**{lookup: PHONE})
    assert letters.filter(phone__isnull=True).count() == 0
    with pytest.raises(TypeError):
        matching(Letter, "body", "x")


def test_form_neither_shows_the_text_nor_erases_it_when_left_empty(letters):
    letter = letters.create(phone=PHONE)
    form_class = modelform_factory(Letter, fields=["phone", "note"])
    page = form_class(instance=letters.get(pk=letter.pk)).as_p()
    assert PHONE not in page
    assert "138****1234" in page
    form = form_class({"phone": "", "note": "n"}, instance=letters.get(pk=letter.pk))
    assert form.changed_data == ["note"]
    form.save()
    assert open_sealed(letters.get(pk=letter.pk).phone) == PHONE
    form_class({"phone": "13900000000", "note": ""}, instance=letters.get(pk=letter.pk)).save()
    assert open_sealed(letters.get(pk=letter.pk).phone) == "13900000000"


def test_same_as_compares_the_texts():
    assert Letter(phone=PHONE).phone.same_as(Letter(phone="138 1234 1234").phone)
    assert not Letter(phone=PHONE).phone.same_as("13900000000")


def test_secret_opens_only_where_it_belongs():
    sealed = seal_secret("JBSWY3DP", "mfa.totp")
    assert open_secret(sealed, "mfa.totp") == "JBSWY3DP"
    with pytest.raises(SealBroken):
        open_secret(sealed, "oidc.token")


def test_field_definition_survives_a_migration():
    for name in ("phone", "phone_index", "body"):
        field = Letter._meta.get_field(name)
        _name, path, args, kwargs = field.deconstruct()
        assert path.rpartition(".")[2] in {"SealedTextField", "BlindIndexField"}
        assert type(field)(*args, **kwargs).deconstruct()[1:] == (path, args, kwargs)
