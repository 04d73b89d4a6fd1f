"""Rotation: everything ends under the keys in use, wherever a run was stopped, and what people read does not change."""

import pytest

from tests.kernel.sealed_model import Letter
from tests.kernel.test_sealed_fields import AES_FIRST, stored
from tongshan_portal.kernel.sealed import matching, open_sealed
from tongshan_portal.kernel.sealed.rotation import outdated, rotate

FIELD = Letter._meta.get_field("phone")
TWO_INDEX_KEYS = (
    "i2:hmacsha256:YW5vdGhlci10ZXN0LW9ubHkta2V5LXRoYXQtaXMtbG9uZy1lbm91Z2g=,i1:hmacsm3:dGVzdC1vbmx5LW5vdC1hLXNlY3JldC1ibGluZC1pbmRleC1rZXk="
)


@pytest.fixture
def seven(letters):
    return [letters.create(phone=f"1380000000{n}", note=str(n)) for n in range(7)]


def phones(letters):
    return [open_sealed(letter.phone) for letter in letters.order_by("pk")]


def test_rotation_rewrites_everything_in_batches(letters, seven, settings):
    before = phones(letters)
    settings.SEAL_KEYS = AES_FIRST
    settings.SEAL_INDEX_KEYS = TWO_INDEX_KEYS
    assert [step.done for step in rotate(batch=3, fields=[FIELD])] == [0, 3, 6, 7]
    assert phones(letters) == before
    assert {stored(letter.pk).split(".")[1] for letter in seven} == {"t1"}
    assert {stored(letter.pk, "phone_index").split("-")[0] for letter in seven} == {"i2"}
    settings.SEAL_KEYS = AES_FIRST.split(",")[0]
    settings.SEAL_INDEX_KEYS = TWO_INDEX_KEYS.split(",")[0]
    assert phones(letters) == before


def test_stopped_run_goes_on_where_it_was(letters, seven, settings):
    settings.SEAL_KEYS = AES_FIRST
    run = rotate(batch=3, fields=[FIELD])
    next(run), next(run)
    run.close()
    assert outdated(FIELD).count() == 4
    assert [(step.done, step.total) for step in rotate(batch=3, fields=[FIELD])][-1] == (4, 4)
    assert not outdated(FIELD).exists()
    assert [step.total for step in rotate(fields=[FIELD])] == [0]


def test_row_saved_from_an_old_reading_is_rewritten_too(letters, seven, settings):
    stale = letters.get(pk=seven[0].pk)
    settings.SEAL_KEYS = AES_FIRST
    run = rotate(batch=4, fields=[FIELD])
    next(run), next(run)
    stale.save()  # carries the old value back behind the run
    list(run)
    assert not outdated(FIELD).exists()


def test_rows_are_found_under_both_index_keys_meanwhile(letters, seven, settings):
    settings.SEAL_INDEX_KEYS = TWO_INDEX_KEYS
    run = rotate(batch=3, fields=[FIELD])
    next(run), next(run)
    found = [letters.get(matching(Letter, "phone", f"1380000000{n}")).note for n in range(7)]
    assert found == [str(n) for n in range(7)]
