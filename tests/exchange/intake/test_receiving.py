"""Rows from another system: signed, once, good ones kept and bad ones named."""

import orjson
import pytest
from django.test import override_settings

from tests.exchange.intake.conftest import NOW, PATH
from tongshan_portal.accounts.models import Department
from tongshan_portal.exchange.intake import actions, signing
from tongshan_portal.exchange.intake.enums import Algorithm
from tongshan_portal.exchange.intake.models import UsedNonce
from tongshan_portal.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

ROADS = {"code": "roads", "name": "Roads"}


def names() -> dict[str, str]:
    return dict(Department.objects.filter(is_default=False).values_list("code", "name"))


def refusals() -> list[tuple]:
    return list(LedgerEntry.objects.filter(verb="intake.refused").values_list("object_label", "detail__status"))


@pytest.mark.parametrize("algorithm", Algorithm.values)
def test_a_signed_batch_is_stored_and_answered_row_by_row(system, send, algorithm):
    hotline, key = system(algorithm=algorithm)
    response = send(hotline, key, [ROADS, {"code": "parks", "name": "Parks", "size": 12}])
    assert (response.status_code, response.json()) == (
        202,
        {
            "created_rows": 2,
            "changed_rows": 0,
            "unchanged_rows": 0,
            "rows": [
                {"row": 0, "outcome": "created", "reference": "D-roads"},
                {"row": 1, "outcome": "created", "reference": "D-parks"},
            ],
            "errors": [],
        },
    )
    assert names() == {"roads": "Roads", "parks": "Parks"}
    entry = LedgerEntry.objects.get(verb="intake.received")
    assert (entry.actor_label, entry.object_label, entry.actor_id) == ("outside/hotline", "hotline", None)
    counts = {"created_rows": 2, "changed_rows": 0, "unchanged_rows": 0, "bad_rows": 0}
    assert entry.detail == {"system": "12345", "kind": "departments", "rows": 2, **counts}


def test_sent_again_nothing_changes(system, send):
    hotline, key = system()
    send(hotline, key, [ROADS])
    response = send(hotline, key, [ROADS])
    assert (response.status_code, response.json()["rows"]) == (202, [{"row": 0, "outcome": "unchanged", "reference": "D-roads"}])
    assert names() == {"roads": "Roads"}


def test_good_rows_are_kept_and_bad_ones_named_with_field_and_sentence(system, send):
    hotline, key = system()
    rows = [{"name": "N"}, ROADS, {"code": "x", "name": "far too long for it", "colour": "red"}, [1], {"code": "refused", "name": "R"},
            {"code": "y", "name": {"a": 1}}, {"code": "broken", "name": "B"}, {"code": "parks", "name": "Parks"}]  # fmt: skip
    response = send(hotline, key, rows, headers={"Accept-Language": "en"})
    assert response.status_code == 202
    assert [(one["row"], one["outcome"]) for one in response.json()["rows"]] == [(1, "created"), (7, "created")]
    assert response.json()["errors"] == [
        {"row": 0, "field": "code", "sentence": "code is missing."},
        {"row": 2, "field": "colour", "sentence": "There is no field of this name."},
        {"row": 2, "field": "name", "sentence": "Longer than 10 characters."},
        {"row": 3, "field": "", "sentence": "A row is an object with named fields."},
        {"row": 4, "field": "code", "sentence": "Not from hotline."},
        {"row": 5, "field": "name", "sentence": "Text or a number is expected here."},
        {"row": 6, "field": "code", "sentence": "This one spoils the batch."},
    ]
    assert names() == {"roads": "Roads", "parks": "Parks"}


def test_a_batch_without_a_good_row_is_a_problem_and_in_the_ledger(system, send):
    hotline, key = system()
    response = send(hotline, key, [{"code": "x"}], headers={"Accept-Language": "zh-hans"})
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert [(one["row"], one["field"]) for one in response.json()["errors"]] == [(0, "name")]
    assert LedgerEntry.objects.get(verb="intake.received").detail["bad_rows"] == 1
    assert names() == {}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"headers": {signing.SIGNATURE: "hmac-sha256=" + "0" * 64}},
        {"headers": {signing.SIGNATURE: ""}},
        {"headers": {signing.NONCE: "short"}},
        {"headers": {signing.NONCE: "another-nonce-than-signed"}},
        {"headers": {signing.TIMESTAMP: "soon"}},
        {"headers": {signing.SYSTEM: "nobody"}},
        {"seconds": int(NOW.timestamp()) - 301},
        {"seconds": int(NOW.timestamp()) + 301},
        {"sent": b'{"rows": [{"code": "roads", "name": "Rods"}]}'},
    ],
)
def test_what_is_not_signed_for_this_call_and_time_is_refused(system, send, spoilt):
    hotline, key = system()
    response = send(hotline, key, [ROADS], **spoilt)
    assert (response.status_code, response["Content-Type"]) == (401, "application/problem+json")
    assert (names(), UsedNonce.objects.count(), hotline.nonces.count()) == ({}, 0, 0)


def test_another_systems_key_does_not_open(system, send):
    hotline, key = system()
    police, _its_key = system("police")
    assert send(police, key, [ROADS]).status_code == 401
    assert (names(), refusals()) == ({}, [("police", 401)])


def test_a_weaker_algorithm_than_the_systems_own_is_refused(system, send):
    hotline, key = system(algorithm="hmac-sm3")
    hotline.algorithm = "hmac-sha256"
    assert send(hotline, key, [ROADS]).status_code == 401
    assert names() == {}


def test_the_edges_of_the_window_are_in_it(system, send):
    hotline, key = system()
    answers = [send(hotline, key, [ROADS], seconds=int(NOW.timestamp()) + shift).status_code for shift in (-300, 300)]
    assert answers == [202, 202]


def test_a_call_that_was_taken_is_not_taken_again(system, send):
    hotline, key = system()
    body = orjson.dumps({"rows": [ROADS]})
    signed = signing.signed_headers(
        system="hotline", key=key, algorithm="hmac-sha256", method="POST", path=PATH, body=body, seconds=int(NOW.timestamp())
    )
    first = send(hotline, key, body=body, headers=signed)
    Department.objects.filter(code="roads").delete()
    again = send(hotline, key, body=body, headers=signed)
    assert (first.status_code, again.status_code, names()) == (202, 409, {})
    assert refusals() == [("hotline", 409)]


def test_nonces_are_kept_for_longer_than_a_call_is_good_and_then_forgotten(system, send, time_machine_at):
    hotline, key = system()
    send(hotline, key, [ROADS])
    time_machine_at.shift(600)
    assert (actions.forget_nonces(), UsedNonce.objects.count()) == (0, 1)
    time_machine_at.shift(301)
    assert (actions.forget_nonces(), UsedNonce.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("may", "extra", "status"),
    [
        ({"in_use": False}, {}, 403),
        ({"kinds": []}, {}, 403),
        ({"addresses": ["10.1.0.0/16"]}, {"REMOTE_ADDR": "10.2.0.1"}, 403),
        ({"addresses": ["10.1.0.0/16", "192.0.2.7"]}, {"REMOTE_ADDR": "10.1.9.9"}, 202),
        ({"addresses": ["10.1.0.0/16", "192.0.2.7"]}, {"REMOTE_ADDR": "192.0.2.7"}, 202),
    ],
)
def test_a_system_sends_what_it_may_from_where_it_may(system, send, may, extra, status):
    hotline, key = system(**may)
    assert send(hotline, key, [ROADS], **extra).status_code == status
    assert names() == ({"roads": "Roads"} if status == 202 else {})
    assert refusals() == ([("hotline", 403)] if status == 403 else [])


def test_more_calls_than_allowed_wait_for_the_next_minute(system, send, time_machine_at):
    hotline, key = system(per_minute=2)
    answers = [send(hotline, key, [ROADS]) for _call in range(3)]
    assert [one.status_code for one in answers] == [202, 202, 429]
    assert answers[2]["Retry-After"] == "60"
    time_machine_at.shift(61)
    assert send(hotline, key, [ROADS], seconds=int(NOW.timestamp()) + 61).status_code == 202


def test_refusals_are_written_once_a_minute(system, send, time_machine_at):
    hotline, key = system()
    for _call in range(3):
        send(hotline, "wrong", [ROADS])
    time_machine_at.shift(61)
    send(hotline, "wrong", [ROADS])
    assert refusals() == [("hotline", 401)] * 2


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"rows": 1}', b'{"rows": []}', b"\xff"])
def test_what_cannot_be_read_is_said_so(system, send, body):
    hotline, key = system()
    response = send(hotline, key, body=body)
    assert (response.status_code, response["Content-Type"], names()) == (422, "application/problem+json", {})


@override_settings(EXCHANGE_INTAKE_MAX_ROWS=2, EXCHANGE_INTAKE_MAX_BYTES=1000)
def test_too_many_rows_and_too_many_bytes_are_refused(system, send):
    hotline, key = system()
    rows = send(hotline, key, [ROADS] * 3)
    size = send(hotline, key, [{"code": "roads", "name": "R" * 1000}])
    assert (rows.status_code, size.status_code, names()) == (413, 413, {})


def test_other_addresses_methods_and_types_are_refused(system, send, client):
    hotline, key = system()
    nowhere = send(hotline, key, [ROADS], path="/api/nothing")
    asked = client.get(PATH)
    form = client.post(PATH, {"code": "roads"})
    assert (nowhere.status_code, asked.status_code, asked["Allow"], form.status_code) == (404, 405, "POST", 415)
    assert {one["Content-Type"] for one in (nowhere, asked, form)} == {"application/problem+json"}
    assert names() == {}


def test_a_batch_costs_as_many_queries_whatever_its_rows_are_wrong_about(system, send, django_assert_max_num_queries):
    hotline, key = system()
    with django_assert_max_num_queries(20):
        send(hotline, key, [{"code": "bad code", "name": "N"}] * 500)
